//! Opening a socket: session first, then the upgrade, then the socket's own loop.
use axum::{
    extract::{FromRequestParts, Request, ws::WebSocket, ws::WebSocketUpgrade},
    http::StatusCode,
    response::Response,
};
use tracing::Instrument;
use wxa_core::Ctx;

use super::{
    MESSAGE_LIMIT,
    end::{self, End},
};
use crate::{AppState, asked::Asked, problem, session};

/// Upgrades the request and runs `serve` until it ends.
///
/// A browser cannot read the reply to a refused upgrade. So without a session the socket is opened all the same and
/// closed at once, with a code that the page understands; nothing is sent on it.
pub(super) async fn open<F, Fut>(app: AppState, asked: Asked, request: Request, serve: F) -> Response
where
    F: FnOnce(AppState, Ctx, WebSocket) -> Fut + Send + 'static,
    Fut: Future<Output = (WebSocket, End)> + Send + 'static,
{
    let (mut parts, _body) = request.into_parts();
    let caller = session::resolve(&app, &parts.headers, &asked).await;
    let upgrade = match (
        WebSocketUpgrade::from_request_parts(&mut parts, &app).await,
        &caller,
    ) {
        (Ok(upgrade), _) => upgrade,
        (Err(_), Err(error)) => return problem::reply(error, &asked.request_id),
        (Err(_), Ok(_)) => {
            let why = "This address is a WebSocket.";
            return problem::unusable(StatusCode::UPGRADE_REQUIRED, "upgrade", why, &asked.request_id);
        }
    };
    let span = tracing::info_span!("socket", id = %asked.request_id, path = parts.uri.path());
    let upgrade = upgrade
        .max_message_size(MESSAGE_LIMIT)
        .max_frame_size(MESSAGE_LIMIT);
    upgrade.on_upgrade(move |socket| {
        async move {
            let (socket, end) = match caller {
                Ok(ctx) => admit(app, ctx, socket, serve).await,
                Err(error) => (socket, error.into()),
            };
            tracing::debug!(?end, "socket ended");
            end::finish(socket, end).await;
        }
        .instrument(span)
    })
}

async fn admit<F, Fut>(app: AppState, ctx: Ctx, socket: WebSocket, serve: F) -> (WebSocket, End)
where
    F: FnOnce(AppState, Ctx, WebSocket) -> Fut,
    Fut: Future<Output = (WebSocket, End)>,
{
    let Some(session) = ctx.session else {
        return (socket, End::signed_out());
    };
    match app.sockets.enter(session) {
        Some(_open) => serve(app, ctx, socket).await,
        None => (socket, End::too_many()),
    }
}
