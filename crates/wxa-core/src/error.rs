//! What can go wrong in an operation: a closed list; only `server` turns it into HTTP, in one exhaustive match.
use wxa_driver::ErrorKind;
use wxa_model::{Refusal, TaskId, UnixMillis};

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No session, or it ended, or name and password do not fit.
    #[error("not signed in")]
    Unauthenticated,
    /// The caller's grants do not allow it.
    #[error("not allowed")]
    Forbidden,
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
    /// A fault of ours: the source goes to the log and never to a client.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
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
            | ErrorKind::Unauthenticated
            | ErrorKind::PermissionDenied
            | ErrorKind::KeyChanged { .. }
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
            wxa_store::Error::LastAdmin => Self::Invalid {
                field: "user",
                why: "nobody would be left who can administer the installation: make another administrator first"
                    .into(),
            },
            wxa_store::Error::Duplicate
            | wxa_store::Error::Malformed { .. }
            | wxa_store::Error::Closed
            | wxa_store::Error::Sql(_) => Self::internal(error),
        }
    }
}
