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
    /// Nothing is kept yet of what was printed before `end`.
    pub fn new(capacity: usize, end: u64) -> Self {
        Self {
            bytes: VecDeque::new(),
            capacity,
            end,
        }
    }

    /// Bytes that are set aside in memory.
    #[cfg(test)]
    pub fn memory(&self) -> usize {
        self.bytes.capacity()
    }

    /// How many bytes are kept at most.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Keeps so many bytes from now on; those beyond are let go of at once.
    pub fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
        let excess = self.bytes.len().saturating_sub(capacity);
        self.bytes.drain(..excess);
        self.bytes.shrink_to(capacity);
    }

    /// Lets go of all but the last `few` bytes, and of the room that the others took, where that is worth it. As many as before are
    /// kept of what comes.
    pub fn rest(&mut self, few: usize) {
        if self.bytes.capacity() > 2 * few {
            let excess = self.bytes.len().saturating_sub(few);
            self.bytes.drain(..excess);
            self.bytes.shrink_to(few);
        }
    }

    /// Goes on `missing` bytes later: what is between was never seen, and what was before is let go of.
    pub fn leave_out(&mut self, missing: u64) {
        self.bytes.clear();
        self.end = self.end.saturating_add(missing);
    }

    /// Whether `bytes` are what was printed from `offset` on, as far as that is kept; none when nothing of it is.
    pub fn holds(&self, offset: u64, bytes: &[u8]) -> Option<bool> {
        let skip = usize::try_from(self.start().saturating_sub(offset)).ok()?;
        let bytes = bytes.get(skip..).filter(|bytes| !bytes.is_empty())?;
        let from = usize::try_from((offset + skip as u64).checked_sub(self.start())?).ok()?;
        let to = from.checked_add(bytes.len())?;
        if to > self.bytes.len() {
            return Some(false);
        }
        // Every byte that comes twice comes by here: whole stretches are compared.
        let (front, back) = self.stretches(from, to);
        Some(bytes.split_at_checked(front.len()) == Some((front, back)))
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
        let wanted = self.bytes.len() + kept.len();
        if wanted > self.bytes.capacity() {
            // Room grows by doubling, but never beyond what is kept.
            let room = wanted.max(self.bytes.capacity() * 2).min(self.capacity);
            self.bytes.reserve_exact(room - self.bytes.len());
        }
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
        Read::Bytes(self.copy(from, until).into())
    }

    /// What is kept of `from..to`, in one copy.
    pub fn between(&self, from: u64, to: u64) -> Vec<u8> {
        let place = |offset: u64| {
            let offset = usize::try_from(offset.saturating_sub(self.start())).unwrap_or(usize::MAX);
            offset.min(self.bytes.len())
        };
        let (from, to) = (place(from), place(to));
        self.copy(from.min(to), to)
    }

    /// The last `most` bytes.
    pub fn tail(&self, most: usize) -> Vec<u8> {
        let from = self.bytes.len().saturating_sub(most);
        self.copy(from, self.bytes.len())
    }

    fn copy(&self, from: usize, to: usize) -> Vec<u8> {
        let (front, back) = self.stretches(from, to);
        let mut copy = Vec::with_capacity(front.len() + back.len());
        copy.extend_from_slice(front);
        copy.extend_from_slice(back);
        copy
    }

    /// Two stretches that follow each other. Places count from the oldest byte; `from` is not beyond `to`, nor that beyond what is kept.
    fn stretches(&self, from: usize, to: usize) -> (&[u8], &[u8]) {
        let (front, back) = self.bytes.as_slices();
        let seam = front.len();
        (
            front.get(from.min(seam)..to.min(seam)).unwrap_or_default(),
            back.get(from.saturating_sub(seam)..to.saturating_sub(seam))
                .unwrap_or_default(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reader_that_is_too_late_is_told_how_much_it_missed() {
        let mut history = History::new(4, 0);
        history.push(b"abcdef");
        assert_eq!((history.start(), history.end()), (2, 6));
        assert_eq!(history.read(0, 99), Read::Skipped(2));
        assert_eq!(history.read(2, 3), Read::Bytes(Bytes::from_static(b"cde")));
        assert_eq!(history.read(6, 99), Read::Nothing);
        assert_eq!(history.read(u64::MAX, 99), Read::Nothing);
    }

    #[test]
    fn one_that_rests_holds_the_last_bytes_in_little_room_and_fills_again() {
        let mut history = History::new(1_000, 0);
        history.push(&[b'a'; 500]);
        history.push(b"the end");
        history.rest(7);
        assert_eq!((history.start(), history.tail(99)), (500, b"the end".to_vec()));
        assert!(history.memory() <= 14, "{}", history.memory());
        history.push(&[b'b'; 2_000]);
        assert_eq!((history.start(), history.end()), (1_507, 2_507));
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_printed_at_that_offset(
            capacity in 0usize..40,
            chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..20),
            reads in proptest::collection::vec((0u64..400, 0usize..50), 0..20),
        ) {
            let mut history = History::new(capacity, 0);
            let mut all = Vec::new();
            for chunk in &chunks {
                history.push(chunk);
                all.extend_from_slice(chunk);
            }
            prop_assert_eq!(history.end(), all.len() as u64);
            prop_assert_eq!(history.end() - history.start(), all.len().min(capacity) as u64);
            prop_assert_eq!(history.tail(7), all[all.len() - all.len().min(capacity).min(7)..].to_vec());
            for (offset, most) in reads {
                let told = all.get(offset as usize..).map(|rest| &rest[..rest.len().min(most)]).unwrap_or_default();
                if !told.is_empty() && offset + told.len() as u64 > history.start() {
                    prop_assert_eq!(history.holds(offset, told), Some(true));
                    let mut other = told.to_vec();
                    *other.last_mut().expect("not empty") ^= 1;
                    prop_assert_eq!(history.holds(offset, &other), Some(false));
                }
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
            let mut history = History::new(capacity, 0);
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
