//! What can go wrong in an operation: a closed list; only `server` turns it into HTTP, in one exhaustive match.
use wxa_driver::ErrorKind;
use wxa_model::{Refusal, RefusalCode, TaskId, UnixMillis};

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No session, or it ended, or name and password do not fit.
    #[error("not signed in")]
    Unauthenticated,
    /// The caller's grants do not allow it.
    #[error("not allowed")]
    Forbidden,
    /// It takes a person: an API token cannot do it, whatever its owner may.
    #[error("an API token cannot do this")]
    NotByToken,
    /// Not there, or not to be seen by the caller.
    #[error("not found")]
    NotFound,
    /// Something given is wrong.
    #[error("{field}: {why}")]
    Invalid {
        /// Which field of the request.
        field: &'static str,
        /// What is wrong with it and what would be right.
        why: String,
    },
    /// Not possible now.
    #[error("{}", .0.sentence)]
    Conflict(Refusal),
    /// Too often.
    #[error("too many attempts")]
    TooMany {
        /// Seconds until it makes sense to try again.
        retry_after_s: u64,
    },
    /// The host cannot be reached or refused us.
    #[error("{why}")]
    HostUnavailable {
        /// What happened, in words for an administrator.
        why: String,
        /// Since when, where known.
        since: Option<UnixMillis>,
    },
    /// It may or may not have been done.
    #[error("the outcome is not known")]
    OutcomeUnknown {
        /// The task that will tell.
        task: Option<TaskId>,
    },
    /// It cannot be recorded now, so it was not done.
    #[error("{}", .0.sentence())]
    NotRecorded(NotRecorded),
    /// A fault of ours: the source goes to the log and never to a client.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why nothing can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRecorded {
    /// The disk has no room, or the database may not be written.
    NotWritable,
    /// Another program keeps the database locked.
    Busy,
}

impl NotRecorded {
    /// What happened and what to do, for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotWritable => {
                "Nothing was done: the server cannot write to its database, so it could not record who asked for what. Its \
                 disk is full, or its data folder may not be written. Make room there; no restart is needed."
            }
            Self::Busy => {
                "Nothing was done: another program keeps the server's database locked, so it could not record who asked \
                 for what. Try again in a moment."
            }
        }
    }
}

impl Error {
    /// Wraps a fault of ours.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }
}

impl From<wxa_driver::Error> for Error {
    fn from(error: wxa_driver::Error) -> Self {
        match error.kind {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::TimedOut { maybe_done: true } => Self::OutcomeUnknown { task: None },
            ErrorKind::Internal => Self::internal(error),
            ErrorKind::Busy
            | ErrorKind::Refused { .. }
            | ErrorKind::Cancelled
            | ErrorKind::Unauthenticated
            | ErrorKind::PermissionDenied
            | ErrorKind::KeyChanged { .. }
            | ErrorKind::JumpKeyChanged { .. }
            | ErrorKind::Untrusted
            | ErrorKind::OtherPool { .. }
            | ErrorKind::Unreachable
            | ErrorKind::TimedOut { maybe_done: false }
            | ErrorKind::NotSupported { .. }
            | ErrorKind::Malformed => Self::HostUnavailable {
                why: error.message,
                since: None,
            },
        }
    }
}

impl From<wxa_store::Error> for Error {
    fn from(error: wxa_store::Error) -> Self {
        match error {
            wxa_store::Error::LastAdmin => Self::Conflict(Refusal::new(
                RefusalCode::LastAdmin,
                "Nobody would be left who can administer the installation: make another administrator first.",
            )),
            wxa_store::Error::NotWritable(source) => {
                tracing::error!(error = %source, "the database cannot be written");
                Self::NotRecorded(NotRecorded::NotWritable)
            }
            wxa_store::Error::Busy => Self::NotRecorded(NotRecorded::Busy),
            wxa_store::Error::Duplicate
            | wxa_store::Error::Malformed { .. }
            | wxa_store::Error::Closed
            | wxa_store::Error::Sql(_) => Self::internal(error),
        }
    }
}
