//! Moments as the reader's time zone and language write them.
use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};
use wxa_model::UnixMillis;

use super::{
    html::Html,
    words::{Words, fill},
};

/// The longest name of a time zone that is looked up.
const LONGEST: usize = 64;

/// A time zone by its IANA name.
#[derive(Clone, Debug)]
pub struct Zone {
    rules: TimeZone,
    name: String,
}

impl Zone {
    /// The zone of that name, in whatever case; none when there is no such zone.
    pub fn named(name: &str) -> Option<Self> {
        if name.len() > LONGEST {
            return None;
        }
        if name.eq_ignore_ascii_case("utc") {
            return Some(Self::utc());
        }
        let rules = TimeZone::get(name).ok()?;
        let name = rules.iana_name()?.to_owned();
        Some(Self { rules, name })
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self {
            rules: TimeZone::UTC,
            name: "UTC".into(),
        }
    }

    /// Its name as IANA writes it.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn at(&self, at: UnixMillis) -> ZonedDateTime {
        let millis = i64::try_from(at.0).unwrap_or(i64::MAX);
        let moment = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
        moment.to_zoned_datetime(self.rules.clone())
    }

    /// Its name, what it is called at that time, and its distance from UTC: `Europe/Vienna (CET, UTC+1)`.
    pub(super) fn in_full(&self, at: UnixMillis) -> String {
        if self.name == "UTC" {
            return self.name.clone();
        }
        let seconds = self.at(at).offset().seconds();
        let sign = if seconds < 0 { '−' } else { '+' };
        let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
        let minutes = if minutes == 0 {
            String::new()
        } else {
            format!(":{minutes:02}")
        };
        format!("{} ({}, UTC{sign}{hours}{minutes})", self.name, self.short(at))
    }

    /// What the zone is called at that time: `CET`.
    pub(super) fn short(&self, at: UnixMillis) -> String {
        self.at(at).strftime("%Z").to_string()
    }
}

/// Writes moments: in which zone, in which words, and seen from when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock<'a> {
    /// In which zone.
    pub(super) zone: &'a Zone,
    /// In which words.
    pub(super) words: &'static Words,
    /// When the page was put together; what is of another day is written with its date.
    pub(super) now: UnixMillis,
}

