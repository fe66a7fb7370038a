//! Pages packed on the fly: they are made anew for everybody, so this has to be quick rather than thorough.
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

use crate::assets::takes_gzip;

/// Smaller pages are sent as they are, in bytes.
const WORTH_IT: usize = 1024;
/// The largest page, in bytes; far beyond what is ever rendered.
const MOST: usize = 64 * 1024 * 1024;

/// Packs the body if the browser takes it packed.
pub(crate) async fn pack(response: Response, request: &HeaderMap) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, MOST).await else {
        return Response::from_parts(parts, Body::empty());
    };
    parts
        .headers
        .insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    if plain.len() < WORTH_IT || !takes_gzip(request) {
        return Response::from_parts(parts, Body::from(plain));
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    match encoder.write_all(&plain).and_then(|()| encoder.finish()) {
        Ok(packed) => {
            let gzip = HeaderValue::from_static("gzip");
            parts.headers.insert(header::CONTENT_ENCODING, gzip);
            Response::from_parts(parts, Body::from(packed))
        }
        Err(_) => Response::from_parts(parts, Body::from(plain)),
    }
}
