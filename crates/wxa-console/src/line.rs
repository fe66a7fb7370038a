//! One line of output as a terminal shows it, without its escape sequences.
use memchr::memchr;
use vte::{Params, Perform};

/// What escape sequences begin with.
pub(crate) const ESCAPE: u8 = 0x1b;
/// Characters of a line that are looked at; the rest of it is thrown away.
pub(crate) const LONGEST: usize = 512;
/// Stands for each byte of what is no ASCII: nothing that is looked for has such.
pub(crate) const OTHER: u8 = 0x7f;

/// What is written since the cursor was last moved to another place.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// ASCII only.
    text: Vec<u8>,
    /// The cursor went somewhere else: what comes next is another line.
    moved: bool,
    /// An escape sequence is over.
    ended: bool,
}

impl Line {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    pub fn moved(&self) -> bool {
        self.moved
    }

    /// Whether an escape sequence has just come to its end: nothing is begun, and what follows is plain until the next one.
    pub fn take_ended(&mut self) -> bool {
        std::mem::take(&mut self.ended)
    }

    pub fn clear(&mut self) {
        self.text.clear();
        self.moved = false;
    }

    /// Adds what stands in no escape sequence, and returns how many bytes that were. A flood consists of little else, and the parser
    /// takes ten times as long for it.
    pub fn add_plain(&mut self, bytes: &[u8]) -> usize {
        let plain = memchr(ESCAPE, bytes).unwrap_or(bytes.len());
        let mut rest = bytes.get(..plain).unwrap_or_default();
        while !rest.is_empty() && !self.is_full() {
            let (some, after) = rest.split_at(rest.len().min(LONGEST - self.text.len()));
            if some.iter().all(|byte| *byte >= 0x20) {
                let shown = some
                    .iter()
                    .map(|byte| if byte.is_ascii() { *byte } else { OTHER });
                self.text.extend(shown);
            } else {
                for byte in some {
                    self.add(*byte);
                }
            }
            rest = after;
        }
        plain
    }

    fn add(&mut self, byte: u8) {
        match byte {
            0x20..0x80 => self.put(byte),
            0x80.. => self.put(OTHER),
            b'\t' => self.put(b' '),
            // Somebody corrects what was typed, or a spinner turns.
            0x08 if !self.is_full() => {
                self.text.pop();
            }
            _ => {}
        }
    }

    fn put(&mut self, byte: u8) {
        if !self.is_full() {
            self.text.push(byte);
        }
    }

    /// What comes now is not looked at, corrections included.
    fn is_full(&self) -> bool {
        self.text.len() >= LONGEST
    }
}

impl Perform for Line {
    fn print(&mut self, char: char) {
        self.put(u8::try_from(char).ok().filter(u8::is_ascii).unwrap_or(OTHER));
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            // A sequence was given up.
            0x18 | 0x1a => self.ended = true,
            // Control characters of eight bits.
            0x80.. => {}
            _ => self.add(byte),
        }
    }

    fn csi_dispatch(&mut self, _params: &Params, _intermediates: &[u8], _ignored: bool, action: char) {
        // Menus are drawn by moving the cursor, without a newline between their rows.
        self.ended = true;
        self.moved |= matches!(action, 'A' | 'B' | 'E' | 'F' | 'G' | 'H' | 'J' | 'd' | 'f' | '`');
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _ignored: bool, byte: u8) {
        // Reset, next line, index and reverse index; with something before the letter it chooses a character set.
        self.ended = true;
        self.moved |= intermediates.is_empty() && matches!(byte, b'c' | b'D' | b'E' | b'M');
    }

    fn osc_dispatch(&mut self, _params: &[&[u8]], bell_terminated: bool) {
        // What ends it otherwise begins the next one.
        self.ended |= bell_terminated;
    }

    fn terminated(&self) -> bool {
        self.ended
    }
}
