//! Days as a calendar on the wall counts them, in a time zone.
use jiff::{Timestamp, ToSpan as _, ZonedDateTime, tz::TimeZone};
use wxa_model::UnixMillis;

/// How many days a page tells of.
pub(super) const DAYS: usize = 90;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Whether that is the name of a time zone.
pub(super) fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// When each of the last days began, oldest first, today last. Days have 23 to 25 hours where clocks are changed.
pub(super) fn begins(now: UnixMillis, zone: &str) -> Vec<UnixMillis> {
    // A zone that this machine does not know any more is told as UTC.
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    in_zone(now, zone).unwrap_or_else(|| in_utc(now))
}

fn in_zone(now: UnixMillis, zone: TimeZone) -> Option<Vec<UnixMillis>> {
    let now = Timestamp::from_millisecond(i64::try_from(now.0).ok()?).ok()?;
    let today = ZonedDateTime::new(now, zone.clone()).date();
    let days = (0..i64::try_from(DAYS).ok()?).rev();
    days.map(|back| {
        let day = today.checked_sub(back.days()).ok()?;
        let begin = zone
            .to_zoned_datetime(day.at(0, 0, 0, 0))
            .ok()?
            .start_of_day()
            .ok()?;
        u64::try_from(begin.timestamp().as_millisecond())
            .ok()
            .map(UnixMillis)
    })
    .collect()
}

fn in_utc(now: UnixMillis) -> Vec<UnixMillis> {
    let today = now.0 / DAY_MS;
    let back = (0..DAYS as u64).rev();
    back.map(|back| UnixMillis(today.saturating_sub(back).saturating_mul(DAY_MS)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-28 12:00 UTC.
    const NOW: UnixMillis = UnixMillis(1_795_867_200_000);

    #[test]
    fn ninety_days_end_with_today_wherever_that_is() {
        for zone in ["UTC", "Europe/Vienna", "America/St_Johns", "Pacific/Kiritimati"] {
            let days = begins(NOW, zone);
            assert_eq!(days.len(), DAYS, "{zone}");
            assert!(days.is_sorted_by(|a, b| a < b), "{zone}");
            let today = days[DAYS - 1];
            assert!(today <= NOW && NOW.since(today) < DAY_MS, "{zone}");
        }
        assert_eq!(begins(NOW, "no such zone"), begins(NOW, "UTC"));
    }

    #[test]
    fn a_day_on_which_clocks_are_changed_is_as_long_as_it_was() {
        let days = begins(NOW, "Europe/Vienna");
        let lengths: Vec<u64> = days
            .windows(2)
            .map(|pair| pair[1].since(pair[0]) / 3_600_000)
            .collect();
        assert_eq!(
            lengths.iter().filter(|hours| **hours == 25).count(),
            1,
            "the last Sunday of October"
        );
        assert!(lengths.iter().all(|hours| [24, 25].contains(hours)));
    }

    #[test]
    fn names_of_zones_are_known_by_the_calendar() {
        assert!(is_zone("Europe/Vienna") && is_zone("UTC"));
        assert!(!is_zone("Vienna") && !is_zone("../../etc/passwd"));
    }
}
