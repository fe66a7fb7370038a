//! Opening a socket: session or API token first, then the upgrade, then the socket's own loop.
use axum::{
    extract::{FromRequestParts, Request, ws::WebSocketUpgrade},
    http::StatusCode,
    response::Response,
};
use tracing::Instrument;
use wxa_core::Ctx;

use super::{
    MESSAGE_LIMIT,
    counted::Socket,
    end::{self, End},
    registry::Kind,
};
use crate::{AppState, asked::Asked, problem, session};

/// Upgrades the request and runs `serve` until it ends.
///
/// A browser cannot read the reply to a refused upgrade. So without a session the socket is opened all the same and
/// closed at once, with a code that the page understands; nothing is sent on it.
pub(super) async fn open<F, Fut>(
    app: AppState,
    asked: Asked,
    request: Request,
    kind: Kind,
    serve: F,
) -> Response
where
    F: FnOnce(AppState, Ctx, Socket) -> Fut + Send + 'static,
    Fut: Future<Output = (Socket, End)> + Send + 'static,
{
    let (mut parts, _body) = request.into_parts();
    let caller = session::caller(&app, &parts.headers, &asked).await;
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
            let socket = Socket::new(socket);
            let (socket, end) = match caller {
                Ok(ctx) => admit(app, ctx, kind, socket, serve).await,
                Err(error) => (socket, error.into()),
            };
            tracing::debug!(?end, "socket ended");
            end::finish(socket, end).await;
        }
        .instrument(span)
    })
}

async fn admit<F, Fut>(app: AppState, ctx: Ctx, kind: Kind, socket: Socket, serve: F) -> (Socket, End)
where
    F: FnOnce(AppState, Ctx, Socket) -> Fut,
    Fut: Future<Output = (Socket, End)>,
{
    let Some(access) = ctx.access() else {
        return (socket, End::signed_out());
    };
    match app.sockets.enter(access, &ctx.who(), kind, socket.bytes()) {
        Some(_open) => {
            let (socket, end) = serve(app.clone(), ctx, socket).await;
            if end.is_too_slow() {
                app.sockets.was_too_slow();
            }
            (socket, end)
        }
        None => (socket, End::too_many()),
    }
}

/// Serves until the loop's own end, or that of its caller's session or of the server: whatever the loop waits for
/// meanwhile, be it a browser that does not read.
pub(super) async fn while_allowed(
    app: &AppState,
    ctx: &Ctx,
    served: impl Future<Output = Result<(), End>>,
) -> End {
    tokio::select! {
        biased;
        () = app.core.access_ended(ctx) => End::signed_out(),
        () = app.sockets.stopping() => End::stopping(),
        served = served => served.err().unwrap_or(End::Left),
    }
}
