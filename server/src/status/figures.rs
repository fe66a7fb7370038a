//! Shares and durations in words. Nothing is rounded towards better news: 100 % is said of no time with an outage.
use wxa_model::status::Availability;

use super::words::Words;

/// What stands for a number that nobody knows.
pub(super) const NONE: &str = "–";
/// Between a number and its unit: they stay on one line.
const GAP: char = '\u{a0}';

/// The available part of the time that is known and counts: `99.98 %`; `–` when nothing is known.
pub(super) fn available(time: &Availability, words: &Words) -> String {
    let said = time.available_percent();
    said.map_or_else(|| NONE.into(), |number| percent(&number, words))
}

/// The part of the time of which nothing is known: `3.1 %`; none when all is known.
pub(super) fn unknown(time: &Availability, words: &Words) -> Option<String> {
    Some(percent(&time.unknown_percent()?, words))
}

/// Whether so much is unknown that the figure beside it must say so at first sight: from 0.1 % on.
pub(super) fn unknown_matters(time: &Availability) -> bool {
    u128::from(time.unknown_ms) * 1000 >= u128::from(time.all_ms().max(1))
}

/// How full something is, in whole per cent: full is said only of what is.
pub(super) fn full(share: Option<f64>) -> Option<u32> {
    let share = share.filter(|share| share.is_finite())?.clamp(0.0, 1.0);
    let percent = (share * 100.0).round();
    let percent = if share < 1.0 { percent.min(99.0) } else { percent };
    Some(percent as u32)
}

/// A length of time in its two largest units: `9 min`, `3 h 20 min`, `2 days 4 h`.
pub(super) fn duration(ms: u64, words: &Words) -> String {
    let minutes = ms / 60_000;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let min = |n: u64| format!("{n}{GAP}min");
    let hour = |n: u64| format!("{n}{GAP}h");
    let day = |n: u64| format!("{n}{GAP}{}", if n == 1 { words.day } else { words.days });
    match (days, hours, rest) {
        (0, 0, 0) if ms > 0 => format!("{}{GAP}s", (ms / 1000).max(1)),
        (0, 0, rest) => min(rest),
        (0, hours, 0) => hour(hours),
        (0, hours, rest) => format!("{} {}", hour(hours), min(rest)),
        (days, 0, _) => day(days),
        (days, hours, _) => format!("{} {}", day(days), hour(hours)),
    }
}

fn percent(number: &str, words: &Words) -> String {
    let number = number.replace('.', words.decimal);
    format!("{number}{GAP}%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wxa_model::status::Language;

    fn english() -> &'static Words {
        Words::of(Language::En)
    }

    fn time(up_ms: u64, down_ms: u64, unknown_ms: u64) -> Availability {
        Availability {
            up_ms,
            down_ms,
            unknown_ms,
            ..Availability::default()
        }
    }

    #[test]
    fn an_outage_is_never_rounded_away() {
        let said = |up, down| available(&time(up, down, 0), english());
        assert_eq!(said(100_000, 0), "100\u{a0}%");
        assert_eq!(said(99_995, 5), "99.99\u{a0}%");
        assert_eq!(said(u64::MAX, 1), "99.99\u{a0}%");
        assert_eq!(said(1, 99_999), "<0.01\u{a0}%");
        assert_eq!(said(0, 5), "0\u{a0}%");
        assert_eq!(said(0, 0), NONE);
        assert_eq!(
            available(&time(9_998, 2, 0), Words::of(Language::De)),
            "99,98\u{a0}%"
        );
    }

    #[test]
    fn unknown_time_is_told_however_short() {
        let said = |up, unknown_ms| unknown(&time(up, 0, unknown_ms), english());
        assert_eq!(said(10, 0), None);
        assert_eq!(said(100_000, 1).as_deref(), Some("<0.1\u{a0}%"));
        assert_eq!(said(69, 31).as_deref(), Some("31.0\u{a0}%"));
        assert_eq!(said(1, 1_000_000).as_deref(), Some("99.9\u{a0}%"));
        assert_eq!(said(0, 5).as_deref(), Some("100\u{a0}%"));
        assert!(unknown_matters(&time(999, 0, 1)) && !unknown_matters(&time(9999, 0, 1)));
    }

    #[test]
    fn full_is_said_only_of_what_is() {
        assert_eq!(full(Some(0.999)), Some(99));
        assert_eq!(full(Some(1.3)), Some(100));
        assert_eq!(full(Some(f64::NAN)), None);
        assert_eq!(full(None), None);
    }

    #[test]
    fn durations_use_two_units() {
        let shown = [
            0,
            400,
            42_000,
            540_000,
            12_000_000,
            7_200_000,
            86_400_000,
            187_200_000,
        ]
        .map(|ms| duration(ms, english()).replace('\u{a0}', " "));
        assert_eq!(
            shown,
            [
                "0 min",
                "1 s",
                "42 s",
                "9 min",
                "3 h 20 min",
                "2 h",
                "1 day",
                "2 days 4 h"
            ]
        );
    }

    proptest! {
        #[test]
        fn a_hundred_per_cent_means_no_outage(up in any::<u64>(), down in 1..u64::MAX, unknown_ms in any::<u64>()) {
            let said = available(&time(up, down, unknown_ms), english());
            prop_assert!(!said.starts_with("100"), "{said}");
        }
    }
}
