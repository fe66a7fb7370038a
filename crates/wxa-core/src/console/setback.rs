//! What it means that a console could not be attached: what to say, and when to try again. Pure.
use super::ConsoleStatus;
use crate::backoff::Backoff;
use std::time::Duration;
use wxa_driver::{Error, ErrorKind};

/// While the guest restarts; its next run is also noticed through the inventory.
pub(super) const RESTARTING: Backoff = Backoff {
    first: Duration::from_millis(250),
    most: Duration::from_secs(2),
};
/// After a failure.
pub(super) const FAILED: Backoff = Backoff {
    first: Duration::from_secs(1),
    most: Duration::from_secs(10),
};
/// While somebody else holds the console.
const HELD: Backoff = Backoff {
    first: Duration::from_secs(2),
    most: Duration::from_secs(2),
};
/// How drivers refuse the console of a guest that stopped since it was last seen.
const NOT_RUNNING: &str = "not_running";

/// An attempt that did not connect.
pub(super) struct Setback {
    /// What viewers are told.
    pub status: ConsoleStatus,
    /// Until the next attempt.
    pub pause: Backoff,
}

pub(super) fn setback(error: Error) -> Setback {
    let (status, pause) = match error.kind {
        ErrorKind::Busy => (ConsoleStatus::Held { by: error.message }, HELD),
        ErrorKind::NotFound => (ConsoleStatus::NotRunning, RESTARTING),
        ErrorKind::Refused { code } if code == NOT_RUNNING => (ConsoleStatus::NotRunning, RESTARTING),
        ErrorKind::Refused { .. }
        | ErrorKind::Cancelled
        | ErrorKind::Unauthenticated
        | ErrorKind::PermissionDenied
        | ErrorKind::KeyChanged { .. }
        | ErrorKind::JumpKeyChanged { .. }
        | ErrorKind::Untrusted
        | ErrorKind::OtherPool { .. }
        | ErrorKind::Unreachable
        | ErrorKind::TimedOut { .. }
        | ErrorKind::NotSupported { .. }
        | ErrorKind::Malformed
        | ErrorKind::Internal => (ConsoleStatus::Failed { why: error.message }, FAILED),
    };
    Setback { status, pause }
}
