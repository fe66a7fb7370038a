//! A host behind another SSH host: our connection to it runs inside one to the jump host.
use super::Link;
use crate::config::SshTarget;
use russh::{ChannelOpenFailure, ChannelStream, client::Msg};
use wxa_driver::{Error, ErrorKind};

/// Signs in at the jump host.
///
/// # Errors
/// As for [`Link::open`], each saying that it is about the jump host.
pub(super) async fn open(jump: &SshTarget) -> Result<Link, Error> {
    Link::open(jump).await.map_err(explain)
}

/// A stream from the jump host to `address`, for a connection of ours.
///
/// # Errors
/// `Unreachable` when the jump host cannot reach it or may not.
pub(super) async fn forward(jump: &Link, address: &str, port: u16) -> Result<ChannelStream<Msg>, Error> {
    let opened = jump
        .handle
        .channel_open_direct_tcpip(address, u32::from(port), "127.0.0.1", 0)
        .await;
    opened.map(russh::Channel::into_stream).map_err(|error| match error {
        russh::Error::ChannelOpenFailure(ChannelOpenFailure::AdministrativelyProhibited) => Error::new(
            ErrorKind::Unreachable,
            "The jump host forwards no connections for this account: its sshd must have AllowTcpForwarding yes.",
        ),
        russh::Error::ChannelOpenFailure(_) => Error::new(
            ErrorKind::Unreachable,
            format!("The jump host cannot reach {address} port {port}."),
        ),
        _ => explain(jump.lost()),
    })
}

/// Says that it is the jump host that an error is about.
pub(super) fn explain(error: Error) -> Error {
    let kind = match error.kind {
        ErrorKind::KeyChanged { pinned, seen } => ErrorKind::JumpKeyChanged { pinned, seen },
        kind => kind,
    };
    Error {
        kind,
        message: format!("The jump host cannot be used: {}", error.message),
        source: error.source,
    }
}

/// A link to the jump host, where there is one: for a look at what is behind it.
pub(super) async fn via(jump: Option<&SshTarget>) -> Result<Option<Link>, Error> {
    match jump {
        Some(jump) => open(jump).await.map(Some),
        None => Ok(None),
    }
}
