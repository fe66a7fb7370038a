//! The console socket of a guest link: one console, for as long as the link holds, and nothing else.
use axum::{
    extract::{Path, Request, State},
    response::Response,
    routing::{MethodRouter, get},
};
use wxa_core::{ConsoleLinkRecord, Ctx, Error, ReplayFrom};
use wxa_wire::{ConsoleQuery, close};

use super::{
    console::{query, serve},
    counted::Socket,
    end::End,
    open::{Admitted, open_for, while_allowed},
    registry::Kind,
};
use crate::{AppState, asked::Asked};

/// `/c/{secret}/console`.
pub(crate) fn guest_route() -> MethodRouter<AppState> {
    get(
        |State(app): State<AppState>, asked: Asked, path: Path<String>, request: Request| async move {
            open(app, asked, path, request).await
        },
    )
}

async fn open(app: AppState, asked: Asked, Path(secret): Path<String>, request: Request) -> Response {
    let ctx = asked.anonymous();
    let guest = app.core.console_guest(&ctx, &secret).await;
    let (caller, wanted) = match guest {
        Ok(guest) => {
            let caller = Admitted {
                access: guest.link.id.0,
                name: format!("{} (guest of {})", guest.link.name, guest.link.by),
                ctx,
            };
            (Ok(caller), query(request.uri()).map(|query| (guest.link, query)))
        }
        Err(error) => (Err(error), None),
    };
    open_for(
        app,
        asked,
        request,
        caller,
        Kind::Console,
        move |app, ctx, socket| run(app, ctx, socket, wanted),
    )
    .await
}

async fn run(
    app: AppState,
    ctx: Ctx,
    mut socket: Socket,
    wanted: Option<(ConsoleLinkRecord, ConsoleQuery)>,
) -> (Socket, End) {
    let Some((link, query)) = wanted else {
        return (socket, Error::NotFound.into());
    };
    let from = ReplayFrom {
        has: query.epoch.zip(query.from),
        at: query.at,
    };
    let (mut viewer, _stay) = match app.core.console_guest_open(&ctx, &link, from).await {
        Ok(opened) => opened,
        Err(error) => return (socket, error.into()),
    };
    let lost = async {
        app.core.console_guest_ended(link.id).await;
        link_ended()
    };
    let served = serve(&app, &mut socket, &mut viewer, lost, link_ended);
    let end = while_allowed(&app, &ctx, served).await;
    if end.turns_out() {
        viewer.sender().bar();
    }
    viewer.leave(end.words()).await;
    (socket, end)
}

/// The link ended, or what it opened is gone: which, is not told.
fn link_ended() -> End {
    End::Close(close::NOT_FOUND, "The link has ended.".into())
}
