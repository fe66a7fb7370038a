//! The console socket. Binary frames are the guest's bytes in both directions; text frames are these.
use serde::{Deserialize, Serialize};
use wxa_model::ConsoleKind;

/// The query string that opens a console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleQuery {
    /// Which console; the VM's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ConsoleKind>,
    /// The epoch of the history the viewer has; with `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// The offset after the last byte the viewer has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
}

/// Server to viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleFrame {
    /// First frame, and after every gap: the next binary frame begins at `offset`.
    Begin {
        /// Names the history: offsets of two epochs cannot be compared. On another epoch than before, clear the screen.
        epoch: u64,
        /// Offset of the next byte.
        offset: u64,
        /// Offset of the end of what is replayed; what follows is live.
        live_at: u64,
    },
    /// Bytes were left out here, because they are no longer kept or because the viewer was too slow.
    Skipped {
        /// How many.
        bytes: u64,
    },
    /// How the connection to the guest stands.
    Status {
        /// Now.
        status: ConsoleStatus,
    },
    /// Who has this console open, in order of arrival, the viewer included.
    Viewers {
        /// Account names.
        names: Vec<String>,
    },
}

/// How the server's connection to a guest's console stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleStatus {
    /// Being attached.
    Connecting,
    /// Attached: what is typed reaches the guest.
    Connected,
    /// The guest does not run; attached by itself as soon as it does.
    NotRunning,
    /// Somebody else holds the console; tried again by itself.
    Held {
        /// Who, as far as the host tells.
        by: String,
    },
    /// The host cannot be reached or refused; tried again by itself.
    Failed {
        /// What happened.
        why: String,
    },
}
