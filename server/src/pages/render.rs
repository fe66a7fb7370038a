//! From gathered data to a document.
use app::{Assets, Boot};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use leptos::{nonce::Nonce, prelude::provide_context};

use super::pack::pack;
use crate::{AppState, headers::page_csp};

/// Renders the page at the request's address.
pub(super) async fn page(app: &AppState, boot: Boot, request: Parts) -> Response {
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
    let policy = HeaderValue::from_str(&page_csp(&nonce));
    let known = app::knows(request.uri.path());
    let assets = Assets::from_manifest(&app.site.files);
    let render = leptos_axum::render_app_async_with_context(
        move || provide_context(Nonce::from_value(nonce.clone())),
        move || app::shell(boot.clone(), assets.clone()),
    );
    let headers = request.headers.clone();
    let mut response = render(Request::from_parts(request, Body::empty())).await;
    response = pack(response, &headers).await;
    if let Ok(policy) = policy {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if !known {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
