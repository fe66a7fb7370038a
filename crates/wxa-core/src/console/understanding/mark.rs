//! What is marked on a tape.
use wxa_model::{UnixMillis, console::GuestEvent};
use wxa_store::consoles::{BOOT, MarkRecord};

/// Something at a place on a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Where.
    pub(crate) offset: u64,
    /// When.
    pub(crate) at: UnixMillis,
    /// What.
    pub(crate) what: What,
    /// Milliseconds to the login prompt: of a boot that came so far, and of one that was slow.
    pub(crate) value: Option<u64>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The guest began to run.
    Boot,
    /// Its console told something.
    Told(GuestEvent),
}

impl From<Mark> for MarkRecord {
    fn from(mark: Mark) -> Self {
        let what = match mark.what {
            What::Boot => BOOT,
            What::Told(event) => event.key(),
        };
        Self {
            offset: mark.offset,
            at: mark.at,
            what: what.to_owned(),
            value: mark.value,
        }
    }
}

impl Mark {
    /// A mark as it was kept; none of something that this program does not know.
    pub(crate) fn of(record: &MarkRecord) -> Option<Self> {
        let what = if record.what == BOOT {
            What::Boot
        } else {
            What::Told(GuestEvent::from_key(&record.what)?)
        };
        Some(Self {
            offset: record.offset,
            at: record.at,
            what,
            value: record.value,
        })
    }
}
