//! What a guest printed, addressed by byte offset. Pure.
use bytes::Bytes;
use std::collections::VecDeque;

/// The last bytes of a stream. Offsets count from the first byte ever pushed and never go back.
#[derive(Debug)]
pub(super) struct History {
    bytes: VecDeque<u8>,
    capacity: usize,
    end: u64,
}

/// What a reader at some offset gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// The next bytes.
    Bytes(Bytes),
    /// The ring has moved on: so many bytes are lost, reading goes on at its start.
    Skipped(u64),
    /// There is nothing newer.
    Nothing,
}

impl History {
    pub fn new(capacity: usize) -> Self {
        Self {
            bytes: VecDeque::new(),
            capacity,
            end: 0,
        }
    }

    /// The offset of the oldest byte that is kept.
    pub fn start(&self) -> u64 {
        self.end - self.bytes.len() as u64
    }

    /// The offset after the newest byte.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Adds bytes at the end, and lets go of the oldest beyond the capacity.
    pub fn push(&mut self, bytes: &[u8]) {
        self.end += bytes.len() as u64;
        let kept = &bytes[bytes.len().saturating_sub(self.capacity)..];
        let excess = (self.bytes.len() + kept.len()).saturating_sub(self.capacity);
        self.bytes.drain(..excess);
        self.bytes.extend(kept);
    }

    /// At most `most` bytes from `offset` on.
    pub fn read(&self, offset: u64, most: usize) -> Read {
        if offset < self.start() {
            return Read::Skipped(self.start() - offset);
        }
        let Ok(from) = usize::try_from(offset - self.start()) else {
            return Read::Nothing;
        };
        let until = self.bytes.len().min(from.saturating_add(most));
        if from >= until {
            return Read::Nothing;
        }
        let (front, back) = self.bytes.as_slices();
        let mut copy = Vec::with_capacity(until - from);
        copy.extend_from_slice(&front[from.min(front.len())..until.min(front.len())]);
        copy.extend_from_slice(&back[from.saturating_sub(front.len())..until.saturating_sub(front.len())]);
        Read::Bytes(copy.into())
    }

    /// The last `most` bytes.
    pub fn tail(&self, most: usize) -> Vec<u8> {
        let from = self.bytes.len().saturating_sub(most);
        self.bytes.range(from..).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reader_that_is_too_late_is_told_how_much_it_missed() {
        let mut history = History::new(4);
        history.push(b"abcdef");
        assert_eq!((history.start(), history.end()), (2, 6));
        assert_eq!(history.read(0, 99), Read::Skipped(2));
        assert_eq!(history.read(2, 3), Read::Bytes(Bytes::from_static(b"cde")));
        assert_eq!(history.read(6, 99), Read::Nothing);
        assert_eq!(history.read(u64::MAX, 99), Read::Nothing);
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_printed_at_that_offset(
            capacity in 0usize..40,
            chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..20),
            reads in proptest::collection::vec((0u64..400, 0usize..50), 0..20),
        ) {
            let mut history = History::new(capacity);
            let mut all = Vec::new();
            for chunk in &chunks {
                history.push(chunk);
                all.extend_from_slice(chunk);
            }
            prop_assert_eq!(history.end(), all.len() as u64);
            prop_assert_eq!(history.end() - history.start(), all.len().min(capacity) as u64);
            prop_assert_eq!(history.tail(7), all[all.len() - all.len().min(capacity).min(7)..].to_vec());
            for (offset, most) in reads {
                match history.read(offset, most) {
                    Read::Bytes(bytes) => {
                        let from = offset as usize;
                        prop_assert!(bytes.len() <= most && !bytes.is_empty());
                        prop_assert_eq!(&bytes[..], &all[from..from + bytes.len()]);
                    }
                    Read::Skipped(lost) => prop_assert_eq!(offset + lost, history.start()),
                    Read::Nothing => prop_assert!(offset >= history.end() || most == 0),
                }
            }
        }

        #[test]
        fn a_reader_gets_everything_in_order_or_is_told_what_is_missing(
            capacity in 1usize..40,
            steps in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 0..30), any::<bool>()), 0..40),
        ) {
            let mut history = History::new(capacity);
            let mut all = Vec::new();
            let mut cursor = 0u64;
            for (chunk, read_now) in steps {
                history.push(&chunk);
                all.extend_from_slice(&chunk);
                loop {
                    if !read_now {
                        break;
                    }
                    match history.read(cursor, 8) {
                        Read::Bytes(bytes) => {
                            prop_assert_eq!(&bytes[..], &all[cursor as usize..][..bytes.len()]);
                            cursor += bytes.len() as u64;
                        }
                        Read::Skipped(lost) => cursor += lost,
                        Read::Nothing => break,
                    }
                }
                if read_now {
                    prop_assert_eq!(cursor, all.len() as u64);
                }
            }
        }
    }
}
