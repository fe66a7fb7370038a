//! Numbers and times as the reader wants them written: the same text on the server and in the browser.
use crate::{
    clock::Moment,
    text::{self, T, fill, t},
};
use wxa_model::{
    Bytes,
    preferences::{Dates, Decimal, Hours},
};

/// What stands where nothing is known.
pub const UNKNOWN: &str = "–";

/// CPU use as a share of the CPUs it has: `0.5` of 1 vCPU is `50 %`.
pub fn cpu(used: Option<f32>, cpus: u32) -> String {
    match cpu_share(used, cpus) {
        Some(share) => format!("{:.0} %", share * 100.0),
        None => UNKNOWN.into(),
    }
}

/// CPU use from 0 to 1; none when it is not known.
pub fn cpu_share(used: Option<f32>, cpus: u32) -> Option<f32> {
    used.map(|used| (used / cpus.max(1) as f32).clamp(0.0, 1.0))
}

/// A rate in MB/s, as disks are sold.
pub fn megabytes(per_second: Option<f32>) -> String {
    per_second.map_or_else(|| UNKNOWN.into(), |rate| short(rate / 1e6))
}

/// A rate in Mbit/s, as networks are sold.
pub fn megabits(per_second: Option<f32>) -> String {
    per_second.map_or_else(|| UNKNOWN.into(), |rate| short(rate * 8.0 / 1e6))
}

/// How many a second, e.g. requests.
pub fn per_second(rate: Option<f32>) -> String {
    rate.map_or_else(|| UNKNOWN.into(), short)
}

/// A load average, as `uptime` writes it.
pub fn load(load: f32) -> String {
    decimal(format!("{load:.2}"))
}

/// Seconds as milliseconds.
pub fn milliseconds(seconds: f32) -> String {
    short(seconds * 1000.0)
}

/// The sum of two rates of which one may not be known.
pub fn sum(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (one, other) => one.or(other),
    }
}

/// A number with two digits that say something.
pub fn number(value: f32) -> String {
    short(value)
}

/// A number on a scale: no decimals that say nothing.
#[cfg(any(feature = "hydrate", test))]
pub fn plain(value: f32) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    decimal(rounded.to_string())
}

fn short(value: f32) -> String {
    decimal(if value < 0.005 {
        "0".into()
    } else if value < 0.1 {
        format!("{value:.2}")
    } else if value < 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    })
}

/// An amount of memory or storage.
pub fn bytes(bytes: Bytes) -> String {
    decimal(bytes.to_string())
}

/// A number with the reader's decimal sign.
fn decimal(number: String) -> String {
    match text::current().decimal {
        Decimal::Point => number,
        Decimal::Comma => number.replace('.', ","),
    }
}

/// A moment beside now: the time of day, with the date where that is another one, with the year where that is too.
pub fn moment(at: Moment, now: Moment) -> String {
    let time = time(at);
    if (at.year, at.month, at.day) == (now.year, now.month, now.day) {
        return time;
    }
    format!("{} {time}", date_beside(at, now.year))
}

/// A time of day.
pub fn time(at: Moment) -> String {
    match text::current().hours {
        Hours::TwentyFour => format!("{:02}:{:02}", at.hour, at.minute),
        Hours::Twelve => {
            let half = t(if at.hour < 12 { T::Am } else { T::Pm });
            format!("{}:{:02} {half}", (at.hour + 11) % 12 + 1, at.minute)
        }
    }
}

/// A day, without its year.
#[cfg(feature = "hydrate")]
pub fn date(at: Moment) -> String {
    date_beside(at, at.year)
}

/// A day, with its year where that is another one.
fn date_beside(at: Moment, this_year: u32) -> String {
    let name = t(T::Months).split(' ').nth(at.month.saturating_sub(1) as usize);
    let (year, month, day) = (at.year, name.unwrap_or_default(), at.day);
    let same_year = at.year == this_year;
    match text::current().dates {
        Dates::DayMonth if same_year => format!("{day} {month}"),
        Dates::DayMonth => format!("{day} {month} {year}"),
        Dates::MonthDay if same_year => format!("{month} {day}"),
        Dates::MonthDay => format!("{month} {day}, {year}"),
        Dates::Iso => format!("{year}-{:02}-{day:02}", at.month),
    }
}

/// Memory, with what it may grow to where that differs.
pub fn memory(now: Bytes, max: Bytes) -> String {
    if now == Bytes(0) && max == Bytes(0) {
        // Only a definition that cannot be read says nothing about memory.
        "–".into()
    } else if max > now {
        fill(T::MemoryOf, &[("now", &bytes(now)), ("max", &bytes(max))])
    } else {
        bytes(now)
    }
}

/// A time span in its largest sensible unit: `42 s`, `13 min`, `5 h`, `9 d`.
pub fn span(ms: u64) -> String {
    let seconds = ms / 1000;
    let (key, n) = match seconds {
        0..=59 => (T::Seconds, seconds),
        60..=3599 => (T::Minutes, seconds / 60),
        3600..=172_799 => (T::HoursSpan, seconds / 3600),
        _ => (T::Days, seconds / 86_400),
    };
    fill(key, &[("n", &n)])
}

