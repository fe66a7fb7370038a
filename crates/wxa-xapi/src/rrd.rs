//! Measurements as `rrd_updates` tells them.
mod bare;
mod legend;
mod number;
mod read;

pub(crate) use legend::Legend;

use bare::WithoutBareWords;
use std::io::{BufReader, Read};
use wxa_driver::{Error, ErrorKind};

/// Seconds from one measurement to the next, where a member does not say otherwise.
pub(crate) const FINEST: i64 = 5;
/// XAPI's coarsest archive has a row a day.
const COARSEST: i64 = 86_400;
/// Columns that make sense.
const MOST_COLUMNS: usize = 200_000;
/// The same of rows: XAPI's longest archive has 366.
const MOST_ROWS: usize = 2_048;
/// Rows that are told of one answer: as many as a minute may have.
const LIVE_ROWS: usize = 64;

/// A window of measurements: of those columns that are used.
#[derive(Debug)]
pub(crate) struct Updates {
    /// Seconds that one row stands for. A member answers with a coarser one than it was asked for where it has no finer
    /// measurements, e.g. of a time that is long ago.
    step: i64,
    /// What the columns are: `AVERAGE:vm:<uuid>:cpu0`.
    pub(crate) legend: Vec<String>,
    rows: Vec<Row>,
}

/// One moment.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The end of its interval, in seconds since 1970 by the member's clock.
    pub(crate) t: i64,
    /// NaN where nothing is known.
    values: Box<[f32]>,
}

impl Updates {
    /// Seconds that one row stands for.
    pub(crate) fn step(&self) -> i64 {
        match self.step {
            0 => FINEST,
            step => step.clamp(1, COARSEST),
        }
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// `Malformed`.
    pub(crate) fn read(text: &[u8]) -> Result<Self, Error> {
        let read = serde_json::from_slice(text).or_else(|_| Self::read_from(text));
        read.map_err(|error| {
            Error::new(
                ErrorKind::Malformed,
                "The measurements of a member cannot be read.",
            )
            .with_source(error)
        })
    }

    /// Reads an answer while it comes.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn read_from(from: impl Read) -> serde_json::Result<Self> {
        serde_json::from_reader(BufReader::new(WithoutBareWords::new(from)))
    }

    /// All rows, the oldest first.
    pub(crate) fn into_rows(self) -> Vec<Row> {
        let mut rows = self.rows;
        rows.sort_by_key(|row| row.t);
        rows.dedup_by_key(|row| row.t);
        rows
    }

    /// The newest rows that are newer, the oldest first; without a cursor, the newest one.
    pub(crate) fn after(&self, cursor: Option<i64>) -> Vec<&Row> {
        let mut rows: Vec<&Row> = match cursor {
            Some(cursor) => self.rows.iter().filter(|row| row.t > cursor).collect(),
            None => self.rows.iter().max_by_key(|row| row.t).into_iter().collect(),
        };
        rows.sort_by_key(|row| row.t);
        rows.dedup_by_key(|row| row.t);
        rows.drain(..rows.len().saturating_sub(LIVE_ROWS));
        rows
    }
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
        let newest = updates.after(None).first().map(|row| row.values.to_vec());
        assert!(matches!(newest.as_deref(), Some([half, unknown]) if *half == 0.5 && unknown.is_nan()));
        Ok(())
    }

    #[test]
    fn bare_nan_of_old_members_is_read() -> Result<(), Error> {
        let old = TEXT.replace("\"NaN\"", "NaN").replace("0.25", "-Infinity");
        assert_eq!(Updates::read(old.as_bytes())?.after(Some(5)).len(), 2);
        Ok(())
    }

    /// As XAPI wrote it before it had a JSON library: names without quotation marks.
    const OLD: &str = "{meta: {start:1700000000,step:5,end:1700000060,rows:2,columns:3,legend:[\"AVERAGE:vm:v:cpu0\",\
        \"MAX:vm:v:cpu0\",\"AVERAGE:host:h:loadavg\"]},data:[{t:1700000060,values:[0.1,NaN,NaN]},{t:1700000055,values:[0.25,1,2]}]}";

    #[test]
    fn names_without_quotation_marks_are_read() -> Result<(), Error> {
        let updates = Updates::read(OLD.as_bytes())?;
        assert_eq!(updates.legend, ["AVERAGE:vm:v:cpu0", "AVERAGE:host:h:loadavg"]);
        assert_eq!(updates.step(), 5);
        let rows = updates.into_rows();
        let told: Vec<(i64, &[f32])> = rows.iter().map(|row| (row.t, row.values.as_ref())).collect();
        assert!(
            matches!(told.as_slice(), [(1_700_000_055, [quarter, two]), (1_700_000_060, [tenth, unknown])]
                if (*quarter, *two, *tenth) == (0.25, 2.0, 0.1) && unknown.is_nan()),
            "{told:?}"
        );
        Ok(())
    }

    #[test]
    fn only_columns_that_are_used_are_kept_whatever_comes_first() -> Result<(), Error> {
        let meta =
            r#""meta":{"legend":["MAX:vm:v:cpu0","AVERAGE:vm:v:cpu0","odd","AVERAGE:host:h:loadavg"]}"#;
        let data = r#""data":[{"t":5,"values":[1,2,3,4]}]"#;
        for text in [format!("{{{meta},{data}}}"), format!("{{{data},{meta}}}")] {
            let updates = Updates::read(text.as_bytes())?;
            assert_eq!(updates.legend, ["AVERAGE:vm:v:cpu0", "AVERAGE:host:h:loadavg"]);
            let kept = updates.after(None).first().map(|row| row.values.to_vec());
            assert_eq!(kept, Some(vec![2.0, 4.0]), "{text}");
        }
        Ok(())
    }

    #[test]
    fn of_more_rows_than_there_can_be_nothing_is_read_and_of_many_the_newest_are_told() -> Result<(), Error> {
        let of = |count: i64| {
            let rows: Vec<String> = (0..count)
                .map(|t| format!(r#"{{"t":{t},"values":[]}}"#))
                .collect();
            format!(r#"{{"meta":{{"legend":[]}},"data":[{}]}}"#, rows.join(","))
        };
        let times: Vec<i64> = Updates::read(of(100).as_bytes())?
            .after(Some(0))
            .iter()
            .map(|row| row.t)
            .collect();
        assert_eq!(times, (36..100).collect::<Vec<_>>());
        let refused = Updates::read(of(3000).as_bytes()).err().map(|error| error.kind);
        assert_eq!(refused, Some(ErrorKind::Malformed));
        Ok(())
    }

    proptest! {
        #[test]
        fn nonsense_is_refused(text in "\\PC{0,200}") {
            let _ = Updates::read(text.as_bytes());
        }
    }
}
