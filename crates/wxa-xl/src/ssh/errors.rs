//! From russh's errors to ours.
use std::time::Duration;
use wxa_driver::{Error, ErrorKind};

/// Connecting took too long.
pub(crate) fn connect_timed_out(address: &str, port: u16) -> Error {
    Error::new(
        ErrorKind::TimedOut { maybe_done: false },
        format!("{address} port {port} did not answer within 10 s."),
    )
}

/// Connecting failed.
pub(crate) fn connecting(address: &str, port: u16, error: russh::Error) -> Error {
    let place = format!("{address} port {port}");
    let (kind, message) = match &error {
        russh::Error::IO(io) => match io.kind() {
            std::io::ErrorKind::ConnectionRefused => (
                ErrorKind::Unreachable,
                format!("{place} refuses connections: no SSH server listens there."),
            ),
            _ => (
                ErrorKind::Unreachable,
                format!("{place} cannot be reached: {io}."),
            ),
        },
        russh::Error::Version | russh::Error::PacketSize(_) => (
            ErrorKind::Malformed,
            format!("What answers at {place} is not an SSH server."),
        ),
        russh::Error::NoCommonAlgo { kind, theirs, .. } => (
            ErrorKind::Malformed,
            format!(
                "The SSH server at {place} offers no {kind:?} algorithm that is safe enough: {}.",
                theirs.join(", ")
            ),
        ),
        russh::Error::ConnectionTimeout
        | russh::Error::KeepaliveTimeout
        | russh::Error::InactivityTimeout => (
            ErrorKind::TimedOut { maybe_done: false },
            format!("{place} did not answer in time."),
        ),
        other => (
            ErrorKind::Unreachable,
            format!("No SSH connection to {place}: {other}."),
        ),
    };
    Error::new(kind, message).with_source(error)
}

/// A connection that was there is gone.
pub(crate) fn lost(why: Option<String>) -> Error {
    match why {
        Some(why) if why.contains("timeout") => Error::new(
            ErrorKind::TimedOut { maybe_done: false },
            "The host has not answered for 10 s.",
        ),
        Some(why) => Error::new(ErrorKind::Unreachable, format!("The connection was lost: {why}.")),
        None => Error::new(ErrorKind::Unreachable, "The connection was lost."),
    }
}

/// sshd's `MaxSessions` is reached by what cannot wait.
pub(crate) fn no_more_sessions() -> Error {
    Error::new(
        ErrorKind::Refused {
            code: "max_sessions".to_owned(),
        },
        "The host opens no more SSH sessions on a connection: MaxSessions in its sshd_config is too low. At least 3 are \
         needed; 10, the default, are right.",
    )
}

/// A command did not end in time.
pub(crate) fn command_timed_out(command: &str, after: Duration, maybe_done: bool) -> Error {
    Error::new(
        ErrorKind::TimedOut { maybe_done },
        format!(
            "The host has not finished `{command}` within {} s.",
            after.as_secs()
        ),
    )
}
