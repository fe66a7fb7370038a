//! Reads what one console prints.
use crate::{
    line::{ESCAPE, Line, OTHER},
    pattern::Seen,
    rules::{Family, beginning_with},
};
use memchr::{memchr, memchr2};
use vte::Parser;
use wxa_model::console::{GuestEvent, GuestPhase};

/// Bytes that are handed to the parser at a time. After each byte that is no UTF-8 it looks for the next escape anew, in all it
/// was given: of a 64 KiB piece of such bytes that is a second, of small pieces nothing.
const PIECE: usize = 256;
/// What ends a control string, beside the bell and an escape.
const STRING_END: u8 = 0x9c;
/// Bytes after which a line ends wherever it is: what an endless control string would collect is bounded.
const RAW: usize = 4096;
/// A line with less says nothing.
const LEAST: usize = 3;
/// What goes wrong is told by many lines: within so many bytes it is still the same.
const SAME: u64 = 8192;

/// Something understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Offset of the first byte of the line that told it.
    pub offset: u64,
    /// What.
    pub what: GuestEvent,
}

/// Understands one console. Its offsets are the console's.
pub struct Reader {
    parser: Parser,
    /// The parser is in the middle of something, which must not go on in the next line.
    used: bool,
    line: Line,
    /// Offset of the line's first byte.
    begin: u64,
    /// Offset of the next byte.
    end: u64,
    phase: Option<GuestPhase>,
    kernel: Family,
    /// Where each kind of trouble was last told of.
    troubles: Vec<Told>,
}

/// What there is of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum So {
    /// All of it.
    Complete,
    /// It may go on, or wait for somebody who types.
    Far,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("end", &self.end)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// A reader whose next byte is at `offset`, of a guest that was in `phase`.
    pub fn new(offset: u64, phase: Option<GuestPhase>) -> Self {
        Self {
            parser: Parser::new(),
            used: false,
            line: Line::default(),
            begin: offset,
            end: offset,
            phase,
            kernel: Family::default(),
            troubles: Vec::new(),
        }
    }

    /// How far the guest has come; none when nothing has told it yet.
    pub fn phase(&self) -> Option<GuestPhase> {
        self.phase
    }

    /// The offset of the byte it expects next.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// How far the guest has come is not known any more: it begins anew.
    pub fn forget(&mut self) {
        self.phase = None;
        self.kernel = Family::default();
        self.troubles.clear();
    }

    /// How far the guest has come is known otherwise.
    pub fn set_phase(&mut self, phase: GuestPhase) {
        self.phase = Some(phase);
    }

    /// Bytes were lost: the next one is at `offset`. What was known stays.
    pub fn skip_to(&mut self, offset: u64) {
        self.end = offset;
        self.next_line();
    }

    /// Reads the next bytes, and returns what they tell, in order.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Told> {
        let mut told = Vec::new();
        let mut rest = bytes;
        while let Some(at) = memchr2(b'\n', b'\r', rest) {
            let (line, after) = rest.split_at(at);
            self.add(line, &mut told);
            // Whatever control string was begun, it ends here: nothing hides the lines after it.
            self.end += 1;
            self.finish_line(&mut told);
            rest = after.get(1..).unwrap_or_default();
        }
        self.add(rest, &mut told);
        self.judge(So::Far, &mut told);
        told
    }

    /// Adds bytes without line ends. The parser sees escape sequences only, and what follows one that has no end yet.
    fn add(&mut self, bytes: &[u8], told: &mut Vec<Told>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let read = if self.used {
                let piece = up_to_next_escape(rest.get(..PIECE).unwrap_or(rest));
                let mut seen = [0; PIECE];
                let seen = for_parser(piece, &mut seen);
                let read = self.parser.advance_until_terminated(&mut self.line, seen);
                self.used = !self.line.take_ended();
                read.clamp(1, piece.len())
            } else {
                let piece = rest.get(..RAW).unwrap_or(rest);
                let read = self.line.add_plain(piece);
                self.used = read < piece.len();
                read
            };
            self.end += read as u64;
            rest = rest.get(read..).unwrap_or_default();
            if self.line.moved() {
                self.judge(So::Complete, told);
                self.line.clear();
                self.begin = self.end;
            }
            if self.end - self.begin > RAW as u64 {
                self.finish_line(told);
            }
        }
    }

    fn finish_line(&mut self, told: &mut Vec<Told>) {
        self.judge(So::Complete, told);
        self.next_line();
    }

    fn next_line(&mut self) {
        if std::mem::take(&mut self.used) {
            self.parser = Parser::new();
        }
        self.line.clear();
        self.begin = self.end;
    }

    /// Compares the line with the rules.
    fn judge(&mut self, so: So, told: &mut Vec<Told>) {
        if self.line.text().len() < LEAST {
            return;
        }
        let line = std::mem::take(&mut self.line);
        for seen in Seen::all(line.text()) {
            if seen.is_of_linux() {
                self.kernel = Family::Linux;
            }
            let rule = beginning_with(seen.first()).find(|rule| {
                (so == So::Complete || rule.pattern.waits())
                    && rule.applies(self.phase, self.kernel)
                    && rule.pattern.fits(seen)
            });
            if let Some(rule) = rule {
                self.kernel = rule.family().unwrap_or(self.kernel);
                self.tell(rule.tells, told);
            }
        }
        self.line = line;
    }

    fn tell(&mut self, what: GuestEvent, told: &mut Vec<Told>) {
        let new = Told {
            offset: self.begin,
            what,
        };
        let is_new = match what {
            GuestEvent::Phase(phase) => self.phase.replace(phase) != Some(phase),
            _ => self.is_another(new),
        };
        if is_new {
            told.push(new);
        }
    }

    /// Whether it is not the same as was told a moment ago.
    fn is_another(&mut self, new: Told) -> bool {
        match self.troubles.iter_mut().find(|old| old.what == new.what) {
            Some(old) => {
                let another = new.offset.saturating_sub(old.offset) > SAME;
                if another {
                    old.offset = new.offset;
                }
                another
            }
            None => {
                self.troubles.push(new);
                true
            }
        }
    }
}

/// What begins with an escape or without one, and has none after that: with the text before an escape the parser takes the escape too,
/// and what ended in that text would be taken for the end of what the escape began.
fn up_to_next_escape(bytes: &[u8]) -> &[u8] {
    let next = bytes.get(1..).and_then(|after| memchr(ESCAPE, after));
    next.and_then(|at| bytes.get(..=at)).unwrap_or(bytes)
}

/// A piece as the parser sees it: without what is no ASCII, for which nothing looks. vte 0.15 loses the escape that comes right after a
/// character which was cut by the end of a piece. What ends a control string stays.
fn for_parser<'a>(piece: &[u8], seen: &'a mut [u8; PIECE]) -> &'a [u8] {
    let length = piece.len().min(PIECE);
    for (seen, byte) in seen.iter_mut().zip(piece) {
        *seen = match *byte {
            STRING_END => STRING_END,
            0x80.. => OTHER,
            ascii => ascii,
        };
    }
    seen.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests;
