//! The WebSockets: who may open one, how many, and how each ends.
mod console;
mod counted;
mod end;
mod guest;
mod live;
mod live_feed;
mod live_samples;
mod open;
mod registry;
mod screen;
mod upgrade;

pub(crate) use guest::guest_route;
pub(crate) use live_feed::index_frame;
pub(crate) use live_samples::samples_of;
use registry::Kind;
pub use registry::Sockets;

use axum::{
    extract::{Path, Request, State},
    response::Response,
    routing::{MethodRouter, get},
};
use wxa_model::VmId;

use crate::{AppState, asked::Asked};

/// `live_open`.
pub(crate) fn live_route() -> MethodRouter<AppState> {
    get(
        |State(app): State<AppState>, asked: Asked, request: Request| async move {
            open::open(app, asked, request, Kind::Live, live::run).await
        },
    )
}

/// `console_open`.
pub(crate) fn console_route() -> MethodRouter<AppState> {
    get(
        |State(app): State<AppState>, asked: Asked, path: Path<String>, request: Request| async move {
            console_open(app, asked, path, request).await
        },
    )
}

async fn console_open(app: AppState, asked: Asked, Path(id): Path<String>, request: Request) -> Response {
    let wanted = id.parse::<VmId>().ok().zip(console::query(request.uri()));
    open::open(app, asked, request, Kind::Console, move |app, ctx, socket| {
        console::run(app, ctx, socket, wanted)
    })
    .await
}

/// `screen_open`.
pub(crate) fn screen_route() -> MethodRouter<AppState> {
    get(
        |State(app): State<AppState>, asked: Asked, path: Path<String>, request: Request| async move {
            screen_open(app, asked, path, request).await
        },
    )
}

async fn screen_open(app: AppState, asked: Asked, Path(id): Path<String>, request: Request) -> Response {
    let wanted = id.parse::<VmId>().ok();
    open::open(app, asked, request, Kind::Console, move |app, ctx, socket| {
        screen::run(app, ctx, socket, wanted)
    })
    .await
}
