//! The one conversion of core's errors to HTTP.
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use wxa_core::{Error, NotRecorded};
use wxa_wire::{ErrorBody, ErrorCode};

/// The reply for `error`. A fault of ours goes to the log, and only its request id to the client.
pub fn reply(error: &Error, request_id: &str) -> Response {
    if let Error::Internal(source) = error {
        tracing::error!(request_id, error = %chain(source.as_ref()), "a fault of ours");
    }
    let (status, body) = describe(error);
    let mut response = with_body(
        status,
        ErrorBody {
            request_id: request_id.to_owned(),
            ..body
        },
    );
    if let Error::TooMany { retry_after_s } = error {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_s));
    }
    response
}

/// Status and body of `error`, without a request id.
pub fn describe(error: &Error) -> (StatusCode, ErrorBody) {
    match error {
        Error::Unauthenticated => (
            StatusCode::UNAUTHORIZED,
            body(
                ErrorCode::Unauthenticated,
                "You are not signed in, or your session ended: sign in again.",
            ),
        ),
        Error::Forbidden => (
            StatusCode::FORBIDDEN,
            body(
                ErrorCode::Forbidden,
                "Your account may not do this. An administrator can grant it.",
            ),
        ),
        Error::NotByToken => (
            StatusCode::FORBIDDEN,
            body(
                ErrorCode::Forbidden,
                "API tokens cannot manage accounts, passwords, sessions or tokens: sign in as a person for that.",
            ),
        ),
        Error::NotFound => (
            StatusCode::NOT_FOUND,
            body(
                ErrorCode::NotFound,
                "This is not there (any more), or your account may not see it.",
            ),
        ),
        Error::Invalid { field, why } => (
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorBody {
                field: Some((*field).to_owned()),
                ..body(ErrorCode::Invalid, why)
            },
        ),
        Error::Conflict(refusal) => (
            StatusCode::CONFLICT,
            ErrorBody {
                refusal: Some(refusal.clone()),
                ..body(ErrorCode::Conflict, &refusal.sentence)
            },
        ),
        Error::TooMany { retry_after_s } => (
            StatusCode::TOO_MANY_REQUESTS,
            body(
                ErrorCode::TooMany,
                &format!("Too many attempts: try again in {retry_after_s} s."),
            ),
        ),
        Error::HostUnavailable { why, since: _ } => {
            (StatusCode::BAD_GATEWAY, body(ErrorCode::HostUnavailable, why))
        }
        Error::OutcomeUnknown { task: _ } => (
            StatusCode::GATEWAY_TIMEOUT,
            body(
                ErrorCode::OutcomeUnknown,
                "The host did not answer in time: it may or may not have been done. Its state tells as soon as it is heard again.",
            ),
        ),
        Error::NotRecorded(why) => (
            match why {
                NotRecorded::NotWritable => StatusCode::INSUFFICIENT_STORAGE,
                NotRecorded::Busy => StatusCode::SERVICE_UNAVAILABLE,
            },
            body(ErrorCode::NotRecorded, why.sentence()),
        ),
        Error::Internal(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            body(
                ErrorCode::Internal,
                "Something went wrong inside the console. The request id finds it in the server's log.",
            ),
        ),
    }
}

/// The request comes from another site's page, or from something that does not say where it comes from.
pub fn foreign_origin(request_id: &str) -> Response {
    let message = "The request does not come from this console's own pages. Scripts: use an API token.";
    let body = ErrorBody {
        request_id: request_id.to_owned(),
        ..body(ErrorCode::Forbidden, message)
    };
    with_body(StatusCode::FORBIDDEN, body)
}

/// Sign-in over plain HTTP from elsewhere: browsers would drop the cookie and the password would travel in the clear. So
/// would an API token.
pub fn plain_http(request_id: &str) -> Response {
    let message = "Signing in needs HTTPS, and so do API tokens: they would travel in the clear. Open the console by its https:// address, or on its own machine (127.0.0.1). To give it one, set tls_cert and tls_key or tls = \"self-signed\", or put a reverse proxy with TLS in front and set public_url.";
    let body = ErrorBody {
        request_id: request_id.to_owned(),
        ..body(ErrorCode::Forbidden, message)
    };
    with_body(StatusCode::FORBIDDEN, body)
}

/// Sign-in did not work; which half was wrong is not told.
pub fn not_let_in(operation: &str, request_id: &str) -> Response {
    let message = match operation {
        "session_create" => "The name or the password is wrong.",
        _ => "This link was used already, or is too old. The server's command line makes a new one.",
    };
    let body = ErrorBody {
        request_id: request_id.to_owned(),
        ..body(ErrorCode::Unauthenticated, message)
    };
    with_body(StatusCode::UNAUTHORIZED, body)
}

/// The `Authorization` header holds no API token that is good.
pub fn wrong_token(request_id: &str) -> Response {
    let message = "This API token is not known (any more): it was revoked, has expired, or its owner is disabled. \
                   Send it as: Authorization: Bearer wxa_…";
    let body = ErrorBody {
        request_id: request_id.to_owned(),
        ..body(ErrorCode::Unauthenticated, message)
    };
    let mut response = with_body(StatusCode::UNAUTHORIZED, body);
    let how = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    response
}

/// The request itself cannot be used.
pub fn unusable(status: StatusCode, field: &'static str, why: &str, request_id: &str) -> Response {
    let body = ErrorBody {
        field: Some(field.to_owned()),
        request_id: request_id.to_owned(),
        ..body(ErrorCode::Invalid, why)
    };
    with_body(status, body)
}

fn body(code: ErrorCode, message: &str) -> ErrorBody {
    ErrorBody {
        code,
        message: message.to_owned(),
        field: None,
        refusal: None,
        request_id: String::new(),
    }
}

/// A reply with a problem as its body.
pub fn with_body(status: StatusCode, body: ErrorBody) -> Response {
    let text = serde_json::to_string(&body).unwrap_or_default();
    let content_type = (
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    (status, [content_type], text).into_response()
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_a_fault_never_reaches_a_client() {
        let (status, body) = describe(&Error::internal("the password is hunter2"));
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!serde_json::to_string(&body).expect("json").contains("hunter2"));
    }

    #[test]
    fn too_many_says_when_to_come_back() {
        let response = reply(&Error::TooMany { retry_after_s: 7 }, "id");
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
    }
}
