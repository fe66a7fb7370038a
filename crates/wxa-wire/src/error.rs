//! The one shape of every error reply (`application/problem+json`).
use serde::{Deserialize, Serialize};
use std::fmt;
use wxa_model::Refusal;

/// What went wrong, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 401: no session, or it ended.
    Unauthenticated,
    /// 403: the caller's grants do not allow it, or the request came from another site.
    Forbidden,
    /// 404: not there, or not to be seen by the caller.
    NotFound,
    /// 400/422: something in the request is wrong; `field` names it.
    Invalid,
    /// 409: not possible now; `refusal` says why.
    Conflict,
    /// 429: too often.
    TooMany,
    /// 502/503: the host cannot be reached or refused us.
    HostUnavailable,
    /// 504: it may or may not have been done.
    OutcomeUnknown,
    /// 507/503: the server cannot record the act now (no room, or its database is locked), so it was not done.
    NotRecorded,
    /// 500: a fault of ours; the request id finds it in the log.
    Internal,
    /// The server could not be reached (made in the browser).
    Offline,
}

/// The body of every error reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// For programs.
    pub code: ErrorCode,
    /// For people: what happened and what to do.
    pub message: String,
    /// The field of the request that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Why it is not possible now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Finds this request in the server's log.
    #[serde(default)]
    pub request_id: String,
}

impl fmt::Display for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ErrorBody {}
