//! A chart as a file for spreadsheets: a row for each step, three columns for each line, times in UTC.
use super::plot::Plot;
use std::fmt::Write;

/// The file.
pub fn csv(plot: &Plot) -> String {
    let unit = match plot.quantity {
        super::quantity::Quantity::Bytes => "bytes",
        other => other.unit(),
    };
    let mut text = String::from("time");
    for line in &plot.lines {
        for part in ["avg", "min", "max"] {
            text.push(',');
            let unit = if unit.is_empty() {
                String::new()
            } else {
                format!(", {unit}")
            };
            field(&format!("{} ({part}{unit})", line.name), &mut text);
        }
    }
    text.push_str("\r\n");
    let (first, last) = plot.shown();
    for i in first..last {
        text.push_str(&utc(plot.begin(i)));
        for line in &plot.lines {
            match line.column.at(i) {
                // Writing to a string does not fail.
                Some(point) => drop(write!(text, ",{},{},{}", point.avg, point.min, point.max)),
                None => text.push_str(",,,"),
            }
        }
        text.push_str("\r\n");
    }
    text
}

/// A field; nothing in it is taken for a formula.
fn field(value: &str, to: &mut String) {
    let safe = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    to.push('"');
    to.push_str(safe);
    to.push_str(&value.replace('"', "\"\""));
    to.push('"');
}

/// A moment as `2026-11-23T14:05:00Z`.
pub fn utc(ms: u64) -> String {
    let seconds = ms / 1000;
    let (day, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, date) = civil(day);
    format!(
        "{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Year, month and day of a day since 1970. Counted in eras of 400 years that begin in March, as leap days end them.
fn civil(day: u64) -> (u64, u64, u64) {
    let day = day + 719_468;
    let era = day / 146_097;
    let in_era = day % 146_097;
    let year = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let date = in_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + u64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::plot::tests::plot;

    #[test]
    fn a_row_is_a_step_and_a_gap_is_empty() {
        let mut plot = plot();
        plot.window = (110, 129);
        plot.lines[0].name = "=cmd|\"x\"".into();
        assert_eq!(
            csv(&plot),
            "time,\"'=cmd|\"\"x\"\" (avg, MB/s)\",\"'=cmd|\"\"x\"\" (min, MB/s)\",\"'=cmd|\"\"x\"\" (max, MB/s)\",\
             \"line b (avg, MB/s)\",\"line b (min, MB/s)\",\"line b (max, MB/s)\"\r\n\
             1970-01-01T00:00:00Z,2,2,2,9,9,9\r\n\
             1970-01-01T00:00:00Z,3,3,3,,,\r\n"
        );
    }

    #[test]
    fn moments_are_utc() {
        assert_eq!(utc(1_795_440_000_000), "2026-11-23T13:20:00Z");
        assert_eq!(utc(1_709_164_800_000), "2024-02-29T00:00:00Z");
        assert_eq!(utc(1_798_761_599_000), "2026-12-31T23:59:59Z");
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
    }
}
