//! Reading what a request says: strictly, so that a typing error is told and not ignored.
use axum::{
    extract::Query,
    http::{StatusCode, Uri, header, request::Parts},
};
use serde::de::DeserializeOwned;
use wxa_model::{
    ConsoleLinkId, FilterId, HostId, NoticeId, SessionId, StatusLinkId, StatusPageId, TaskId, TokenId,
    UserId, VmId,
};
use wxa_wire::{Method, Operation, operation::NoId};

/// A request that cannot be used.
pub(super) struct Bad {
    pub(super) status: StatusCode,
    pub(super) why: String,
}

/// What a path can name.
pub(super) trait PathId: Sized + Send {
    /// None when the text names nothing, which is the same as naming something that is not there.
    fn from_path(text: &str) -> Option<Self>;
}

impl PathId for NoId {
    fn from_path(_: &str) -> Option<Self> {
        Some(Self)
    }
}

macro_rules! named_by_id {
    ($($id:ty),*) => {
        $(
            impl PathId for $id {
                fn from_path(text: &str) -> Option<Self> {
                    text.parse().ok()
                }
            }
        )*
    };
}

named_by_id!(
    VmId,
    HostId,
    FilterId,
    TaskId,
    UserId,
    SessionId,
    TokenId,
    StatusPageId,
    StatusLinkId,
    NoticeId,
    ConsoleLinkId
);

/// The operation's parameters: the query of a GET, else the JSON body; nothing stands for "no parameters".
pub(super) fn read<Op: Operation>(parts: &Parts, body: &[u8]) -> Result<Op::Params, Bad> {
    if Op::ROW.method == Method::Get {
        return query(&parts.uri);
    }
    if body.is_empty() || body == b"{}" {
        // Operations without parameters take an empty body.
        if let Ok(nothing) = serde_json::from_str("null") {
            return Ok(nothing);
        }
    }
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.starts_with("application/json")) {
        let why = "The body must be JSON (content-type: application/json).".to_owned();
        return Err(Bad {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            why,
        });
    }
    serde_json::from_slice(body).map_err(|error| {
        // The message names a field or a place, never a value that could be a secret.
        let why = format!("The body cannot be read: {}", shape_only(&error));
        Bad {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            why,
        }
    })
}

fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Bad> {
    if uri.query().is_none_or(str::is_empty)
        && let Ok(nothing) = serde_json::from_str("null")
    {
        return Ok(nothing);
    }
    let read = Query::try_from_uri(uri).map(|Query(params)| params);
    read.map_err(|error| Bad {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        why: format!("The query cannot be read: {}", error.body_text()),
    })
}

/// Serde quotes what it found for some errors; a secret in the wrong place must not come back or reach a log.
fn shape_only(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    if text.starts_with("unknown field") || text.starts_with("missing field") {
        text
    } else {
        format!("something has the wrong form{place}")
    }
}
