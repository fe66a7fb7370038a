//! Comma-separated values that spreadsheets cannot mistake for formulas.
use jiff::Timestamp;
use wxa_model::UnixMillis;
use wxa_wire::AuditView;

/// The names of the columns, as the first line.
pub(super) const HEAD: &str =
    "number,began,ended,by,from,operation,on,outcome,detail,object_id,request_id,id\r\n";

/// A row as a line.
pub(super) fn line(row: &AuditView) -> String {
    let cells = [
        row.number.to_string(),
        time(row.at),
        row.ended_at.map(time).unwrap_or_default(),
        cell(&row.by),
        cell(&row.from),
        cell(&row.what),
        cell(&row.on),
        cell(row.outcome.as_deref().unwrap_or_default()),
        cell(&row.detail),
        cell(&row.on_id),
        cell(&row.request_id),
        row.id.to_string(),
    ];
    cells.join(",") + "\r\n"
}

/// RFC 3339 in UTC, to the millisecond.
fn time(at: UnixMillis) -> String {
    let at = i64::try_from(at.0).ok();
    let time = at.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    time.map(|time| format!("{time:.3}")).unwrap_or_default()
}

/// In quotes, and with an apostrophe before what a spreadsheet would calculate: names and addresses come from people
/// who may not be trusted, and whoever opens the file is an administrator.
fn cell(text: &str) -> String {
    let first = text.trim_start().chars().next().or_else(|| text.chars().next());
    let calculates = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    );
    let guard = if calculates { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_cell_is_a_formula_or_ends_it() {
        for (text, wanted) in [
            ("web-01", r#""web-01""#),
            ("", r#""""#),
            ("a,b\nc", "\"a,b\nc\""),
            (r#"say "no""#, r#""say ""no""""#),
            ("=1+1", r#""'=1+1""#),
            ("  =cmd|'/c calc'!A0", r#""'  =cmd|'/c calc'!A0""#),
            ("+1", r#""'+1""#),
            ("-1", r#""'-1""#),
            ("@SUM(A1)", r#""'@SUM(A1)""#),
            ("\t=1", "\"'\t=1\""),
            ("＝1", r#""'＝1""#),
        ] {
            assert_eq!(cell(text), wanted);
        }
    }

    #[test]
    fn times_are_utc_to_the_millisecond() {
        assert_eq!(time(UnixMillis(1_795_440_000_042)), "2026-11-23T13:20:00.042Z");
        assert_eq!(time(UnixMillis(u64::MAX)), "");
    }
}
