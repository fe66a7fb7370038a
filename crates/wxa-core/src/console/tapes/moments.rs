//! When what is not written yet was printed, and where output paused. Pure.
use std::collections::VecDeque;
use wxa_model::UnixMillis;

/// What comes within so many milliseconds counts as printed together.
const TOGETHER_MS: u64 = 40;
/// Moments that are told apart; more come together.
const MOST: usize = 256;
/// Beginnings that are remembered to find where a boot's output begins.
const BEGINNINGS: usize = 24;
/// Output that comes after so many milliseconds of silence is a beginning.
const SILENCE_MS: u64 = 500;

/// Beginnings of what was printed.
#[derive(Debug, Default)]
pub(super) struct Moments {
    /// Where what was printed at a time begins, of what is not written yet.
    waiting: VecDeque<(u64, UnixMillis)>,
    /// Where output began after a silence, and where one run's output ended.
    beginnings: VecDeque<Beginning>,
    last: UnixMillis,
}

#[derive(Clone, Copy, Debug)]
struct Beginning {
    offset: u64,
    at: UnixMillis,
    /// One run's output ended there, and another's begins.
    is_seam: bool,
}

impl Moments {
    /// What stands from `offset` on was printed at `at`.
    pub(super) fn printed(&mut self, offset: u64, at: UnixMillis) {
        let together = |(_, last): &(u64, UnixMillis)| at.0.abs_diff(last.0) < TOGETHER_MS;
        if self.waiting.len() < MOST && !self.waiting.back().is_some_and(together) {
            self.waiting.push_back((offset, at));
        }
        if at.0.abs_diff(self.last.0) >= SILENCE_MS {
            self.begin(offset, at, false);
        }
        self.last = at;
    }

    /// One run's output may end at `offset`.
    pub(super) fn seam(&mut self, offset: u64, at: UnixMillis) {
        self.begin(offset, at, true);
    }

    /// Up to there all is written.
    pub(super) fn wrote(&mut self, until: u64) {
        while self.waiting.get(1).is_some_and(|(offset, _)| *offset <= until) {
            self.waiting.pop_front();
        }
        match self.waiting.front_mut() {
            Some(first) if first.0 < until => first.0 = until,
            _ => {}
        }
    }

    /// Nothing waits any more.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The stretches of `from..to` with when they were printed.
    pub(super) fn of(&self, from: u64, to: u64) -> Vec<(u64, u64, UnixMillis)> {
        let ends = self.waiting.iter().skip(1).map(|(offset, _)| *offset);
        let all = self.waiting.iter().zip(ends.chain([u64::MAX]));
        all.map(|((begin, at), end)| ((*begin).max(from), end.min(to), *at))
            .filter(|(begin, end, _)| begin < end)
            .collect()
    }

    /// Where the output of a run begins that began after one moment and at the latest at the other: at the last place where another
    /// one's ended, else where output began first. None when there is none in memory.
    pub(super) fn begin_of(&self, after: UnixMillis, at: UnixMillis) -> Option<u64> {
        let within = |beginning: &&Beginning| beginning.at >= after;
        let seams = self.beginnings.iter().rev().filter(within);
        let seam = seams
            .into_iter()
            .find(|beginning| beginning.is_seam && beginning.at <= at);
        let first = || self.beginnings.iter().find(|beginning| beginning.at >= after);
        seam.or_else(first).map(|beginning| beginning.offset)
    }

    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.waiting.capacity() * size_of::<(u64, UnixMillis)>()
            + self.beginnings.capacity() * size_of::<Beginning>()
    }

    fn begin(&mut self, offset: u64, at: UnixMillis, is_seam: bool) {
        if self.beginnings.len() >= BEGINNINGS {
            self.beginnings.pop_front();
        }
        self.beginnings.push_back(Beginning { offset, at, is_seam });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: u64) -> UnixMillis {
        UnixMillis(ms)
    }

    #[test]
    fn a_boots_output_begins_where_the_last_runs_ended_or_after_a_silence() {
        let mut moments = Moments::default();
        moments.printed(0, at(1000));
        moments.printed(50, at(1100));
        moments.printed(80, at(5000));
        moments.printed(90, at(5100));
        assert_eq!(moments.begin_of(at(4000), at(6000)), Some(80));
        assert_eq!(moments.begin_of(at(6000), at(9000)), None);
        moments.seam(120, at(5200));
        moments.printed(120, at(5300));
        assert_eq!(moments.begin_of(at(4000), at(6000)), Some(120));
    }

    proptest! {
        #[test]
        fn every_byte_that_waits_has_a_moment_not_far_from_its_own(
            steps in proptest::collection::vec((1u64..100, 0u64..200, any::<bool>()), 1..400),
        ) {
            let mut moments = Moments::default();
            let (mut end, mut now, mut written, mut own) = (0, 1000, 0, Vec::new());
            for (bytes, later, is_written) in steps {
                now += later;
                moments.printed(end, at(now));
                own.push((end, end + bytes, now));
                end += bytes;
                if is_written {
                    written = end;
                    moments.wrote(end);
                }
            }
            let told = moments.of(written, end);
            let mut place = written;
            for (from, to, at) in &told {
                prop_assert_eq!(*from, place);
                place = *to;
                let first = own.iter().find(|(begin, end, _)| (*begin..*end).contains(from)).expect("printed");
                prop_assert!(first.2.abs_diff(at.0) < TOGETHER_MS || told.len() >= MOST);
            }
            prop_assert_eq!(place, end);
        }
    }
}
