//! What a guest printed, as text: lines without escape sequences, each with the offset of its first byte. Pure; time and memory
//! are in proportion to what is given, and a line that never ends is cut.
use vte::{Params, Parser, Perform};

/// A line under way since one multiple of so many bytes is cut at the next: at the same places of a tape, wherever reading began.
/// So no line has more than twice as many.
pub const CUT: u64 = 4096;
/// Bytes of a sequence after which it is none: one that is begun and never ended hides nothing for long.
const SEQUENCE: usize = 4096;

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Offset of its first byte.
    pub offset: u64,
    /// Without its end, and without anything that would do something to a terminal.
    pub text: String,
}

/// Takes bytes and gives lines.
pub struct Lines {
    parser: Parser,
    line: Filling,
    offset: u64,
}

impl Lines {
    /// From `offset` on.
    pub fn from(offset: u64) -> Self {
        Self {
            parser: Parser::new(),
            line: Filling::at(offset),
            offset,
        }
    }

    /// Takes bytes that stand at `offset`: where that is not the end of what came before, a line ends there.
    pub fn push(&mut self, offset: u64, bytes: &[u8], lines: &mut Vec<Line>) {
        if offset != self.offset {
            self.end(lines);
            *self = Self::from(offset);
        }
        for byte in bytes {
            self.line.place = self.offset;
            self.line.cut();
            // One at a time: the parser would look for the next sequence anew after each byte that is no UTF-8.
            self.parser.advance(&mut self.line, std::slice::from_ref(byte));
            self.end_sequence(*byte);
            self.offset += 1;
            lines.append(&mut self.line.done);
        }
    }

    /// The line that has no end yet.
    pub fn end(&mut self, lines: &mut Vec<Line>) {
        if !self.line.text.is_empty() {
            self.line.place = self.offset;
            self.line.finish();
        }
        lines.append(&mut self.line.done);
    }

    /// A sequence that goes beyond its line, or on and on, is none: what comes next is text.
    fn end_sequence(&mut self, byte: u8) {
        self.line.hidden += 1;
        let is_over = match byte {
            b'\n' => self.line.hidden > 1,
            _ => self.line.hidden > SEQUENCE,
        };
        if is_over {
            self.parser = Parser::new();
            self.line.hidden = 1;
            if byte == b'\n' {
                self.line.execute(byte);
            }
        }
    }
}

/// The line under way.
struct Filling {
    text: String,
    /// Where its first character stands; none before that.
    began: Option<u64>,
    /// Where what came before it ended.
    after: u64,
    /// A carriage return came: what comes next begins a line, unless it is the line's end.
    returned: bool,
    /// Offset of the byte that is being read.
    place: u64,
    /// Bytes since the parser last made something of them.
    hidden: usize,
    done: Vec<Line>,
}

impl Filling {
    fn at(offset: u64) -> Self {
        Self {
            text: String::new(),
            began: None,
            after: offset,
            returned: false,
            place: offset,
            hidden: 0,
            done: Vec::new(),
        }
    }

    /// Ends the line where it is to be cut.
    fn cut(&mut self) {
        if self.place.is_multiple_of(CUT) && self.after.saturating_add(CUT) <= self.place {
            if self.text.is_empty() {
                self.after = self.place;
            } else {
                self.finish();
            }
        }
    }

    /// Ends the line; what comes next stands at `place`, or after it.
    fn finish(&mut self) {
        let offset = self.began.take().unwrap_or(self.place);
        self.after = self.place;
        self.returned = false;
        self.done.push(Line {
            offset,
            text: std::mem::take(&mut self.text),
        });
    }

    fn put(&mut self, character: char) {
        if self.returned && !self.text.is_empty() {
            self.finish();
        }
        self.returned = false;
        // The bytes of a character that has several are counted from its last one: a line begins there at the latest.
        self.began.get_or_insert(self.place);
        self.text.push(character);
    }
}

impl Perform for Filling {
    fn print(&mut self, character: char) {
        self.hidden = 0;
        if !changes_order(character) && !character.is_control() {
            self.put(character);
        }
    }

    fn execute(&mut self, byte: u8) {
        self.hidden = 0;
        match byte {
            b'\n' => self.finish(),
            b'\r' => self.returned = true,
            b'\t' => self.put('\t'),
            // A backspace.
            8 if !self.returned => drop(self.text.pop()),
            _ => {}
        }
    }

    fn unhook(&mut self) {
        self.hidden = 0;
    }

    fn osc_dispatch(&mut self, _params: &[&[u8]], _bell: bool) {
        self.hidden = 0;
    }

    fn csi_dispatch(&mut self, _params: &Params, _intermediates: &[u8], _ignore: bool, _action: char) {
        self.hidden = 0;
    }

    fn esc_dispatch(&mut self, _intermediates: &[u8], _ignore: bool, _byte: u8) {
        self.hidden = 0;
    }
}

