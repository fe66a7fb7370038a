//! Streams to ports of the host through its SSH connection (RFC 4254, 7.2). OpenSSH counts none of them as a session.
use super::Link;
use crate::transport::Tunnel;
use russh::ChannelOpenFailure;
use std::time::Duration;
use tokio::time::timeout;
use wxa_driver::{Error, ErrorKind};

/// How long the host may take to connect.
const OPENS: Duration = Duration::from_secs(10);

impl Link {
    /// See [`crate::transport::Connection::tunnel`].
    pub(crate) async fn tunnel(&self, address: &str, port: u16) -> Result<Tunnel, Error> {
        let opening = self
            .handle
            .channel_open_direct_tcpip(address, u32::from(port), "127.0.0.1", 0);
        let opened = match timeout(OPENS, opening).await {
            Ok(opened) => opened,
            Err(_) => {
                let sentence = format!(
                    "The host did not reach its own port {port} within {} s.",
                    OPENS.as_secs()
                );
                return Err(Error::new(ErrorKind::TimedOut { maybe_done: false }, sentence));
            }
        };
        match opened {
            Ok(channel) => Ok(Box::new(channel.into_stream())),
            Err(russh::Error::ChannelOpenFailure(ChannelOpenFailure::AdministrativelyProhibited)) => {
                Err(Error::new(
                    ErrorKind::PermissionDenied,
                    "The host's SSH server forwards no connections for this account: screens need `AllowTcpForwarding yes` \
                 (or `local`) there.",
                ))
            }
            Err(russh::Error::ChannelOpenFailure(_)) => Err(nothing_there(port)),
            Err(_) => Err(self.lost()),
        }
    }
}

/// Nothing listens at a port of the host.
pub(crate) fn nothing_there(port: u16) -> Error {
    Error::new(
        ErrorKind::Refused {
            code: "no_screen".to_owned(),
        },
        format!("Nothing answers at port {port} of the host, where the screen should be."),
    )
}
