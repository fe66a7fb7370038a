//! The live socket: what the caller may see, then every change of it, and the measurements it wishes.
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::tungstenite::{Error, Message};
use wxa_core::Ctx;
use wxa_wire::{LiveForm, LiveFrame, LiveRequest};

use super::{
    counted::Socket,
    end::{End, send},
    live_feed::{LiveFeed, text},
    live_samples::Wish,
    open::while_allowed,
};
use crate::AppState;

/// How long the browser may take to say hello.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Between two ticks.
const TICK: Duration = Duration::from_secs(5);
/// A browser that was not heard for so long (it answers a ping with every tick) has gone.
const SILENCE: Duration = Duration::from_secs(30);

/// Serves one live socket until it ends.
pub(super) async fn run(app: AppState, ctx: Ctx, mut socket: Socket) -> (Socket, End) {
    let end = while_allowed(&app, &ctx, serve(&app, &ctx, &mut socket)).await;
    (socket, end)
}

async fn serve(app: &AppState, ctx: &Ctx, socket: &mut Socket) -> Result<(), End> {
    let (form, have) = timeout(HELLO_WITHIN, hello(socket))
        .await
        .map_err(|_| End::bad("No hello."))??;
    let welcome = LiveFrame::Welcome {
        build: app.site.build.clone(),
        now: app.core.now(),
    };
    say(socket, &welcome).await?;

    let mut feed = LiveFeed::new(app, ctx, form, have);
    let mut samples = app.core.samples_feed(ctx);
    let mut wish = Wish::default();
    let every = TICK.min(app.socket_ping);
    let mut tick = interval_at(Instant::now() + every, every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        let wants = |vm| wish.wants(vm);
        tokio::select! {
            messages = feed.next() => for message in messages? {
                send(socket, message).await?;
            },
            batch = samples.next_of(&wants) => {
                let batch = batch.ok_or_else(End::stopping)?;
                if let Some(bytes) = wish.frame(&batch) {
                    send(socket, Message::Binary(bytes.into())).await?;
                }
            }
            message = socket.recv() => {
                heard = Instant::now();
                match request(message)? {
                    None => {}
                    Some(LiveRequest::Hello { .. }) => return Err(End::bad("There was a hello already.")),
                    Some(LiveRequest::Watch { vms }) => feed.watch(vms)?,
                    Some(LiveRequest::Samples { wish: wished }) => {
                        let wished = Wish::new(wished).ok_or_else(|| End::bad("Too many VMs wished for."))?;
                        for bytes in wished.minute_before(&wish, &app.core, ctx) {
                            send(socket, Message::Binary(bytes.into())).await?;
                        }
                        wish = wished.after(wish);
                        if let Some(bytes) = wish.ranks(&app.core, ctx) {
                            send(socket, Message::Binary(bytes.into())).await?;
                        }
                        let latest = app.core.samples_latest_of(ctx, &|vm| wish.wants(vm));
                        for batch in latest {
                            if let Some(bytes) = wish.frame(&batch) {
                                send(socket, Message::Binary(bytes.into())).await?;
                            }
                        }
                    }
                }
            }
            _ = tick.tick() => {
                if heard.elapsed() > SILENCE {
                    return Err(End::Left);
                }
                say(socket, &LiveFrame::Tick { now: app.core.now() }).await?;
                for bytes in wish.tick(&app.core, ctx) {
                    send(socket, Message::Binary(bytes.into())).await?;
                }
                send(socket, Message::Ping(bytes::Bytes::new())).await?;
            }
        }
    }
}

/// How the browser is to be told, and what it has, from its first frame.
async fn hello(socket: &mut Socket) -> Result<(LiveForm, Option<(u64, u64)>), End> {
    loop {
        match request(socket.recv().await)? {
            Some(LiveRequest::Hello {
                epoch,
                revision,
                form,
            }) => return Ok((form, Some((epoch, revision)).filter(|_| epoch != 0))),
            Some(LiveRequest::Samples { .. } | LiveRequest::Watch { .. }) => {
                return Err(End::bad("The first frame must be a hello."));
            }
            None => {}
        }
    }
}

/// The request in a message; none for pings and pongs.
fn request(message: Option<Result<Message, Error>>) -> Result<Option<LiveRequest>, End> {
    match message {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text)
            .map(Some)
            .map_err(|_| End::bad("This is not a request of the live socket.")),
        Some(Ok(Message::Binary(_))) => Err(End::bad("The live socket takes text frames.")),
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(None),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Left),
    }
}

async fn say(socket: &mut Socket, frame: &LiveFrame) -> Result<(), End> {
    send(socket, text(frame)?).await
}
