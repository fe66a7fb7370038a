//! What the end of a connection means: try again, or wait for an administrator. Pure.
use wxa_driver::{Error, ErrorKind};
use wxa_model::Link;

/// What to do after a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Try again by itself; the words say what happened.
    Retry(String),
    /// Do not try again: the link stays like this until the host is attached anew.
    Stay(Link),
}

pub(super) fn verdict(error: &Error) -> Verdict {
    match &error.kind {
        ErrorKind::Unauthenticated => Verdict::Stay(Link::Unauthenticated {
            why: error.message.clone(),
        }),
        ErrorKind::KeyChanged { pinned, seen } => Verdict::Stay(Link::KeyChanged {
            pinned: pinned.clone(),
            seen: seen.clone(),
        }),
        ErrorKind::JumpKeyChanged { pinned, seen } => Verdict::Stay(Link::JumpKeyChanged {
            pinned: pinned.clone(),
            seen: seen.clone(),
        }),
        ErrorKind::OtherPool { kept, seen } => Verdict::Stay(Link::OtherPool {
            kept: *kept,
            seen: *seen,
        }),
        ErrorKind::NotFound
        | ErrorKind::Untrusted
        | ErrorKind::Busy
        | ErrorKind::Refused { .. }
        | ErrorKind::Cancelled
        | ErrorKind::PermissionDenied
        | ErrorKind::Unreachable
        | ErrorKind::TimedOut { .. }
        | ErrorKind::NotSupported { .. }
        | ErrorKind::Malformed
        | ErrorKind::Internal => Verdict::Retry(error.message.clone()),
    }
}
