//! The screen socket. Binary frames are RFB (RFC 6143): the server's side to the viewer, the viewer's side to the server. Text frames
//! are these.
use crate::ConsoleStatus;
use serde::{Deserialize, Serialize};
use wxa_model::UnixMillis;

/// Server to viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenFrame {
    /// RFB begins anew, with the server's greeting: because the screen was just opened, or because the guest has rebooted or moved.
    /// Nothing is carried in either direction before the viewer has said [`ScreenWord::Ready`] for it.
    Begin {
        /// Numbers the sessions of this socket, from 1.
        session: u64,
    },
    /// How the connection to the guest stands.
    Status {
        /// Now.
        status: ConsoleStatus,
    },
    /// First frame, and when that changes: who looks at this screen, in order of arrival, the viewer included. Who is connected
    /// past this server is not known.
    Watchers {
        /// The viewer's own number.
        you: u64,
        /// All of them.
        watchers: Vec<ScreenWatcherView>,
    },
}

/// Somebody who looks at a screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenWatcherView {
    /// Its number.
    pub number: u64,
    /// Account name.
    pub name: String,
    /// Since when it looks.
    pub since: UnixMillis,
    /// Whether its keys, pointer and clipboard reach the guest. Who may not is not let by the server.
    pub acts: bool,
}

/// Viewer to server, as text frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenWord {
    /// Its binary frames from now on belong to that session; those before are thrown away.
    Ready {
        /// As told by [`ScreenFrame::Begin`].
        session: u64,
    },
}
