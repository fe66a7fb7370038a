//! Who is signed in.
use axum::http::{HeaderMap, HeaderValue};
use wxa_core::{Ctx, Error, NewSession};
use wxa_wire::SessionView;

use crate::{AppState, asked::Asked, bearer, cookie};

/// The caller of an operation: a script by its API token, else a person by the session's cookie.
///
/// # Errors
/// [`Error::Unauthenticated`] without either that is still good; [`Error::TooMany`] for too many wrong tokens.
pub async fn caller(app: &AppState, headers: &HeaderMap, asked: &Asked) -> Result<Ctx, Error> {
    if !bearer::is_given(headers) {
        return resolve(app, headers, asked).await;
    }
    let token = bearer::token(headers).ok_or(Error::Unauthenticated)?;
    app.core
        .token_resolve(&token, &asked.from, &asked.request_id)
        .await
}

/// The person whose session's cookie the request carries.
///
/// # Errors
/// [`Error::Unauthenticated`] without a session that is still good.
pub async fn resolve(app: &AppState, headers: &HeaderMap, asked: &Asked) -> Result<Ctx, Error> {
    let token = cookie::token(headers).ok_or(Error::Unauthenticated)?;
    app.core
        .session_resolve(&token, &asked.from, &asked.request_id)
        .await
}

/// What a new session's owner is told.
pub fn view(made: &NewSession) -> SessionView {
    SessionView {
        user: made.user,
        name: made.name.clone(),
        grants: made.grants.clone(),
    }
}

/// The cookie of a new session; it goes when the session does.
pub fn cookie(app: &AppState, made: &NewSession) -> Option<HeaderValue> {
    let left_ms = made.expires_at.0.saturating_sub(app.core.now().0);
    cookie::set(&made.token, left_ms / 1000)
}
