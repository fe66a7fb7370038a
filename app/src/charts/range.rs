//! The range that charts show: a span that ends now, or two moments. It stands in the address, so that a link carries it.
use crate::{
    routes::url::Url,
    text::{T, t},
};

/// A minute in milliseconds, and what is made of it.
pub const MINUTE: u64 = 60_000;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;
/// The shortest and the longest range, in milliseconds.
const SHORTEST: u64 = 10_000;
const LONGEST: u64 = 3 * 366 * DAY;

/// A span that ends now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    Quarter,
    #[default]
    Hour,
    SixHours,
    Day,
    Week,
    Month,
    Year,
}

impl Preset {
    /// All, shortest first.
    pub const ALL: [Self; 7] = [
        Self::Quarter,
        Self::Hour,
        Self::SixHours,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Year,
    ];

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Quarter => "15m",
            Self::Hour => "1h",
            Self::SixHours => "6h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Year => "1y",
        }
    }

    /// On its button.
    pub fn label(self) -> &'static str {
        t(match self {
            Self::Quarter => T::Range15m,
            Self::Hour => T::Range1h,
            Self::SixHours => T::Range6h,
            Self::Day => T::Range24h,
            Self::Week => T::Range7d,
            Self::Month => T::Range30d,
            Self::Year => T::Range1y,
        })
    }

    /// Its length in milliseconds.
    pub fn ms(self) -> u64 {
        match self {
            Self::Quarter => 15 * MINUTE,
            Self::Hour => HOUR,
            Self::SixHours => 6 * HOUR,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Month => 30 * DAY,
            Self::Year => 365 * DAY,
        }
    }

    fn of(url: &Url) -> Self {
        let slug = url.get("range").unwrap_or_default();
        let found = Self::ALL.into_iter().find(|preset| preset.slug() == slug);
        found.unwrap_or_default()
    }
}

/// What charts show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The last of it, following the time.
    Last(Preset),
    /// From one moment to another, in milliseconds since 1970; standing still.
    Between(u64, u64),
}

impl Range {
    /// The range in an address; an hour where there is none, or none that can be shown.
    pub fn of(url: &Url) -> Self {
        let moment = |key| url.get(key).and_then(|text| text.parse::<u64>().ok());
        match (moment("from"), moment("to")) {
            (Some(from), Some(to)) if from < to && (SHORTEST..=LONGEST).contains(&(to - from)) => {
                Self::Between(from, to)
            }
            _ => Self::Last(Preset::of(url)),
        }
    }

    /// The address with this range. A range between moments leaves the span in it, so that one can return to that.
    pub fn put(self, url: &Url) -> Url {
        match self {
            Self::Last(preset) => {
                let slug = if preset == Preset::default() {
                    ""
                } else {
                    preset.slug()
                };
                url.with("from", "").with("to", "").with("range", slug)
            }
            Self::Between(from, to) => url.with("from", &from.to_string()).with("to", &to.to_string()),
        }
    }

    /// Where it begins and ends, as of `now`.
    pub fn window(self, now: u64) -> (u64, u64) {
        match self {
            Self::Last(preset) => (now.saturating_sub(preset.ms()), now),
            Self::Between(from, to) => (from, to),
        }
    }

    /// Two moments as a range, put in order and kept within what can be shown; nothing lies after `now`.
    pub fn between(a: u64, b: u64, now: u64) -> Self {
        let (from, to) = (a.min(b), a.max(b).min(now));
        let length = to.saturating_sub(from).clamp(SHORTEST, LONGEST);
        let to = to.max(length);
        Self::Between(to - length, to)
    }

    /// The range that is `percent` as long, around `at` where that is in it, else around its middle.
    pub fn zoomed(self, percent: u64, at: Option<u64>, now: u64) -> Self {
        let (from, to) = self.window(now);
        let length = to - from;
        let middle = at
            .filter(|at| (from..=to).contains(at))
            .unwrap_or(from + length / 2);
        let long = (length.saturating_mul(percent) / 100).clamp(SHORTEST, LONGEST);
        // What is under the cross-hair stays where it is on the screen.
        let before = (middle - from) as f64 / length.max(1) as f64 * long as f64;
        let from = middle.saturating_sub(before as u64);
        Self::between(from, from + long, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_from_the_address_as_it_was_written() {
        let page = Url::parse("/vms/x/performance?with=host:1");
        for preset in Preset::ALL {
            let range = Range::Last(preset);
            assert_eq!(Range::of(&range.put(&page)), range);
        }
        let range = Range::Between(1_000_000, 2_000_000);
        let url = range.put(&Range::Last(Preset::Day).put(&page));
        assert_eq!(
            url.text(),
            "/vms/x/performance?with=host:1&range=24h&from=1000000&to=2000000"
        );
        assert_eq!(Range::of(&url), range);
        assert_eq!(
            Range::Last(Preset::Hour).put(&url).text(),
            "/vms/x/performance?with=host:1",
            "the usual range needs no word"
        );
    }

    #[test]
    fn what_cannot_be_shown_is_the_last_hour() {
        for query in [
            "range=2w",
            "from=5&to=4",
            "from=0&to=99999999999999",
            "from=1",
            "from=x&to=y",
        ] {
            let url = Url::parse(&format!("/?{query}"));
            assert_eq!(Range::of(&url), Range::Last(Preset::Hour), "{query}");
        }
    }

    #[test]
    fn zooming_keeps_what_is_under_the_cross_hair_in_its_place() {
        let range = Range::Between(100 * MINUTE, 200 * MINUTE);
        let now = 500 * MINUTE;
        assert_eq!(
            range.zoomed(50, Some(120 * MINUTE), now),
            Range::Between(110 * MINUTE, 160 * MINUTE)
        );
        assert_eq!(
            range.zoomed(50, None, now),
            Range::Between(125 * MINUTE, 175 * MINUTE)
        );
        assert_eq!(
            range.zoomed(50, Some(7), now),
            Range::Between(125 * MINUTE, 175 * MINUTE),
            "a cross-hair outside counts for nothing"
        );
        assert_eq!(
            range.zoomed(200, None, now),
            Range::Between(50 * MINUTE, 250 * MINUTE)
        );
    }

    #[test]
    fn nothing_is_shown_of_the_future_and_nothing_too_short() {
        assert_eq!(
            Range::between(90_000, 500_000, 100_000),
            Range::Between(90_000, 100_000)
        );
        assert_eq!(
            Range::between(99_000, 95_000, 100_000),
            Range::Between(89_000, 99_000)
        );
        assert_eq!(Range::between(0, 0, 0), Range::Between(0, SHORTEST));
    }
}
