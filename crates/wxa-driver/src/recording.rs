//! What a host records of its guests' consoles by itself, watched or not.
use bytes::Bytes;
use wxa_model::{ConsoleKind, VmId};

/// A place in what the host recorded of one console. Opaque to everybody but the driver, kept by whoever goes on later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LogPlace {
    /// Which file it is; another number is another file, whatever its name.
    pub file: u64,
    /// Bytes from its beginning.
    pub offset: u64,
}

/// One report of [`crate::Driver::record`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// A guest printed. Pieces of one console come in order; another file than before is another beginning.
    Printed {
        /// Which guest.
        vm: VmId,
        /// On which of its consoles.
        kind: ConsoleKind,
        /// Where the first byte stands in the host's record.
        from: LogPlace,
        /// What it printed: at most 64 KiB, unchanged.
        bytes: Bytes,
    },
    /// Bytes that the host recorded and that are gone: its file was cut or written anew faster than it was read.
    Missed {
        /// Which guest.
        vm: VmId,
        /// On which of its consoles.
        kind: ConsoleKind,
        /// How many; none where that cannot be known.
        bytes: Option<u64>,
        /// Where it goes on.
        at: LogPlace,
    },
    /// All that had been recorded when this was called has been told.
    CaughtUp,
}

/// Whether a host records its guests' consoles by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logging {
    /// Whether it does now.
    pub on: bool,
    /// What switching it over would change, line by line as an administrator would do it; empty where that cannot be done from here.
    pub change: Vec<String>,
}

/// How it shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It records.
    On,
    /// It does not.
    Off,
}
