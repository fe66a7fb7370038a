//! The screen socket: RFB in both directions, with words about it in text frames.
use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_tungstenite::tungstenite::{self, Message};
use wxa_core::{Ctx, Error, Hand, ScreenItem, ScreenViewer, ScreenWatcher, ScreenWord as CoreWord};
use wxa_model::VmId;
use wxa_wire::{Operation, ScreenFrame, ScreenWatcherView, ScreenWord, operation as op};

use super::{
    console::wire_status,
    counted::Socket,
    end::{End, send},
    open::while_allowed,
};
use crate::AppState;

/// A browser that has answered none of so many pings has gone.
const UNANSWERED: u32 = 3;

/// Serves one viewer until it ends.
pub(super) async fn run(app: AppState, ctx: Ctx, mut socket: Socket, wanted: Option<VmId>) -> (Socket, End) {
    let opened = match wanted {
        Some(vm) => app.core.screen_open(&ctx, vm).await.map(|viewer| (vm, viewer)),
        None => Err(Error::NotFound),
    };
    let (vm, mut viewer) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            let on = wanted.map(|vm| vm.to_string()).unwrap_or_default();
            let name = op::ScreenOpen::ROW.name;
            app.core.audit_refused(&ctx, name, &on, &error).await;
            return (socket, error.into());
        }
    };
    let served = serve(&app, &ctx, &mut socket, vm, &mut viewer);
    let end = while_allowed(&app, &ctx, served).await;
    viewer.leave(end.words()).await;
    (socket, end)
}

async fn serve(
    app: &AppState,
    ctx: &Ctx,
    socket: &mut Socket,
    vm: VmId,
    viewer: &mut ScreenViewer,
) -> Result<(), End> {
    let (input, you, hand) = (viewer.sender(), viewer.number(), viewer.hand());
    let mut said: Option<CoreWord> = None;
    let right_changed = app.core.screen_right_changed(ctx, vm, hand);
    tokio::pin!(right_changed);
    let every = app.socket_ping;
    let mut ping = interval_at(Instant::now() + every, every);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            item = viewer.next() => send(socket, message(item.ok_or_else(|| ended(app, ctx, vm))?, you)?).await?,
            // What was said goes on before more is read: a screen that reads slowly slows the viewer, not the server.
            permit = input.reserve(), if said.is_some() => {
                // The worker may have ended with something to say: that is still read.
                if let (Some(word), Ok(permit)) = (said.take(), permit) {
                    permit.send(word);
                }
            }
            message = socket.recv(), if said.is_none() => {
                heard = Instant::now();
                said = word(message)?;
            }
            _ = ping.tick() => {
                if heard.elapsed() > every * UNANSWERED && said.is_none() {
                    return Err(End::Left);
                }
                send(socket, Message::Ping(Bytes::new())).await?;
            }
            // Coming again, the viewer is told what it may do now.
            () = &mut right_changed => {
                return Err(End::Close(wxa_wire::close::GOING_AWAY, "What you may do has changed.".into()));
            }
        }
    }
}

/// The viewer's stream is over: the VM went away, or the server stops.
fn ended(app: &AppState, ctx: &Ctx, vm: VmId) -> End {
    match app.core.vm_commands(ctx, vm) {
        Err(error) => error.into(),
        Ok(_) => End::stopping(),
    }
}

/// What the viewer said; none for pings and pongs.
fn word(message: Option<Result<Message, tungstenite::Error>>) -> Result<Option<CoreWord>, End> {
    match message {
        Some(Ok(Message::Binary(bytes))) if bytes.is_empty() => Ok(None),
        Some(Ok(Message::Binary(bytes))) => Ok(Some(CoreWord::Bytes(bytes))),
        Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
            Ok(ScreenWord::Ready { session }) => Ok(Some(CoreWord::Ready(session))),
            Err(_) => Err(End::bad("This is no word of the screen socket.")),
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(None),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Left),
    }
}

fn message(item: ScreenItem, you: u64) -> Result<Message, End> {
    let frame = match item {
        ScreenItem::Bytes(bytes) => return Ok(Message::Binary(bytes)),
        ScreenItem::Unusable(why) => return Err(End::bad(&why.to_string())),
        ScreenItem::Begin(session) => ScreenFrame::Begin { session },
        ScreenItem::Status(status) => ScreenFrame::Status {
            status: wire_status(status),
        },
        ScreenItem::Watchers(watchers) => ScreenFrame::Watchers {
            you,
            watchers: watchers.into_iter().map(view).collect(),
        },
    };
    let text = serde_json::to_string(&frame).map_err(|_| End::Close(1011, "A fault of ours.".into()))?;
    Ok(Message::Text(text.into()))
}

fn view(watcher: ScreenWatcher) -> ScreenWatcherView {
    ScreenWatcherView {
        number: watcher.number,
        name: watcher.name,
        since: watcher.since,
        acts: watcher.hand == Hand::Free,
    }
}
