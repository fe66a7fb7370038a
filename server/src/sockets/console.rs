//! The console socket: the guest's bytes in both directions, with status in text frames.
use axum::{
    extract::{Query, ws::Message},
    http::Uri,
};
use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use wxa_core::{ConsoleStatus as CoreStatus, ConsoleViewer, Ctx, Error, ViewerItem};
use wxa_model::VmId;
use wxa_wire::{ConsoleFrame, ConsoleQuery, ConsoleStatus, Operation, operation as op};

use super::{
    counted::Socket,
    end::{End, send},
    open::while_allowed,
};
use crate::AppState;

/// A browser that has answered none of so many pings has gone.
const UNANSWERED: u32 = 3;

/// What the request wishes; none when it makes no sense.
pub(super) fn query(uri: &Uri) -> Option<ConsoleQuery> {
    Query::try_from_uri(uri).ok().map(|Query(query)| query)
}

/// Serves one viewer until it ends.
pub(super) async fn run(
    app: AppState,
    ctx: Ctx,
    mut socket: Socket,
    wanted: Option<(VmId, ConsoleQuery)>,
) -> (Socket, End) {
    let vm = wanted.as_ref().map(|(vm, _)| *vm);
    let (vm, mut viewer) = match open(&app, &ctx, wanted).await {
        Ok(opened) => opened,
        Err(error) => {
            let on = vm.map(|vm| vm.to_string()).unwrap_or_default();
            let name = op::ConsoleOpen::ROW.name;
            app.core.audit_refused(&ctx, name, &on, &error).await;
            return (socket, error.into());
        }
    };
    let served = serve(&app, &ctx, &mut socket, vm, &mut viewer);
    let end = while_allowed(&app, &ctx, served).await;
    viewer.leave(end.words()).await;
    (socket, end)
}

async fn open(
    app: &AppState,
    ctx: &Ctx,
    wanted: Option<(VmId, ConsoleQuery)>,
) -> Result<(VmId, ConsoleViewer), Error> {
    let (vm, query) = wanted.ok_or(Error::NotFound)?;
    let from = query.epoch.zip(query.from);
    let viewer = app.core.console_open(ctx, vm, query.kind, from).await?;
    Ok((vm, viewer))
}

async fn serve(
    app: &AppState,
    ctx: &Ctx,
    socket: &mut Socket,
    vm: VmId,
    viewer: &mut ConsoleViewer,
) -> Result<(), End> {
    let input = viewer.sender();
    let mut typed: Option<Bytes> = None;

    let right_lost = app.core.console_right_lost(ctx, vm);
    tokio::pin!(right_lost);
    let every = app.socket_ping;
    let mut ping = interval_at(Instant::now() + every, every);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            item = viewer.next() => send(socket, message(item.ok_or_else(|| ended(app, ctx, vm))?)?).await?,
            // What was typed goes on before more is read: a guest that reads slowly slows the typist, not the server.
            permit = input.reserve(), if typed.is_some() => {
                let permit = permit.map_err(|_| ended(app, ctx, vm))?;
                if let Some(bytes) = typed.take() {
                    permit.send(bytes);
                }
            }
            message = socket.recv(), if typed.is_none() => {
                heard = Instant::now();
                typed = keys(message)?;
            }
            _ = ping.tick() => {
                if heard.elapsed() > every * UNANSWERED && typed.is_none() {
                    return Err(End::Left);
                }
                send(socket, Message::Ping(Bytes::new())).await?;
            }
            () = &mut right_lost => return Err(Error::Forbidden.into()),
        }
    }
}

/// The console's session is over: the VM went away, or the server stops.
fn ended(app: &AppState, ctx: &Ctx, vm: VmId) -> End {
    match app.core.vm_commands(ctx, vm) {
        Err(error) => error.into(),
        Ok(_) => End::stopping(),
    }
}

/// What was typed; none for pings and pongs.
fn keys(message: Option<Result<Message, axum::Error>>) -> Result<Option<Bytes>, End> {
    match message {
        Some(Ok(Message::Binary(bytes))) => Ok(Some(bytes).filter(|bytes| !bytes.is_empty())),
        Some(Ok(Message::Text(_))) => Err(End::bad("A console takes binary frames.")),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Left),
    }
}

fn message(item: ViewerItem) -> Result<Message, End> {
    let frame = match item {
        ViewerItem::Bytes(bytes) => return Ok(Message::Binary(bytes)),
        ViewerItem::Begin {
            epoch,
            offset,
            live_at,
        } => ConsoleFrame::Begin {
            epoch,
            offset,
            live_at,
        },
        ViewerItem::Skipped(bytes) => ConsoleFrame::Skipped { bytes },
        ViewerItem::Status(status) => ConsoleFrame::Status {
            status: wire_status(status),
        },
        ViewerItem::Viewers(names) => ConsoleFrame::Viewers { names },
    };
    let text = serde_json::to_string(&frame).map_err(|_| End::Close(1011, "A fault of ours.".into()))?;
    Ok(Message::Text(text.into()))
}

fn wire_status(status: CoreStatus) -> ConsoleStatus {
    match status {
        CoreStatus::Connecting => ConsoleStatus::Connecting,
        CoreStatus::Connected => ConsoleStatus::Connected,
        CoreStatus::NotRunning => ConsoleStatus::NotRunning,
        CoreStatus::Held { by } => ConsoleStatus::Held { by },
        CoreStatus::Failed { why } => ConsoleStatus::Failed { why },
    }
}
