//! Where a line comes from: an object, now or as much earlier as a comparison wants.
use super::{
    of::Of,
    range::{DAY, Range},
};
use std::fmt::Write;

/// Points that a chart has at most; an hour is 10 s each.
const POINTS: u64 = 360;

/// An object, `shift` milliseconds earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feed {
    /// What.
    pub of: Of,
    /// How much earlier.
    pub shift: u64,
}

impl Feed {
    /// The GET that reads `metrics` of it. The last hour is the server's own default, so that the address is the same on the
    /// server and in the browser, whatever their clocks say.
    pub fn url(self, range: Range, metrics: &str, now: u64) -> String {
        let mut url = format!("/api/v1/metrics?of={}&metrics={metrics}&points={POINTS}", self.of);
        let usual = range == Range::Last(super::range::Preset::default()) && self.shift == 0;
        if !usual {
            let (from, to) = range.window(now);
            // Writing to a string does not fail.
            let _ = write!(url, "&from={}", from.saturating_sub(self.shift));
            if self.shift > 0 || matches!(range, Range::Between(..)) {
                let _ = write!(url, "&to={}", to.saturating_sub(self.shift));
            }
        }
        url
    }
}

/// How much earlier a comparison with before lies: a day, a week for longer ranges; none where that would overlap.
pub fn earlier(range: Range, now: u64) -> Option<u64> {
    let (from, to) = range.window(now);
    match to - from {
        0..=DAY => Some(DAY),
        length if length <= 7 * DAY => Some(7 * DAY),
        _ => None,
    }
}

/// A step of a range that nothing is known of yet.
pub fn step(range: Range, now: u64) -> u64 {
    let (from, to) = range.window(now);
    ((to - from) / POINTS).max(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::range::Preset;
    use wxa_model::VmId;

    #[test]
    fn the_usual_range_has_the_same_address_everywhere() {
        let of = Of::Vm(VmId(uuid::Uuid::from_u128(1)));
        let feed = Feed { of, shift: 0 };
        let usual = Range::Last(Preset::Hour);
        assert_eq!(
            feed.url(usual, "cpu", 5),
            format!("/api/v1/metrics?of={of}&metrics=cpu&points=360")
        );
        assert!(
            feed.url(Range::Last(Preset::Day), "cpu", 2 * DAY)
                .ends_with("&from=86400000")
        );
        let before = Feed { of, shift: DAY };
        assert!(
            before
                .url(Range::Between(DAY, DAY + 60_000), "cpu", 2 * DAY)
                .ends_with("&from=0&to=60000")
        );
    }

    #[test]
    fn before_is_a_day_or_a_week_and_never_overlaps() {
        let now = 1000 * DAY;
        assert_eq!(earlier(Range::Last(Preset::Hour), now), Some(DAY));
        assert_eq!(earlier(Range::Last(Preset::Week), now), Some(7 * DAY));
        assert_eq!(earlier(Range::Last(Preset::Year), now), None);
        assert_eq!(step(Range::Last(Preset::Hour), now), 10_000);
    }
}
