//! Day and time as they are typed in a page's time zone, and the moment that is meant. Pure: the zone is asked through a
//! function, because only the browser knows the rules of all of them.
use crate::{clock::Moment, day};
use wxa_model::UnixMillis;

const HOUR_MS: u64 = 3_600_000;
const MINUTE_MS: u64 = 60_000;

/// As a field of day and time writes it: `2026-11-28T22:00`.
pub(super) fn text(at: Moment) -> String {
    let Moment {
        year,
        month,
        day,
        hour,
        minute,
    } = at;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
}

/// What such a field holds; none for anything else.
pub(super) fn parse(text: &str) -> Option<Moment> {
    let (date, time) = text.split_once('T')?;
    day::begins(date)?;
    let mut date = date.splitn(3, '-').map(|part| part.parse().ok());
    let mut time = time.splitn(3, ':').map(|part| part.parse().ok());
    let moment = Moment {
        year: date.next()??,
        month: date.next()??,
        day: date.next()??,
        hour: time.next()??,
        minute: time.next()??,
    };
    (moment.hour < 24 && moment.minute < 60).then_some(moment)
}

/// The moment at which clocks of a zone show `wall`; `shows` says what they show when. Of an hour that comes twice one of
/// both; of one that is left out a moment beside it.
pub(super) fn moment(wall: Moment, shows: impl Fn(UnixMillis) -> Moment) -> UnixMillis {
    let wanted = as_utc(wall);
    let mut guess = wanted;
    // Offsets differ on the way only around a change of clocks: the second step lands.
    for _ in 0..3 {
        let shown = as_utc(shows(UnixMillis(guess)));
        guess = guess.saturating_add(wanted).saturating_sub(shown);
    }
    UnixMillis(guess)
}

/// Milliseconds since 1970 if the zone were UTC.
fn as_utc(at: Moment) -> u64 {
    let day = day::begins(&format!("{}-{}-{}", at.year, at.month, at.day)).unwrap_or_default();
    day.0 + u64::from(at.hour) * HOUR_MS + u64::from(at.minute) * MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What clocks show that are ahead of UTC by so many minutes from one moment on, and by others before.
    fn zone(before: u64, change: u64, after: u64) -> impl Fn(UnixMillis) -> Moment {
        move |at| {
            let ahead = if at.0 < change { before } else { after };
            let local = at.0 + ahead * MINUTE_MS;
            // Only the days that the tests need: the 24th and 25th of October 2026.
            let first = day::begins("2026-10-24").map(|day| day.0).unwrap_or_default();
            let day = (local - first) / (24 * HOUR_MS);
            Moment {
                year: 2026,
                month: 10,
                day: 24 + day as u32,
                hour: (local / HOUR_MS % 24) as u32,
                minute: (local / MINUTE_MS % 60) as u32,
            }
        }
    }

    #[test]
    fn what_is_typed_is_read_as_it_was_written() {
        for text_ in ["2026-11-28T22:00", "2024-02-29T00:05"] {
            assert_eq!(parse(text_).map(text).as_deref(), Some(text_));
        }
        assert_eq!(
            parse("2026-11-28T22:00:31").map(text).as_deref(),
            Some("2026-11-28T22:00")
        );
        for wrong in [
            "",
            "2026-11-28",
            "2026-02-30T10:00",
            "2026-11-28T24:00",
            "2026-11-28T10:60",
            "x",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_moment_is_the_one_at_which_that_zone_shows_it() {
        // In 2026 Vienna goes from +2 to +1 at 01:00 UTC on the 25th of October.
        let change = day::begins("2026-10-25")
            .map(|day| day.0 + HOUR_MS)
            .unwrap_or_default();
        let vienna = zone(120, change, 60);
        for typed in [
            "2026-10-24T22:00",
            "2026-10-25T01:59",
            "2026-10-25T03:00",
            "2026-10-25T23:30",
        ] {
            let at = parse(typed).map(|wall| moment(wall, &vienna)).unwrap_or_default();
            assert_eq!(text(vienna(at)), typed);
        }
        let evening = parse("2026-10-25T22:00").map(|wall| moment(wall, &vienna));
        assert_eq!(
            evening,
            day::begins("2026-10-25").map(|day| UnixMillis(day.0 + 21 * HOUR_MS))
        );
    }
}
