//! The console socket: the guest's bytes in both directions; status, and words about the keyboard, in text frames.
use axum::{extract::Query, http::Uri};
use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_tungstenite::tungstenite::{self, Message};
use wxa_core::{
    Came, ConsoleStatus as CoreStatus, ConsoleViewer, Ctx, Error, KeyboardState as CoreState, KeyboardWord,
    PresentViewer, ReplayFrom, ViewerItem,
};
use wxa_model::VmId;
use wxa_wire::{
    ConsoleFrame, ConsoleQuery, ConsoleStatus, ConsoleViewerView, ConsoleWord, KeyboardState, Operation,
    operation as op,
};

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
    let typist = viewer.sender();
    let lost = async {
        app.core.console_right_lost(&ctx, vm, &typist).await;
        Error::Forbidden.into()
    };
    let over = || ended(&app, &ctx, vm);
    let served = serve(&app, &mut socket, &mut viewer, lost, over);
    let end = while_allowed(&app, &ctx, served).await;
    if end.turns_out() {
        viewer.sender().bar();
    }
    viewer.leave(end.words()).await;
    (socket, end)
}

async fn open(
    app: &AppState,
    ctx: &Ctx,
    wanted: Option<(VmId, ConsoleQuery)>,
) -> Result<(VmId, ConsoleViewer), Error> {
    let (vm, query) = wanted.ok_or(Error::NotFound)?;
    let from = ReplayFrom {
        has: query.epoch.zip(query.from),
        at: query.at,
    };
    let viewer = app.core.console_open(ctx, vm, query.kind, from).await?;
    Ok((vm, viewer))
}

/// Moves what is printed, typed and said, until the socket ends, `lost` tells that its viewer may look no more, or the console is
/// `over`.
pub(super) async fn serve(
    app: &AppState,
    socket: &mut Socket,
    viewer: &mut ConsoleViewer,
    lost: impl Future<Output = End>,
    over: impl Fn() -> End,
) -> Result<(), End> {
    let typist = viewer.sender();
    let mut typed: Option<Bytes> = None;

    tokio::pin!(lost);
    let every = app.socket_ping;
    let mut ping = interval_at(Instant::now() + every, every);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            item = viewer.next() => send(socket, message(item.ok_or_else(&over)?)?).await?,
            // What was typed goes on before more is read: a guest that reads slowly slows the typist, not the server.
            room = typist.room(), if typed.is_some() => {
                let room = room.map_err(|_| over())?;
                if let Some(bytes) = typed.take() {
                    room.put(bytes);
                }
            }
            message = socket.recv(), if typed.is_none() => {
                heard = Instant::now();
                match said(message)? {
                    // Who only watches waits for no guest.
                    Said::Keys(bytes) => typed = Some(bytes).filter(|_| typist.may_type()),
                    Said::Word(word) => typist.say(word),
                    Said::Nothing => {}
                }
            }
            _ = ping.tick() => {
                if heard.elapsed() > every * UNANSWERED && typed.is_none() {
                    return Err(End::Left);
                }
                send(socket, Message::Ping(Bytes::new())).await?;
            }
            end = &mut lost => return Err(end),
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

/// What a viewer says.
enum Said {
    Keys(Bytes),
    Word(KeyboardWord),
    /// A ping or a pong.
    Nothing,
}

fn said(message: Option<Result<Message, tungstenite::Error>>) -> Result<Said, End> {
    match message {
        Some(Ok(Message::Binary(bytes))) if bytes.is_empty() => Ok(Said::Nothing),
        Some(Ok(Message::Binary(bytes))) => Ok(Said::Keys(bytes)),
        Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
            Ok(word) => Ok(Said::Word(core_word(word))),
            Err(_) => Err(End::bad(
                "A console takes typed bytes, and words about the keyboard.",
            )),
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(Said::Nothing),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Left),
    }
}

fn core_word(word: ConsoleWord) -> KeyboardWord {
    match word {
        ConsoleWord::Ask => KeyboardWord::Ask,
        ConsoleWord::Withdraw => KeyboardWord::Withdraw,
        ConsoleWord::HandOver { to } => KeyboardWord::HandOver { to },
        ConsoleWord::Release => KeyboardWord::Release,
        ConsoleWord::Take => KeyboardWord::Take,
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
        ViewerItem::Viewers { you, viewers } => ConsoleFrame::Viewers {
            you,
            viewers: viewers.into_iter().map(wire_viewer).collect(),
        },
    };
    let text = serde_json::to_string(&frame).map_err(|_| End::Close(1011, "A fault of ours.".into()))?;
    Ok(Message::Text(text.into()))
}

pub(super) fn wire_status(status: CoreStatus) -> ConsoleStatus {
    match status {
        CoreStatus::Connecting => ConsoleStatus::Connecting,
        CoreStatus::Connected => ConsoleStatus::Connected,
        CoreStatus::NotRunning => ConsoleStatus::NotRunning,
        CoreStatus::Held { by } => ConsoleStatus::Held { by },
        CoreStatus::Failed { why } => ConsoleStatus::Failed { why },
    }
}

fn wire_viewer(viewer: PresentViewer) -> ConsoleViewerView {
    ConsoleViewerView {
        number: viewer.number,
        name: viewer.name,
        guest: viewer.came == Came::ByLink,
        since: viewer.since,
        keyboard: match viewer.keyboard {
            CoreState::Types => KeyboardState::Types,
            CoreState::Asks => KeyboardState::Asks,
            CoreState::Watches => KeyboardState::Watches,
            CoreState::MayOnlyWatch => KeyboardState::MayOnlyWatch,
        },
    }
}
