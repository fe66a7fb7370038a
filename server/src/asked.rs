//! Who asks, as far as the connection tells: the address for the audit log, the id that finds the request in the log.
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{self, HeaderName},
        request::Parts,
    },
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use tracing::Instrument;
use uuid::Uuid;
use wxa_core::{Ctx, Error};

use crate::{
    AppState,
    listen::{Peer, Scheme},
    problem, status,
};

/// The header that carries the request id in every reply.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Put into every request by [`note`].
#[derive(Clone, Debug)]
pub struct Asked {
    /// Made by us for each request.
    pub request_id: String,
    /// The caller's IP address.
    pub from: String,
    /// What the caller's program calls itself; empty when it does not.
    pub agent: String,
    /// How the request travelled, as far as can be known.
    pub scheme: Option<Scheme>,
}

impl Asked {
    /// A caller whose session is not known (yet).
    pub fn anonymous(&self) -> Ctx {
        Ctx {
            agent: self.agent.clone(),
            ..Ctx::anonymous(self.from.clone(), self.request_id.clone())
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let asked = parts.extensions.get::<Self>().cloned();
        asked.ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Notes who asks, and logs the request once it is answered. The query is never logged: it may hold a one-time token;
/// nor the secret of a status page's link.
pub async fn note(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let request_id = Uuid::new_v4().simple().to_string();
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|peer| peer.0);
    let caller = peer.map(|peer| app.proxies.caller(peer, request.headers()));
    let asked = Asked {
        request_id: request_id.clone(),
        from: caller.map_or_else(String::new, |caller| caller.address.to_string()),
        agent: agent(request.headers()),
        scheme: caller.and_then(|caller| caller.scheme),
    };
    let span = tracing::info_span!("request", id = %request_id, from = %asked.from);
    let (method, path) = (
        request.method().clone(),
        status::loggable(request.uri().path()).to_owned(),
    );
    request.extensions_mut().insert(asked);
    let answered = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .instrument(span.clone())
        .await;
    // Nothing should panic; when it does, one request fails and says so.
    let mut response = answered.unwrap_or_else(|_| problem::reply(&Error::internal("a panic"), &request_id));
    let status = response.status();
    span.in_scope(|| {
        let took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        if status.is_server_error() {
            tracing::warn!(%method, path, status = status.as_u16(), took_us, "answered");
        } else {
            tracing::debug!(%method, path, status = status.as_u16(), took_us, "answered");
        }
    });
    if let Ok(value) = request_id.parse() {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn agent(headers: &HeaderMap) -> String {
    let value = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}
