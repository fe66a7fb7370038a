//! Whose works the product is built on, and their notices: for the command line and as a page of plain text.
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;

use crate::{AppState, assets::Site};

/// What the manifest calls the file.
const NAME: &str = "licenses.txt";
/// What is said in a build without a site.
pub const MISSING: &str =
    "The notices come with the site: `cargo xtask build` makes it, a release has it inside.\n";

/// `GET /licenses`. Whoever may read the program may read this: no session is asked for.
pub fn router() -> Router<AppState> {
    Router::new().route("/licenses", get(page))
}

/// The notices; none in a build without a site.
pub fn notices(site: &Site) -> Option<Bytes> {
    site.content(NAME)
}

async fn page(State(app): State<AppState>) -> Response {
    match notices(&app.site) {
        Some(text) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        None => (StatusCode::NOT_FOUND, MISSING).into_response(),
    }
}
