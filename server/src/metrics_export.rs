//! `GET /metrics`: everything that is measured now, for Prometheus and whoever reads OpenMetrics.
//!
//! For scripts with an API token only, and as far as that token may see. Families come one after the other, so that ten
//! thousand VMs never are one text in memory.
mod family;
mod labels;
mod of_hosts;
mod of_own;
mod of_vms;
mod text;

#[cfg(test)]
mod tests;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::stream;
use std::{convert::Infallible, sync::Arc};
use wxa_core::{Error, MeasuredNow};
use wxa_model::UnixMillis;

use crate::{AppState, asked::Asked, bearer, problem, session};
use family::Family;
use labels::LeftOut;
use text::Format;

/// `/metrics`.
pub fn router() -> Router<AppState> {
    Router::new().route("/metrics", get(metrics))
}

async fn metrics(State(app): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    if !bearer::is_given(&headers) {
        // A cookie does not count here: what a browser is signed in to is no business of a scraper's address.
        let mut response = problem::reply(&Error::Unauthenticated, &asked.request_id);
        let how = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
        return response;
    }
    let ctx = match session::caller(&app, &headers, &asked).await {
        Ok(ctx) => ctx,
        Err(Error::Unauthenticated) => return problem::wrong_token(&asked.request_id),
        Err(error) => return problem::reply(&error, &asked.request_id),
    };
    let format = Format::asked(&headers);
    let sockets = app.sockets.view();
    let page = Page {
        measured: app.core.measured_now(&ctx),
        now: app.core.now(),
        sockets: (sockets.live, sockets.console, sockets.too_slow),
    };
    let families = families(Arc::new(page), format);
    let end = stream::iter(format.end().map(Bytes::from_static));
    let body = futures::StreamExt::chain(stream::iter(families), end);
    let body = Body::from_stream(futures::StreamExt::map(body, Ok::<_, Infallible>));
    (
        StatusCode::OK,
        [
            (header::CONTENT_TYPE, format.content_type()),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response()
}

/// What a page is made from.
struct Page {
    measured: MeasuredNow,
    now: UnixMillis,
    /// Live sockets, console sockets, and those that were too slow.
    sockets: (usize, usize, u64),
}

/// The text of one family after the other; what was left out comes last, because it is known then.
fn families(page: Arc<Page>, format: Format) -> impl Iterator<Item = Bytes> + Send {
    let mut left_out = LeftOut::default();
    let labels = Arc::new(labels::Labels::new(&page.measured, &mut left_out));
    let all: Vec<Family> = of_hosts::families()
        .into_iter()
        .chain(of_vms::families())
        .chain(of_own::families())
        .collect();
    let mut rest = all.into_iter();
    let mut budget = family::MOST_SERIES;
    let mut is_last_told = false;
    std::iter::from_fn(move || {
        loop {
            let Some(family) = rest.next() else {
                let told = std::mem::replace(&mut is_last_told, true);
                return (!told && page.measured.own.is_some()).then(|| left_out.text(format));
            };
            let text = family.text(&page, &labels, format, &mut budget, &mut left_out);
            if !text.is_empty() {
                return Some(Bytes::from(text));
            }
        }
    })
}
