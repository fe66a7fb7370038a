//! What can go wrong between us and a hypervisor: a closed list of kinds.
use std::{error::Error as StdError, fmt};
use uuid::Uuid;
use wxa_model::Action;

/// The code of [`ErrorKind::Refused`] for a host whose certificate nobody has confirmed: nothing was asked there.
pub const UNKNOWN_CERTIFICATE: &str = "certificate_unknown";

/// A failure at a host. Its text may be shown to administrators: no secrets ever go in.
#[derive(Debug)]
pub struct Error {
    /// Which kind.
    pub kind: ErrorKind,
    /// What happened, in words, with the host's own where there are any.
    pub message: String,
    /// The cause, for logs.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The object is not there.
    NotFound,
    /// Something else holds it now; trying again later may work.
    Busy,
    /// The host understood and said no.
    Refused {
        /// For programs: an exit code or error name.
        code: String,
    },
    /// It was begun, and given up because somebody cancelled it.
    Cancelled,
    /// Our credentials were refused.
    Unauthenticated,
    /// The account may not do this on the host.
    PermissionDenied,
    /// The host's key is not the pinned one.
    KeyChanged {
        /// Pinned, `SHA256:…`.
        pinned: String,
        /// Shown now.
        seen: String,
    },
    /// The same of the host through which it is reached.
    JumpKeyChanged {
        /// Pinned, `SHA256:…`.
        pinned: String,
        /// Shown now.
        seen: String,
    },
    /// The certificate is not one that the authority which was given vouches for, or it has ended, or it is for another
    /// address. One that was renewed is accepted, so it is tried again.
    Untrusted,
    /// Another pool answers than the one that was added.
    OtherPool {
        /// The UUID of the one that was added.
        kept: Uuid,
        /// The UUID of the one that answers.
        seen: Uuid,
    },
    /// No connection.
    Unreachable,
    /// No answer in time.
    TimedOut {
        /// Whether what was asked for may have been done all the same.
        maybe_done: bool,
    },
    /// The driver cannot do this.
    NotSupported {
        /// What.
        action: Option<Action>,
    },
    /// The host answered with something that makes no sense.
    Malformed,
    /// A fault of ours.
    Internal,
}

impl Error {
    /// An error without a cause.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether trying again by itself makes sense.
    pub fn is_transient(&self) -> bool {
        match self.kind {
            ErrorKind::Busy
            | ErrorKind::Untrusted
            | ErrorKind::Unreachable
            | ErrorKind::TimedOut { .. }
            | ErrorKind::Malformed => true,
            ErrorKind::NotFound
            | ErrorKind::Refused { .. }
            | ErrorKind::Cancelled
            | ErrorKind::Unauthenticated
            | ErrorKind::PermissionDenied
            | ErrorKind::KeyChanged { .. }
            | ErrorKind::JumpKeyChanged { .. }
            | ErrorKind::OtherPool { .. }
            | ErrorKind::NotSupported { .. }
            | ErrorKind::Internal => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
