//! Rendered pages.
use axum::Router;

use crate::AppState;

pub fn router(_operations: Router) -> Router<AppState> {
    Router::new()
}
