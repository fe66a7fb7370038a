//! Measurements as `rrd_updates` tells them.
mod legend;
mod number;

pub(crate) use legend::Legend;

use crate::loose;
use number::Number;
use serde::Deserialize;
use std::borrow::Cow;
use wxa_driver::{Error, ErrorKind};

/// Seconds from one measurement to the next, where a member does not say otherwise.
pub(crate) const FINEST: i64 = 5;
/// XAPI's coarsest archive has a row a day.
const COARSEST: i64 = 86_400;
/// Columns and rows that make sense.
const MOST_COLUMNS: usize = 200_000;

/// A window of measurements.
#[derive(Debug, Deserialize)]
pub(crate) struct Updates {
    pub(crate) meta: Meta,
    data: Vec<Row>,
}

/// What the columns are.
#[derive(Debug, Deserialize)]
pub(crate) struct Meta {
    /// Seconds that one row stands for. A member answers with a coarser one than it was asked for where it has no finer
    /// measurements, e.g. of a time that is long ago.
    #[serde(default, deserialize_with = "loose::int")]
    step: i64,
    /// `AVERAGE:vm:<uuid>:cpu0`.
    pub(crate) legend: Vec<String>,
}

/// One moment.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    /// The end of its interval, in seconds since 1970 by the member's clock.
    pub(crate) t: i64,
    values: Vec<Number>,
}

impl Updates {
    /// Seconds that one row stands for.
    pub(crate) fn step(&self) -> i64 {
        match self.meta.step {
            0 => FINEST,
            step => step.clamp(1, COARSEST),
        }
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// `Malformed`.
    pub(crate) fn read(text: &[u8]) -> Result<Self, Error> {
        let read = serde_json::from_slice(text).or_else(|_| serde_json::from_slice(&without_nan(text)));
        let read: Self = read.map_err(|error| {
            Error::new(
                ErrorKind::Malformed,
                "The measurements of a member cannot be read.",
            )
            .with_source(error)
        })?;
        match read.meta.legend.len() > MOST_COLUMNS {
            true => Err(Error::new(
                ErrorKind::Malformed,
                "A member measures more than there can be.",
            )),
            false => Ok(read),
        }
    }

    /// All rows, the oldest first.
    pub(crate) fn into_rows(self) -> Vec<Row> {
        let mut rows = self.data;
        rows.sort_by_key(|row| row.t);
        rows.dedup_by_key(|row| row.t);
        rows
    }

    /// The rows that are newer, the oldest first; without a cursor, the newest one.
    pub(crate) fn after(&self, cursor: Option<i64>) -> Vec<Row> {
        let mut rows: Vec<Row> = match cursor {
            Some(cursor) => self.data.iter().filter(|row| row.t > cursor).cloned().collect(),
            None => self
                .data
                .iter()
                .max_by_key(|row| row.t)
                .cloned()
                .into_iter()
                .collect(),
        };
        rows.sort_by_key(|row| row.t);
        rows.dedup_by_key(|row| row.t);
        rows
    }
}

/// Old members write what JSON does not have: bare `NaN` and `Infinity` become null.
fn without_nan(text: &[u8]) -> Cow<'_, [u8]> {
    let mut clean = Vec::with_capacity(text.len());
    let (mut rest, mut in_text) = (text, false);
    while let Some((byte, after)) = rest.split_first() {
        let bare = [
            &b"NaN"[..],
            b"-NaN",
            b"-nan",
            b"nan",
            b"Infinity",
            b"-Infinity",
            b"inf",
            b"-inf",
        ];
        if !in_text && let Some(word) = bare.into_iter().find(|word| rest.starts_with(word)) {
            clean.extend_from_slice(b"null");
            rest = rest.get(word.len()..).unwrap_or_default();
            continue;
        }
        // No legend has an escaped quotation mark.
        in_text ^= *byte == b'"';
        clean.push(*byte);
        rest = after;
    }
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = r#"{"meta":{"start":0,"step":5,"end":15,"rows":2,"columns":2,"legend":["AVERAGE:host:h:cpu0","AVERAGE:vm:v:cpu0"]},
        "data":[{"t":15,"values":["0.5","NaN"]},{"t":10,"values":[0.25,1]}]}"#;

    #[test]
    fn rows_come_oldest_first_and_only_once() -> Result<(), Error> {
        let updates = Updates::read(TEXT.as_bytes())?;
        let times = |cursor| updates.after(cursor).iter().map(|row| row.t).collect::<Vec<_>>();
        assert_eq!(
            (times(None), times(Some(5)), times(Some(10)), times(Some(15))),
            (vec![15], vec![10, 15], vec![15], vec![])
        );
        assert_eq!(
            updates.after(None).first().map(|row| row.values.clone()),
            Some(vec![Number(Some(0.5)), Number(None)])
        );
        Ok(())
    }

    #[test]
    fn bare_nan_of_old_members_is_read() -> Result<(), Error> {
        let old = TEXT.replace("\"NaN\"", "NaN").replace("0.25", "-Infinity");
        assert_eq!(Updates::read(old.as_bytes())?.after(Some(5)).len(), 2);
        Ok(())
    }

    proptest! {
        #[test]
        fn nonsense_is_refused(text in "\\PC{0,200}") {
            let _ = Updates::read(text.as_bytes());
        }
    }
}
