//! Reading the inventory.
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::Response,
    routing::{MethodRouter, get},
};
use wxa_core::Error;
use wxa_wire::{InventoryView, operation as op};

use super::Call;
use crate::{AppState, asked::Asked, pages, problem, session, sockets};

pub(super) async fn inventory_get(call: Call<op::InventoryGet>) -> Result<InventoryView, Error> {
    let view = call.app.core.inventory_view(&call.ctx);
    Ok(InventoryView {
        epoch: view.epoch,
        revision: view.revision,
        now: view.now,
        objects: view.objects,
    })
}

/// `index_get`: a frame of [`wxa_wire::index_frame`], packed for whoever takes it packed.
pub(super) fn index_route() -> MethodRouter<AppState> {
    get(
        |State(app): State<AppState>, asked: Asked, request: Request| async move {
            let headers = request.headers();
            let ctx = match session::caller(&app, headers, &asked).await {
                Ok(ctx) => ctx,
                Err(error) => return problem::reply(&error, &asked.request_id),
            };
            let frame = sockets::index_frame(&app.core.index_view(&ctx));
            let mut response = Response::new(Body::from(frame));
            response.headers_mut().insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/octet-stream"),
            );
            pages::pack(response, headers).await
        },
    )
}
