//! Days in addresses: `2026-11-25`, always UTC, so that server and browser and everybody mean the same.
use wxa_model::UnixMillis;

const DAY_MS: u64 = 86_400_000;

/// When the day begins; none for what is no day since 1970.
pub fn begins(text: &str) -> Option<UnixMillis> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<u64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let is_day = (1970..=9999).contains(&year) && (1..=12).contains(&month);
    if !is_day || day == 0 || day > days_in(year, month) {
        return None;
    }
    let months: u64 = (1..month).map(|month| days_in(year, month)).sum();
    let years: u64 = (1970..year)
        .map(|year| if is_leap(year) { 366 } else { 365 })
        .sum();
    Some(UnixMillis((years + months + day - 1) * DAY_MS))
}

/// When the day is over.
pub fn ends(text: &str) -> Option<UnixMillis> {
    begins(text).map(|begin| UnixMillis(begin.0 + DAY_MS))
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_utc() {
        assert_eq!(begins("1970-01-01"), Some(UnixMillis(0)));
        assert_eq!(begins("2026-11-23"), Some(UnixMillis(1_795_392_000_000)));
        assert_eq!(begins("2024-02-29"), Some(UnixMillis(1_709_164_800_000)));
        assert_eq!(ends("2026-11-23"), begins("2026-11-24"));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-29",
            "2026-00-10",
            "2026-01-0",
            "a-b-c",
            "1969-12-31",
        ] {
            assert_eq!(begins(text), None, "{text}");
        }
    }
}
