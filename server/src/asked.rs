//! Who asks, as far as the connection tells: the address for the audit log, the id that finds the request in the log.
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, StatusCode, header::HeaderName, request::Parts},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use std::{
    net::{IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
};
use tracing::Instrument;
use uuid::Uuid;
use wxa_core::{Ctx, Error};

use crate::{AppState, problem};

/// The header that carries the request id in every reply.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Put into every request by [`note`].
#[derive(Clone, Debug)]
pub struct Asked {
    /// Made by us for each request.
    pub request_id: String,
    /// The caller's IP address.
    pub from: String,
}

impl Asked {
    /// A caller whose session is not known (yet).
    pub fn anonymous(&self) -> Ctx {
        Ctx::anonymous(self.from.clone(), self.request_id.clone())
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let asked = parts.extensions.get::<Self>().cloned();
        asked.ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Notes who asks, and logs the request once it is answered. The query is never logged: it may hold a one-time token.
pub async fn note(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let request_id = Uuid::new_v4().simple().to_string();
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    let from = peer.map(|peer| forwarded(peer, request.headers(), &app.trusted_proxies));
    let asked = Asked {
        request_id: request_id.clone(),
        from: from.map_or_else(String::new, |from| from.to_string()),
    };
    let span = tracing::info_span!("request", id = %request_id, from = %asked.from);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
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

/// The address behind trusted proxies: the last one in `X-Forwarded-For` that is not itself a trusted proxy.
fn forwarded(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let lines = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut nearest = peer;
    for hop in hops.iter().rev() {
        let Ok(address) = hop.parse() else { break };
        nearest = address;
        if !trusted.contains(&nearest) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let mut headers = HeaderMap::new();
        headers.insert(
            FORWARDED_FOR,
            "1.2.3.4, 9.9.9.9, 10.0.0.2".parse().expect("a value"),
        );
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(forwarded(ip("8.8.8.8"), &headers, &trusted), ip("8.8.8.8"));
        assert_eq!(forwarded(ip("10.0.0.1"), &headers, &trusted), ip("9.9.9.9"));
        headers.insert(FORWARDED_FOR, "nonsense".parse().expect("a value"));
        assert_eq!(forwarded(ip("10.0.0.1"), &headers, &trusted), ip("10.0.0.1"));
    }
}
