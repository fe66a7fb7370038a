//! Why a socket ends, and sending without waiting for ever.
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message, protocol::CloseFrame};
use wxa_core::Error;
use wxa_wire::close;

use super::counted::Socket;

/// How long the other end may take to accept one message.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// How long the other end may take to answer a close.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// Why a socket ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The other end left.
    Left,
    /// It must end with this code and reason.
    Close(u16, String),
}

impl End {
    pub(super) fn signed_out() -> Self {
        Self::Close(close::SIGNED_OUT, "The session ended.".into())
    }

    pub(super) fn stopping() -> Self {
        Self::Close(close::GOING_AWAY, "The server stops.".into())
    }

    pub(super) fn bad(why: &str) -> Self {
        Self::Close(close::BAD_REQUEST, why.into())
    }

    /// Whether the other end did not keep up.
    pub(super) fn is_too_slow(&self) -> bool {
        matches!(self, Self::Close(close::TOO_SLOW, _))
    }

    /// Whether the other end may not be here any more.
    pub(super) fn turns_out(&self) -> bool {
        matches!(
            self,
            Self::Close(close::SIGNED_OUT | close::FORBIDDEN | close::NOT_FOUND, _)
        )
    }

    /// As a sentence for the audit log.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Left => "The viewer left.",
            Self::Close(_, reason) => reason,
        }
    }

    pub(super) fn too_many() -> Self {
        Self::Close(close::TOO_MANY, "Too many sockets for one session.".into())
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Unauthenticated => close::SIGNED_OUT,
            Error::Forbidden | Error::NotByToken => close::FORBIDDEN,
            Error::NotFound => close::NOT_FOUND,
            Error::TooMany { .. } => close::TOO_MANY,
            Error::Invalid { .. } | Error::Conflict(_) => close::BAD_REQUEST,
            Error::HostUnavailable { .. }
            | Error::OutcomeUnknown { .. }
            | Error::NotRecorded(_)
            | Error::Internal(_) => 1011,
        };
        if let Error::Internal(source) = &error {
            tracing::error!(error = %source, "a fault of ours ended a socket");
        }
        Self::Close(code, error.to_string())
    }
}

/// Sends one message.
///
/// # Errors
/// The end of the socket, when the other end has gone or reads too slowly.
pub(super) async fn send(socket: &mut Socket, message: Message) -> Result<(), End> {
    match timeout(SEND_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Left),
        Err(_) => Err(End::Close(close::TOO_SLOW, "The connection is too slow.".into())),
    }
}

/// Closes `socket`, and waits a moment for the answer so that the code arrives.
pub(super) async fn finish(mut socket: Socket, end: End) {
    let End::Close(code, reason) = end else { return };
    // A close frame holds 123 bytes of reason.
    let reason: String = reason.chars().take(100).filter(char::is_ascii).collect();
    let frame = CloseFrame {
        code: code.into(),
        reason: reason.into(),
    };
    let answered = async {
        socket.send(Message::Close(Some(frame))).await?;
        while let Some(message) = socket.recv().await {
            message?;
        }
        Ok::<_, tungstenite::Error>(())
    };
    // When it does not answer in time, the connection is dropped all the same.
    let _ = timeout(CLOSE_WITHIN, answered).await;
}
