//! The console socket. Binary frames are the guest's bytes in both directions; text frames are these.
pub mod history;
pub mod links;
pub mod recording;

use serde::{Deserialize, Serialize};
use wxa_model::{ConsoleKind, UnixMillis};

/// The query string that opens a console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleQuery {
    /// Which console; the VM's first text console when absent. A graphical one is refused: it is opened as a screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ConsoleKind>,
    /// The epoch of the history the viewer has; with `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// The offset after the last byte the viewer has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// An offset to begin at, whatever the viewer has: of a link to a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
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
    /// Who has this console open and who of them types, in order of arrival.
    Viewers {
        /// The viewer's own number.
        you: u64,
        /// All of them, the viewer included.
        viewers: Vec<ConsoleViewerView>,
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

/// One who has the console open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleViewerView {
    /// Its number in this console.
    pub number: u64,
    /// Account name, or the name of a guest link.
    pub name: String,
    /// Whether it came by a guest link.
    pub guest: bool,
    /// Since when it is here.
    pub since: UnixMillis,
    /// What it does with the keyboard.
    pub keyboard: KeyboardState,
}

/// What a viewer does with the keyboard, which one at a time has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyboardState {
    /// Has it: what is typed reaches the guest.
    Types,
    /// Watches, and has asked for it.
    Asks,
    /// Watches.
    Watches,
    /// May only watch.
    MayOnlyWatch,
}

/// Viewer to server, as text frames: about the keyboard. Typed bytes of one who does not have it are thrown away, unless nobody
/// has it: then who types has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleWord {
    /// Asks for the keyboard; has it at once where nobody else does.
    Ask,
    /// Does not ask any more.
    Withdraw,
    /// Gives it to a viewer.
    HandOver {
        /// Its number.
        to: u64,
    },
    /// Gives it back: whoever asked longest has it then.
    Release,
    /// Takes it from whoever has it: administrators only.
    Take,
}