/// Characters that would show the text, and what stands around it, in another order than it was printed. Terminals ignore them.
fn changes_order(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(bytes: &[u8]) -> Vec<(u64, String)> {
        let (mut lines, mut all) = (Lines::from(0), Vec::new());
        lines.push(0, bytes, &mut all);
        lines.end(&mut all);
        all.into_iter().map(|line| (line.offset, line.text)).collect()
    }

    #[test]
    fn escape_sequences_are_left_out_and_lines_know_where_they_began() {
        let text =
            b"\x1b[1;32m[  OK  ]\x1b[0m Started sshd.\r\nlogin: ro\x08oot\r\n\x1b]52;c;c2VjcmV0\x07end";
        let wanted = [(7, "[  OK  ] Started sshd."), (35, "login: root"), (64, "end")];
        let got = lines(text);
        assert_eq!(
            got.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
            wanted.iter().map(|(_, text)| *text).collect::<Vec<_>>()
        );
        assert_eq!(got[0].0, 7);
        assert_eq!(text[usize::try_from(got[1].0).unwrap()], b'l');
    }

    #[test]
    fn what_is_written_over_a_line_is_a_line_of_its_own() {
        let texts: Vec<_> = lines(b"10%\r20%\r100%\r\ndone")
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        assert_eq!(texts, ["10%", "20%", "100%", "done"]);
    }

    #[test]
    fn a_sequence_that_is_never_ended_hides_no_more_than_its_line() {
        for begun in [
            "\x1b]0;title",
            "\x1bP1$q",
            "\x1b_app",
            "\x1b^x",
            "\x1bXx",
            "\x1b[1;",
            "\x1b",
        ] {
            let text = format!("before{begun} hidden?\r\nafter\r\n");
            let got = lines(text.as_bytes());
            assert_eq!(
                got.last().map(|(_, text)| text.as_str()),
                Some("after"),
                "{begun:?}"
            );
            let endless = format!("{begun}{}end", "9".repeat(2 * SEQUENCE));
            let all: String = lines(endless.as_bytes())
                .into_iter()
                .map(|(_, text)| text)
                .collect();
            assert!(all.ends_with("end"), "{begun:?}");
        }
    }

    #[test]
    fn nothing_that_does_something_to_a_terminal_or_to_the_order_of_text_is_left() {
        let text = "a\u{202e}b\u{2066}c\u{85}d\u{9b}31me\x7ff\x05\x0e\x1bcg".as_bytes();
        assert_eq!(lines(text), [(0, "abcd31mefg".to_owned())]);
    }

    #[test]
    fn a_gigabyte_without_a_newline_is_cut_and_takes_the_memory_of_a_line() {
        // Less of it here: what is kept between two pieces is what counts.
        let (mut lines, mut place, mut longest) = (Lines::from(0), 0, 0);
        for piece in [
            &b"x"[..],
            "\u{1F600}".as_bytes(),
            b"\x1b]0;",
            b"\x1b[1m",
            b"\xff",
            b"\x08a",
        ] {
            let piece = piece.repeat(2000);
            for _ in 0..30 {
                let mut cut = Vec::new();
                lines.push(place, &piece, &mut cut);
                place += piece.len() as u64;
                longest = cut
                    .iter()
                    .map(|line| line.text.len())
                    .max()
                    .unwrap_or(0)
                    .max(longest);
                assert!(
                    lines.line.text.capacity() <= 64 << 10,
                    "{}",
                    lines.line.text.capacity()
                );
                assert!(lines.line.done.capacity() <= 16);
            }
        }
        assert!((4096..=8 * 4096).contains(&longest), "{longest}");
    }

    proptest! {
        #[test]
        fn lines_are_cut_at_the_same_places_wherever_reading_began(
            bytes in proptest::collection::vec(prop_oneof![
                20 => Just(b"0123456789".to_vec()), 5 => Just("\u{20ac}".as_bytes().to_vec()),
                2 => Just(b"\x1b[1m".to_vec()), 1 => Just(b"\x1b]0;".to_vec()), 1 => Just(b"\r\n".to_vec()),
                1 => Just(vec![0xff]),
            ], 2000..9000),
        ) {
            let bytes = bytes.concat();
            let whole = lines(&bytes);
            let from = CUT;
            let (mut later, mut part) = (Lines::from(from), Vec::new());
            if let Some(rest) = bytes.get(usize::try_from(from).unwrap()..) {
                later.push(from, rest, &mut part);
                later.end(&mut part);
            }
            let same = from + 2 * CUT;
            let part: Vec<_> = part.into_iter().map(|line| (line.offset, line.text)).filter(|(offset, _)| *offset >= same).collect();
            let whole: Vec<_> = whole.into_iter().filter(|(offset, _)| *offset >= same).collect();
            prop_assert_eq!(part, whole);
        }

        #[test]
        fn lines_are_bounded_in_order_and_the_same_however_the_bytes_come(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(27u8), Just(b'['), Just(b'\r'), Just(b'\n')], 0..600),
            cut in 0usize..600,
        ) {
            let whole = lines(&bytes);
            let (mut parts, mut all) = (Lines::from(0), Vec::new());
            let cut = cut.min(bytes.len());
            parts.push(0, &bytes[..cut], &mut all);
            parts.push(cut as u64, &bytes[cut..], &mut all);
            parts.end(&mut all);
            prop_assert!(whole.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            prop_assert!(whole.iter().all(|(offset, text)| *offset <= bytes.len() as u64 && text.len() <= 8 * 4096));
            prop_assert_eq!(all.into_iter().map(|line| (line.offset, line.text)).collect::<Vec<_>>(), whole);
        }
    }
}
