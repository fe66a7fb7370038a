//! The API's operations without the way over a socket: same router, same rights, same replies.
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{header, request::Parts},
};
use serde_json::value::RawValue;
use tower::ServiceExt;

use crate::asked::Asked;

/// The largest reply that a page takes in, in bytes.
const REPLY_LIMIT: usize = 8 * 1024 * 1024;

/// Runs GETs on the operations.
#[derive(Clone, Debug)]
pub(super) struct InProcess(Router);

impl InProcess {
    pub(super) fn new(operations: Router) -> Self {
        Self(operations)
    }

    /// The reply to a GET of `url` with the session of `page`; none when it was refused or failed.
    pub(super) async fn get(&self, url: &str, page: &Parts) -> Option<Box<RawValue>> {
        let mut request = Request::get(url);
        if let Some(cookie) = page.headers.get(header::COOKIE) {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(asked) = page.extensions.get::<Asked>() {
            request = request.extension(asked.clone());
        }
        let response = match self.0.clone().oneshot(request.body(Body::empty()).ok()?).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        if !response.status().is_success() {
            tracing::debug!(
                url,
                status = response.status().as_u16(),
                "a page goes without this"
            );
            return None;
        }
        let body = to_bytes(response.into_body(), REPLY_LIMIT).await.ok()?;
        serde_json::from_slice(&body).ok()
    }
}
