//! Wall-clock text from seconds since 1970, in UTC, without a calendar library.

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// Year, month (1..=12), day.
pub(crate) fn civil(days: i64) -> (i64, usize, i64) {
    // Days are counted from 1 March of year 0, so that leap days come last.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (
        year,
        usize::try_from(month).unwrap_or(1),
        doy - (153 * mp + 2) / 5 + 1,
    )
}

/// `07:13:37`.
pub(crate) fn time_of_day(epoch: f64) -> String {
    let second = (epoch as i64).rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// `Mon Nov 23 07:13:37 UTC 2026`.
pub(crate) fn date_line(epoch: f64) -> String {
    let days = (epoch as i64).div_euclid(86_400);
    let (year, month, day) = civil(days);
    let weekday = usize::try_from(days.rem_euclid(7)).unwrap_or(0);
    let names = (
        DAYS.get(weekday).unwrap_or(&"Thu"),
        MONTHS.get(month.saturating_sub(1)).unwrap_or(&"Jan"),
    );
    format!(
        "{} {} {day:>2} {} UTC {year}",
        names.0,
        names.1,
        time_of_day(epoch)
    )
}

/// `2026-11-23T07:13:37+00:00`.
pub(crate) fn iso_line(epoch: f64) -> String {
    let (year, month, day) = civil((epoch as i64).div_euclid(86_400));
    format!("{year:04}-{month:02}-{day:02}T{}+00:00", time_of_day(epoch))
}

/// `0:13` or `2 days, 0:13`, as `uptime` says it.
pub(crate) fn short_uptime(seconds: u64) -> String {
    let clock = format!("{:2}:{:02}", seconds / 3600 % 24, seconds / 60 % 60);
    match seconds / 86_400 {
        0 => clock,
        1 => format!("1 day, {clock}"),
        days => format!("{days} days, {clock}"),
    }
}

/// `0:13:19` or `2 days, 0:13:19`, as `xl uptime` says it.
pub(crate) fn long_uptime(seconds: u64) -> String {
    let clock = format!(
        "{:2}:{:02}:{:02}",
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60
    );
    match seconds / 86_400 {
        0 => clock,
        1 => format!("1 day, {clock}"),
        days => format!("{days} days, {clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dates_as_date_does() {
        assert_eq!(date_line(1_795_418_017.0), "Mon Nov 23 07:13:37 UTC 2026");
        assert_eq!(date_line(951_782_400.0), "Tue Feb 29 00:00:00 UTC 2000");
        assert_eq!(long_uptime(799), " 0:13:19");
    }
}