/// How long ago something was: `now`, `42 s ago`.
pub fn ago(ms: u64) -> String {
    if ms < 2000 {
        t(T::JustNow).into()
    } else {
        fill(T::Ago, &[("span", &span(ms))])
    }
}

/// How long something took: `0:06`, `1:02:03`; below ten seconds with a decimal, `0.4 s`.
pub fn took(ms: u64) -> String {
    let seconds = ms / 1000;
    if ms < 10_000 {
        fill(
            T::Seconds,
            &[("n", &decimal(format!("{seconds}.{}", ms % 1000 / 100)))],
        )
    } else if seconds < 3600 {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    } else {
        format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// A count with its English noun: `1 row`, `3 rows`. Where pages speak every language, [`crate::text::plural`] counts.
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

/// At most two letters that stand for a name: `ops` → `OP`.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty());
    let first = words.next().unwrap_or("?");
    match words.next() {
        Some(second) => first
            .chars()
            .take(1)
            .chain(second.chars().take(1))
            .collect::<String>(),
        None => first.chars().take(2).collect(),
    }
    .to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_a_share_of_what_the_vm_has() {
        assert_eq!(cpu(Some(0.5), 1), "50 %");
        assert_eq!(cpu(Some(2.0), 4), "50 %");
        assert_eq!(cpu(Some(9.0), 4), "100 %");
        assert_eq!(cpu(None, 4), "–");
    }

    #[test]
    fn rates_keep_two_digits_that_say_something() {
        let shown: Vec<String> = [0.0, 1e3, 4e4, 2.5e6, 1.5e8].map(|r| megabytes(Some(r))).to_vec();
        assert_eq!(shown, ["0", "0", "0.04", "2.5", "150"]);
        assert_eq!(megabits(Some(1e6)), "8.0");
        assert_eq!(sum(Some(1.0), None), Some(1.0));
        assert_eq!(sum(None, None), None);
    }

    #[test]
    fn spans_use_their_largest_sensible_unit() {
        let shown: Vec<String> = [0, 42_000, 800_000, 100_000_000, 800_000_000].map(span).to_vec();
        assert_eq!(shown, ["0 s", "42 s", "13 min", "27 h", "9 d"]);
        assert_eq!(ago(1000), "just now");
        assert_eq!(ago(360_000), "6 min ago");
    }

    #[test]
    fn durations_read_like_a_clock() {
        let shown: Vec<String> = [430, 48_000, 3_723_000].map(took).to_vec();
        assert_eq!(shown, ["0.4 s", "0:48", "1:02:03"]);
    }

    #[test]
    fn a_moment_says_no_more_than_differs_from_now() {
        let at = |year, month, day, hour| Moment {
            year,
            month,
            day,
            hour,
            minute: 5,
        };
        let now = at(2026, 11, 23, 14);
        assert_eq!(moment(at(2026, 11, 23, 9), now), "09:05");
        assert_eq!(moment(at(2026, 11, 22, 0), now), "22 Nov 00:05");
        assert_eq!(moment(at(2025, 1, 2, 23), now), "2 Jan 2025 23:05");
    }

    /// What the reader chose, on the server: there the page's context has it.
    #[cfg(feature = "ssr")]
    #[test]
    fn numbers_and_moments_follow_the_readers_choice() {
        use leptos::prelude::*;
        use wxa_model::Preferences;
        let chosen = Preferences {
            hours: Hours::Twelve,
            dates: Dates::MonthDay,
            decimal: Decimal::Comma,
            ..Preferences::default()
        };
        Owner::new().with(|| {
            provide_context(text::for_page(&chosen));
            let at = |hour| Moment {
                year: 2026,
                month: 11,
                day: 23,
                hour,
                minute: 5,
            };
            let now = Moment { day: 24, ..at(0) };
            let shown: Vec<String> = [0, 11, 12, 23].map(|hour| moment(at(hour), now)).to_vec();
            assert_eq!(
                shown,
                [
                    "Nov 23 12:05 am",
                    "Nov 23 11:05 am",
                    "Nov 23 12:05 pm",
                    "Nov 23 11:05 pm"
                ]
            );
            assert_eq!(megabytes(Some(2.5e6)), "2,5");
            assert_eq!(bytes(Bytes::mib(1536)), "1,5 GiB");
            assert_eq!(took(430), "0,4 s");
        });
    }

    #[test]
    fn names_shrink_to_initials() {
        assert_eq!(initials("ops"), "OP");
        assert_eq!(initials("ada lovelace"), "AL");
        assert_eq!(initials(""), "?");
    }

    #[test]
    fn memory_tells_its_limit_only_where_there_is_one() {
        assert_eq!(memory(Bytes::mib(128), Bytes::mib(128)), "128 MiB");
        assert_eq!(memory(Bytes::mib(128), Bytes::mib(256)), "128 MiB of 256 MiB");
    }
}
