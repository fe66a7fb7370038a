//! The forms that work without WebAssembly: first run, sign-in, one-time links, sign-out. Each answers with a
//! redirect.
mod next;

pub use next::{escaped, local_path};

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use secrecy::SecretString;
use serde::Deserialize;
use wxa_core::{Error, NewSession};
use wxa_wire::SecretText;

use crate::{AppState, asked::Asked, cookie, origin, problem, session};

/// The largest form, in bytes.
const FORM_LIMIT: usize = 8 * 1024;

/// The pages that hold the forms, at the same addresses.
pub const PAGES: [&str; 4] = ["/login", "/setup", "/link", "/reset"];

/// `POST /login`, `/setup`, `/link`, `/reset`, `/logout`; the pages that hold the forms are the app's.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/login", post(login))
        .route("/setup", post(setup))
        .route("/link", post(link))
        .route("/reset", post(reset))
        .route("/logout", post(logout))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
}

#[derive(Deserialize)]
struct LoginForm {
    name: String,
    password: SecretText,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct SetupForm {
    token: SecretText,
    name: String,
    password: SecretText,
    password_again: SecretText,
}

#[derive(Deserialize)]
struct LinkForm {
    token: SecretText,
}

#[derive(Deserialize)]
struct ResetForm {
    token: SecretText,
    password: SecretText,
    password_again: SecretText,
}

async fn login(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Response {
    let next = local_path(&form.next);
    let back = |code: &str| back_to(&format!("/login?error={code}&next={}", escaped(next)));
    if !origin::is_protected(&headers, &asked, app.public_url.as_ref()) {
        return back("insecure");
    }
    let password = SecretString::from(form.password.0);
    match app
        .core
        .session_create(&asked.anonymous(), &form.name, &password)
        .await
    {
        Ok(made) => let_in(&app, &made, next),
        Err(error) => back(&code(&error)),
    }
}

async fn setup(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Form(form): Form<SetupForm>,
) -> Response {
    // The token goes back into the address it came from, so that the form can be sent again.
    let back = |code: &str| back_to(&format!("/setup?error={code}&token={}", escaped(&form.token.0)));
    if !origin::is_protected(&headers, &asked, app.public_url.as_ref()) {
        return back("insecure");
    }
    if form.password != form.password_again {
        return back("differ");
    }
    let token = SecretString::from(form.token.0.clone());
    let password = SecretString::from(form.password.0);
    match app
        .core
        .setup_create(&asked.anonymous(), &token, &form.name, &password)
        .await
    {
        Ok(made) => let_in(&app, &made, "/"),
        Err(error) => back(&code(&error)),
    }
}

async fn link(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Form(form): Form<LinkForm>,
) -> Response {
    if !origin::is_protected(&headers, &asked, app.public_url.as_ref()) {
        return back_to("/link?error=insecure");
    }
    let token = SecretString::from(form.token.0);
    match app.core.session_create_by_link(&asked.anonymous(), &token).await {
        Ok(made) => let_in(&app, &made, "/"),
        Err(Error::Unauthenticated) => back_to("/link?error=token"),
        Err(error) => back_to(&format!("/link?error={}", code(&error))),
    }
}

async fn reset(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Form(form): Form<ResetForm>,
) -> Response {
    let back = |code: &str| back_to(&format!("/reset?error={code}&token={}", escaped(&form.token.0)));
    if !origin::is_protected(&headers, &asked, app.public_url.as_ref()) {
        return back("insecure");
    }
    if form.password != form.password_again {
        return back("differ");
    }
    let link = SecretString::from(form.token.0.clone());
    let password = SecretString::from(form.password.0);
    match app
        .core
        .password_reset(&asked.anonymous(), &link, &password)
        .await
    {
        Ok(made) => let_in(&app, &made, "/"),
        Err(Error::Unauthenticated) => back_to("/reset?error=token"),
        Err(error) => back(&code(&error)),
    }
}

async fn logout(State(app): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    if let Ok(ctx) = session::resolve(&app, &headers, &asked).await
        && let Err(error) = app.core.session_delete(&ctx).await
    {
        return problem::reply(&error, &asked.request_id);
    }
    let mut response = back_to("/login");
    response.headers_mut().insert(header::SET_COOKIE, cookie::clear());
    response
}

fn let_in(app: &AppState, made: &NewSession, to: &str) -> Response {
    let mut response = back_to(to);
    match session::cookie(app, made) {
        Some(cookie) => {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn back_to(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(_) => Redirect::to(address).into_response(),
        Err(_) => Redirect::to("/").into_response(),
    }
}

/// What went wrong, as the app's pages know it, in the value of a query parameter.
fn code(error: &Error) -> String {
    if let Error::Internal(source) = error {
        tracing::error!(error = %source, "a fault of ours");
    }
    let code = match error {
        Error::TooMany { retry_after_s } => return format!("too_many&wait={retry_after_s}"),
        Error::Unauthenticated => "credentials",
        Error::Conflict(_) => "done",
        Error::Invalid { field: "token", .. } => "token",
        Error::Invalid {
            field: "password", ..
        } => "short",
        Error::Invalid { field: "name", .. } => "name",
        Error::Invalid { .. } | Error::NotFound => "invalid",
        Error::NotRecorded(_) => "not_recorded",
        Error::Forbidden
        | Error::NotByToken
        | Error::HostUnavailable { .. }
        | Error::OutcomeUnknown { .. }
        | Error::Internal(_) => "internal",
    };
    code.to_owned()
}
