//! Everything the server answers, in one router.
use axum::{Router, http::StatusCode, middleware::from_fn_with_state, response::Response, routing::any};

use crate::{
    AppState, api, asked, asked::Asked, forms, headers, health, licenses, metrics_export, origin, pages,
    problem, status,
};

/// The whole application.
pub fn router(app: AppState) -> Router {
    let operations = api::router();
    // Pages read through the same operations as everybody, without the way over a socket.
    let in_process = operations.clone().with_state(app.clone());
    Router::new()
        .merge(operations)
        .merge(forms::router())
        .merge(health::router())
        .merge(licenses::router())
        .merge(metrics_export::router())
        .merge(status::router())
        .route("/api/{*rest}", any(no_such_operation))
        .merge(pages::router(in_process))
        .layer(from_fn_with_state(app.clone(), origin::check))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), asked::note))
        .with_state(app)
}

async fn no_such_operation(asked: Asked) -> Response {
    let why = "There is no such operation.";
    problem::unusable(StatusCode::NOT_FOUND, "path", why, &asked.request_id)
}
