//! How things stood: a row for each time in which something was up, degraded or down, and the periods that were recorded.
mod copy;
mod prune;
mod read;
mod write;

use crate::{Error, row};
use uuid::Uuid;
use wxa_model::{
    CheckId, HostId, ServiceId, UnixMillis, VmId,
    status::{Standing, Watched},
};

/// A time in which something stood one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanRecord {
    /// What.
    pub of: Watched,
    /// When it began to.
    pub began: UnixMillis,
    /// When that ended; none while it goes on, which is known up to the end of the newest period.
    pub ended: Option<UnixMillis>,
    /// How it stood; what is unknown is not kept.
    pub standing: Standing,
}

/// A time in which states were recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodRecord {
    /// When it began.
    pub began: UnixMillis,
    /// Up to when it is known how things stood.
    pub known: UnixMillis,
}

/// What is to be different in what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanChange {
    /// This is kept, in place of what began at the same moment.
    Put(SpanRecord),
    /// What began then is forgotten.
    Drop {
        /// Of what.
        of: Watched,
        /// When it began.
        began: UnixMillis,
    },
}

#[derive(sqlx::FromRow)]
struct SpanRow {
    kind: i64,
    uuid: Vec<u8>,
    began: i64,
    ended: Option<i64>,
    standing: i64,
}

impl SpanRow {
    fn record(self) -> Result<SpanRecord, Error> {
        let malformed = |column| Error::Malformed { column };
        let uuid = Uuid::from_slice(&self.uuid).map_err(|_| malformed("state_subject.uuid"))?;
        Ok(SpanRecord {
            of: match self.kind {
                0 => Watched::Vm(VmId(uuid)),
                1 => Watched::Host(HostId(uuid)),
                2 => Watched::Check(CheckId(uuid)),
                3 => Watched::Service(ServiceId(uuid)),
                _ => return Err(malformed("state_subject.kind")),
            },
            began: row::from_sql(self.began),
            ended: self.ended.map(row::from_sql),
            standing: match self.standing {
                0 => Standing::Up,
                1 => Standing::Degraded,
                2 => Standing::Down,
                _ => return Err(malformed("state_span.standing")),
            },
        })
    }
}

fn records(rows: Vec<SpanRow>) -> Result<Vec<SpanRecord>, Error> {
    rows.into_iter().map(SpanRow::record).collect()
}

/// Kind and id of a subject, as they are kept.
fn key(of: Watched) -> (i64, Uuid) {
    match of {
        Watched::Vm(id) => (0, id.0),
        Watched::Host(id) => (1, id.0),
        Watched::Check(id) => (2, id.0),
        Watched::Service(id) => (3, id.0),
    }
}

/// A standing as it is kept; none for unknown, which is not.
fn standing(standing: Standing) -> Option<i64> {
    match standing {
        Standing::Up => Some(0),
        Standing::Degraded => Some(1),
        Standing::Down => Some(2),
        Standing::Unknown => None,
    }
}