impl Clock<'_> {
    /// `14:11`, or `27 Nov 14:11` on another day than now.
    pub(super) fn moment(&self, at: UnixMillis) -> String {
        if self.zone.at(at).date() == self.zone.at(self.now).date() {
            self.time(at)
        } else {
            format!("{} {}", self.day(at), self.time(at))
        }
    }

    /// `14:11`.
    pub(super) fn time(&self, at: UnixMillis) -> String {
        self.zone.at(at).strftime("%H:%M").to_string()
    }

    /// `14:20:31`.
    pub(super) fn time_s(&self, at: UnixMillis) -> String {
        self.zone.at(at).strftime("%H:%M:%S").to_string()
    }

    /// `27 Nov`, with the year where that is another one.
    pub(super) fn day(&self, at: UnixMillis) -> String {
        let (moment, now) = (self.zone.at(at), self.zone.at(self.now));
        let month = usize::try_from(moment.month() - 1).unwrap_or_default();
        let month = self.words.months.get(month).copied().unwrap_or_default();
        let day = fill(self.words.date, &[("day", &moment.day()), ("month", &month)]);
        if moment.year() == now.year() {
            day
        } else {
            format!("{day} {}", moment.year())
        }
    }

    /// The day so many days before today.
    pub(super) fn day_before(&self, days: usize) -> UnixMillis {
        let days = i64::try_from(days).unwrap_or(i64::MAX);
        let span = jiff::Span::new().try_days(days).unwrap_or_default();
        // By the calendar: a day in which clocks change is no 24 hours. Noon is there every day.
        let noon = self.zone.at(self.now).date().at(12, 0, 0, 0);
        let then = noon
            .saturating_sub(span)
            .to_zoned_datetime(self.zone.rules.clone());
        let millis = then.map_or(0, |then| then.timestamp().as_millisecond());
        UnixMillis(u64::try_from(millis).unwrap_or_default())
    }

    /// `Sat 28 Nov`.
    pub(super) fn weekday(&self, at: UnixMillis) -> String {
        let weekday = self.zone.at(at).weekday().to_monday_zero_offset();
        let weekday = usize::try_from(weekday).unwrap_or_default();
        let weekday = self.words.weekdays.get(weekday).copied().unwrap_or_default();
        format!("{weekday} {}", self.day(at))
    }

    /// `Sat 28 Nov 2026, 14:20:31 CET`.
    pub(super) fn in_full(&self, at: UnixMillis) -> String {
        let (moment, now) = (self.zone.at(at), self.zone.at(self.now));
        let year = if moment.year() == now.year() {
            format!(" {}", moment.year())
        } else {
            String::new()
        };
        format!(
            "{}{year}, {} {}",
            self.weekday(at),
            self.time_s(at),
            self.zone.short(at)
        )
    }

    /// `Sat 28 Nov, 22:00 to 23:30`; the second day only where it is another one.
    pub(super) fn range(&self, from: UnixMillis, until: UnixMillis) -> (String, String) {
        let begin = format!("{}, {}", self.weekday(from), self.time(from));
        let end = if self.zone.at(from).date() == self.zone.at(until).date() {
            self.time(until)
        } else {
            format!("{}, {}", self.weekday(until), self.time(until))
        };
        (begin, end)
    }

    /// For programs: `2026-11-28T14:11:00+01:00`.
    pub(super) fn machine(&self, at: UnixMillis) -> String {
        self.zone.at(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// A `time` element that says `text`.
    pub(super) fn element(&self, html: &mut Html, at: UnixMillis, text: &str) {
        html.raw(r#"<time datetime=""#).text(self.machine(at));
        html.raw(r#"">"#).text(text).raw("</time>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::status::Language;

    /// 2026-11-28 13:20:31 UTC.
    const NOW: UnixMillis = UnixMillis(1_795_872_031_000);

    fn clock(zone: &Zone, language: Language) -> Clock<'_> {
        Clock {
            zone,
            words: Words::of(language),
            now: NOW,
        }
    }

    #[test]
    fn moments_are_those_of_the_zone_and_say_which_it_is() {
        let vienna = Zone::named("europe/vienna").expect("a zone");
        assert_eq!(vienna.name(), "Europe/Vienna");
        assert_eq!(vienna.in_full(NOW), "Europe/Vienna (CET, UTC+1)");
        let english = clock(&vienna, Language::En);
        assert_eq!(english.in_full(NOW), "Sat 28 Nov 2026, 14:20:31 CET");
        assert_eq!(english.moment(UnixMillis(NOW.0 - 540_000)), "14:11");
        assert_eq!(english.moment(UnixMillis(NOW.0 - 86_400_000)), "27 Nov 14:20");
        assert_eq!(english.machine(NOW), "2026-11-28T14:20:31+01:00");
        let german = clock(&vienna, Language::De);
        assert_eq!(german.in_full(NOW), "Sa. 28. Nov. 2026, 14:20:31 CET");
        let kathmandu = Zone::named("Asia/Kathmandu").expect("a zone");
        assert_eq!(kathmandu.in_full(NOW), "Asia/Kathmandu (+0545, UTC+5:45)");
        assert_eq!(Zone::utc().in_full(NOW), "UTC");
    }

    #[test]
    fn what_is_no_zone_is_none() {
        for name in ["", "Mars/Olympus", "../../etc/passwd", &"x".repeat(5000)] {
            assert!(Zone::named(name).is_none(), "{name}");
        }
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        let vienna = Zone::named("Europe/Vienna").expect("a zone");
        let english = clock(&vienna, Language::En);
        // Clocks were set back on 25 October.
        assert_eq!(english.day(english.day_before(34)), "25 Oct");
        assert_eq!(english.day(english.day_before(89)), "31 Aug");
        assert_eq!(english.day(english.day_before(400)), "24 Oct 2025");
    }

    #[test]
    fn no_number_is_beyond_it() {
        let clock = clock(&Zone::utc(), Language::En).moment(UnixMillis(u64::MAX));
        assert!(clock.contains("9999"), "{clock}");
    }
}
