//! The page of a guest link: one console without anything around it, for somebody without an account.
use app::Boot;
use axum::{
    extract::{Path, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use wxa_core::{ConsoleGuest, Error, LinkTyping};
use wxa_wire::console::links::ConsoleGuestView;

use super::{boot, render};
use crate::{AppState, asked::Asked};

/// `/c/{secret}`. A link that opens nothing has a page too, which says so and not why.
pub(super) async fn page(
    State(app): State<AppState>,
    asked: Asked,
    Path(secret): Path<String>,
    request: Request,
) -> Response {
    let guest = app.core.console_guest(&asked.anonymous(), &secret).await;
    let (parts, _body) = request.into_parts();
    let (status, retry_after) = match &guest {
        Ok(_) => (StatusCode::OK, None),
        Err(Error::TooMany { retry_after_s }) => (StatusCode::TOO_MANY_REQUESTS, Some(*retry_after_s)),
        Err(Error::Internal(_)) => (StatusCode::INTERNAL_SERVER_ERROR, None),
        Err(Error::HostUnavailable { .. }) => (StatusCode::SERVICE_UNAVAILABLE, None),
        Err(_) => (StatusCode::NOT_FOUND, None),
    };
    if let Err(Error::Internal(source)) = &guest {
        tracing::error!(error = %source, "a guest link could not be looked up");
    }
    let is_busy = matches!(guest, Err(Error::TooMany { .. }));
    let boot = Boot {
        guest: guest.map(view).ok(),
        problem: is_busy.then(|| "busy".to_owned()),
        ..boot::common(&app, &parts)
    };
    let mut response = render::page(&app, boot, parts).await;
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // The address is the key to the console.
    headers.insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex"),
    );
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn view(guest: ConsoleGuest) -> ConsoleGuestView {
    ConsoleGuestView {
        id: guest.link.vm,
        vm: guest.label,
        name: guest.link.name,
        by: guest.link.by,
        typing: guest.link.typing == LinkTyping::Allowed,
        until: guest.link.until,
    }
}
