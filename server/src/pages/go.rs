//! Sending a browser elsewhere.
use axum::{
    extract::Query,
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::forms;

/// What the query of a public page may hold.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PublicQuery {
    /// What went wrong, as a code.
    pub(super) error: Option<String>,
    /// Where to go after signing in.
    pub(super) next: Option<String>,
}

impl PublicQuery {
    pub(super) fn of(uri: &Uri) -> Self {
        Query::try_from_uri(uri)
            .map(|Query(query)| query)
            .unwrap_or_default()
    }
}

/// To a page of ours.
pub(super) fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// To the sign-in, and back afterwards.
pub(super) fn to_login(wanted: &Uri) -> Response {
    let wanted = wanted.path_and_query().map_or("/", |wanted| wanted.as_str());
    match forms::local_path(wanted) {
        "/" => to("/login"),
        path => to(&format!("/login?next={}", forms::escaped(path))),
    }
}

/// Whoever is signed in has nothing to do on the pages for signing in.
pub(super) fn on(uri: &Uri) -> Response {
    let query = PublicQuery::of(uri);
    to(forms::local_path(query.next.as_deref().unwrap_or("/")))
}
