//! Reading columns back into types: a value that makes no sense is an error with its column's name.
use crate::Error;
use wxa_model::UnixMillis;

/// Parses an id or anything else that is kept as text.
pub(crate) fn parse<T: std::str::FromStr>(text: &str, column: &'static str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Malformed { column })
}

/// Those rows that make sense; others are logged and left out, so that one does not hide all.
pub(crate) fn readable<R, T>(rows: Vec<R>, read: impl Fn(R) -> Result<T, Error>) -> Vec<T> {
    let log = |error: &Error| tracing::error!(%error, "a row of the database makes no sense and is left out");
    rows.into_iter()
        .filter_map(|row| read(row).inspect_err(log).ok())
        .collect()
}

/// A time as SQLite keeps it.
pub(crate) fn to_sql(time: UnixMillis) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}

/// A time from SQLite.
pub(crate) fn from_sql(time: i64) -> UnixMillis {
    UnixMillis(u64::try_from(time).unwrap_or_default())
}
