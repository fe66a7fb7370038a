//! Small random changes of an input, the same ones for the same seed: for the short run among the tests.

/// Makes changed inputs.
#[derive(Debug)]
pub struct Mutator(u64);

/// Bytes that mean something to most of our parsers.
const TELLING: &[u8] = b"\0\n\r\t \"'\\/:;,.=+-_|!()[]{}<>#%&?@0179azAZ~\x1b\x7f\x80\xc3\xff";

impl Mutator {
    /// The sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds must not begin alike, and zero would never move.
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// `input` with one to eight changes.
    pub fn change(&mut self, input: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(8) {
            self.change_once(&mut bytes);
        }
        bytes
    }

    fn change_once(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        let len = self.below(24).min(bytes.len() - at);
        match self.below(6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..at + len)),
            2 => {
                let piece = bytes.get(at..at + len).unwrap_or_default().to_vec();
                let to = self.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            3 => bytes.insert(at, self.telling()),
            4 => bytes.insert(at, u8::try_from(self.below(256)).unwrap_or_default()),
            _ => {
                let byte = self.telling();
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
        }
    }

    fn telling(&mut self) -> u8 {
        let at = self.below(TELLING.len());
        TELLING.get(at).copied().unwrap_or_default()
    }

    /// Xorshift: enough for this.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % limit.max(1)
    }
}
