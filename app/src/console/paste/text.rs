//! What is typed when a text is pasted: without what would act on the guest unseen, and in the pieces that are sent.
use super::pace::{Pace, Unit};

/// The most that is typed at once, in bytes: a serial line takes minutes for it.
pub const MOST: usize = 256 << 10;
/// Longer lines, and whole texts, go in pieces of so many characters: consoles have small buffers.
const PIECE: usize = 256;
/// A single line up to this length is pasted without asking.
#[cfg(any(feature = "hydrate", test))]
const SHORT: usize = 400;

const BRACKET: (&str, &str) = ("\x1b[200~", "\x1b[201~");

/// A text as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// With Enter at the end of each line.
    pub text: String,
    /// Control characters and marks of writing direction that were left out: they would do things that nobody sees.
    pub left_out: usize,
}

impl Typed {
    /// From what was on the clipboard.
    pub fn new(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\r").replace('\n', "\r");
        let text: String = raw.chars().filter(|c| is_shown(*c)).collect();
        Self {
            left_out: raw.chars().count() - text.chars().count(),
            text,
        }
    }

    /// How many lines, a begun one included.
    pub fn lines(&self) -> usize {
        self.text.split_terminator('\r').count()
    }

    /// In the pieces that are sent one after the other at `pace`; bracketed for guests that asked for it.
    pub fn pieces(&self, pace: Pace, is_bracketed: bool) -> Vec<String> {
        let mut pieces = match pace.unit {
            Unit::Piece => cut(&self.text, PIECE),
            Unit::Line => self
                .text
                .split_inclusive('\r')
                .flat_map(|line| cut(line, PIECE))
                .collect(),
            Unit::Key => cut(&self.text, 1),
        };
        if is_bracketed && let Some(first) = pieces.first_mut() {
            first.insert_str(0, BRACKET.0);
        }
        if is_bracketed && let Some(last) = pieces.last_mut() {
            last.push_str(BRACKET.1);
        }
        pieces
    }
}

/// What ends a bracketed paste that is stopped half-way.
pub const STOP: &str = BRACKET.1;

/// Whether a text is shown before it is typed: where it is more than one short line.
#[cfg(any(feature = "hydrate", test))]
pub fn is_to_be_shown(raw: &str) -> bool {
    raw.len() > SHORT || raw.chars().any(|c| !is_shown(c) || matches!(c, '\t' | '\r'))
}

fn is_shown(c: char) -> bool {
    // Marks that turn the direction of writing make a command look like another.
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    matches!(c, '\t' | '\r') || !(c.is_control() || turns)
}

fn cut(text: &str, most: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for (n, c) in text.chars().enumerate() {
        if n > 0 && n.is_multiple_of(most) {
            pieces.push(std::mem::take(&mut piece));
        }
        piece.push(c);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: Pace = Pace {
        unit: Unit::Line,
        pause_ms: 100,
    };
    const AT_ONCE: Pace = Pace {
        unit: Unit::Piece,
        pause_ms: 20,
    };

    #[test]
    fn lines_end_with_enter_whatever_system_they_come_from() {
        let typed = Typed::new("one\r\ntwo\nthree\rfour");
        assert_eq!(typed.text, "one\rtwo\rthree\rfour");
        assert_eq!(typed.lines(), 4);
        assert_eq!(Typed::new("one\n").lines(), 1);
    }

    #[test]
    fn what_would_act_unseen_is_left_out_and_counted() {
        let typed = Typed::new("echo \x1b[201~a\u{202e}b\u{7}\tc");
        assert_eq!(typed.text, "echo [201~ab\tc");
        assert_eq!(typed.left_out, 3);
    }

    #[test]
    fn a_bracketed_paste_is_in_one_pair_of_brackets_however_it_is_cut() {
        let typed = Typed::new("a\nb");
        assert_eq!(typed.pieces(LINES, false), ["a\r", "b"]);
        assert_eq!(typed.pieces(LINES, true), ["\x1b[200~a\r", "b\x1b[201~"]);
        assert_eq!(typed.pieces(AT_ONCE, true), ["\x1b[200~a\rb\x1b[201~"]);
        assert!(Typed::new("").pieces(LINES, true).is_empty());
    }

    #[test]
    fn nothing_is_lost_in_the_pieces() {
        let text = "ü".repeat(1000) + "\r" + &"x".repeat(300);
        let typed = Typed::new(&text);
        for pace in [LINES, AT_ONCE] {
            let pieces = typed.pieces(pace, false);
            assert!(pieces.iter().all(|piece| piece.chars().count() <= PIECE));
            assert_eq!(pieces.concat(), text);
        }
    }

    #[test]
    fn one_short_line_is_pasted_without_asking_and_anything_else_is_shown() {
        assert!(!is_to_be_shown("systemctl status nginx"));
        for raw in [
            "reboot\n",
            "reboot\r",
            "a\nb",
            "a\x1b[A",
            "a\tb",
            &"x".repeat(401),
        ] {
            assert!(is_to_be_shown(raw), "{raw:?}");
        }
    }
}
