//! For those who watch the server: is it alive, and is it ready. Nothing here is of use to strangers.
use axum::{Router, extract::State, http::StatusCode, routing::get};

use crate::AppState;

/// `/healthz` answers while the process does; `/readyz` when workers and database do too.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
}

async fn ready(State(app): State<AppState>) -> (StatusCode, &'static str) {
    if app.core.readiness().await.ready {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}
