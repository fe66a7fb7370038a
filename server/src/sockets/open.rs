//! Opening a socket: session or API token first, then the upgrade, then the socket's own loop.
use axum::{extract::Request, http::StatusCode, response::Response};
use tracing::Instrument;
use uuid::Uuid;
use wxa_core::{Ctx, Error};

use super::{
    counted::Socket,
    end::{self, End},
    registry::Kind,
    upgrade::Upgrade,
};
use crate::{AppState, asked::Asked, problem, session, status};

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
    let caller = session::caller(&app, request.headers(), &asked).await;
    let caller = caller.and_then(|ctx| {
        let access = ctx.access().ok_or(Error::Unauthenticated)?;
        Ok(Admitted {
            access,
            name: ctx.who(),
            ctx,
        })
    });
    open_for(app, asked, request, caller, kind, serve).await
}

/// Somebody for whom a socket is opened.
pub(super) struct Admitted {
    /// What it came in by: sockets are counted by it.
    pub access: Uuid,
    /// Under what name they are counted.
    pub name: String,
    pub ctx: Ctx,
}

/// The same for a caller that was found otherwise.
pub(super) async fn open_for<F, Fut>(
    app: AppState,
    asked: Asked,
    request: Request,
    caller: Result<Admitted, Error>,
    kind: Kind,
    serve: F,
) -> Response
where
    F: FnOnce(AppState, Ctx, Socket) -> Fut + Send + 'static,
    Fut: Future<Output = (Socket, End)> + Send + 'static,
{
    let (mut parts, _body) = request.into_parts();
    let upgrade = match (Upgrade::of(&mut parts), &caller) {
        (Some(upgrade), _) => upgrade,
        (None, Err(error)) => return problem::reply(error, &asked.request_id),
        (None, Ok(_)) => {
            let why = "This address is a WebSocket.";
            return problem::unusable(StatusCode::UPGRADE_REQUIRED, "upgrade", why, &asked.request_id);
        }
    };
    let span =
        tracing::info_span!("socket", id = %asked.request_id, path = status::loggable(parts.uri.path()));
    let (reply, upgraded) = upgrade.accept();
    let serving = app.clone();
    let served = async move {
        let Some(socket) = upgraded.await else { return };
        let socket = Socket::new(socket);
        let (socket, end) = match caller {
            Ok(caller) => admit(serving, caller, kind, socket, serve).await,
            Err(error) => (socket, error.into()),
        };
        tracing::debug!(?end, "socket ended");
        end::finish(socket, end).await;
    };
    app.sockets.serve(served.instrument(span));
    reply
}

async fn admit<F, Fut>(app: AppState, caller: Admitted, kind: Kind, socket: Socket, serve: F) -> (Socket, End)
where
    F: FnOnce(AppState, Ctx, Socket) -> Fut,
    Fut: Future<Output = (Socket, End)>,
{
    match app
        .sockets
        .enter(caller.access, &caller.name, kind, socket.bytes())
    {
        Some(_open) => {
            let (socket, end) = serve(app.clone(), caller.ctx, socket).await;
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
