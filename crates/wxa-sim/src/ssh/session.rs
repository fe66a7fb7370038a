//! One session channel: waits for a command, connects its streams, and reports its status.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use russh::server::{Handle, Msg};
use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelWriteHalf};
use tokio::sync::mpsc;

use crate::actor::WorldHandle;
use crate::shell::Env;
use crate::shell::io::{Input, Io, Output, Stream, Tty};

/// Serves one session to its end.
pub(crate) async fn serve(channel: Channel<Msg>, handle: Handle, world: WorldHandle, user: String) {
    let id = channel.id();
    let (mut reader, writer) = channel.split();
    let mut tty = None;
    let command = loop {
        match reader.wait().await {
            Some(ChannelMsg::RequestPty { .. }) => tty = Some(Arc::new(Tty::default())),
            Some(ChannelMsg::Exec { command, .. }) => break String::from_utf8_lossy(&command).into_owned(),
            Some(ChannelMsg::Close) | None => return,
            Some(_) => {}
        }
    };
    let (out, mut printed) = mpsc::channel::<(Stream, Bytes)>(32);
    let (keys, typed) = mpsc::channel::<Bytes>(64);
    let io = Io::new(
        Input::from_queue(typed),
        Output::Session(out.clone(), Stream::Out),
        Output::Session(out.clone(), if tty.is_some() { Stream::Out } else { Stream::Err }),
    );
    let env = Env::new(world, user, tty.clone());
    let echo = tty.clone().map(|tty| (tty, out));
    let work = async move {
        let status = env.run_script(&command, io).await;
        drop(env);
        status
    };
    tokio::pin!(work);
    let feed = feed(&mut reader, keys, echo);
    tokio::pin!(feed);
    let status = loop {
        let end = tokio::select! {
            biased;
            // A client that does not read stops the command, but it may still close the session or interrupt.
            Some((stream, bytes)) = printed.recv() => tokio::select! {
                sent = send(&writer, tty.as_deref(), stream, bytes) => match sent {
                    Ok(()) => continue,
                    Err(_) => return,
                },
                end = &mut feed => end,
            },
            status = &mut work => break status,
            end = &mut feed => end,
        };
        match end {
            // Whatever runs in the session is hung up on.
            Fed::Closed => return,
            Fed::Interrupted => break 130,
        }
    };
    // What the command printed last; the queue's other ends may live on in the feed, so it is drained and not waited for.
    while let Ok((stream, bytes)) = printed.try_recv() {
        if send(&writer, tty.as_deref(), stream, bytes).await.is_err() {
            return;
        }
    }
    let status = u32::try_from(status & 0xff).unwrap_or(255);
    let _ = handle.exit_status_request(id, status).await;
    let _ = handle.eof(id).await;
    let _ = handle.close(id).await;
}

async fn send(
    writer: &ChannelWriteHalf<Msg>,
    tty: Option<&Tty>,
    stream: Stream,
    bytes: Bytes,
) -> Result<(), russh::Error> {
    let bytes = match tty {
        Some(tty) if !tty.raw.load(Ordering::SeqCst) => cooked(&bytes),
        _ => bytes,
    };
    match stream {
        Stream::Out => writer.data_bytes(bytes).await,
        Stream::Err => writer.extended_data_bytes(1, bytes).await,
    }
}

/// A terminal's output processing: newlines become carriage return and newline.
fn cooked(bytes: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    for byte in bytes {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out.into()
}

/// The terminal of a session, and where it shows what is typed.
type Echo = (Arc<Tty>, mpsc::Sender<(Stream, Bytes)>);

enum Fed {
    /// The client typed Control-C at a terminal in its usual mode.
    Interrupted,
    /// The client closed the session.
    Closed,
}

/// Carries what the client sends to the command, through the terminal's line editing when there is a terminal.
async fn feed(reader: &mut ChannelReadHalf, keys: mpsc::Sender<Bytes>, mut echo: Option<Echo>) -> Fed {
    let mut keys = Some(keys);
    let mut line = Vec::new();
    while let Some(message) = reader.wait().await {
        let data = match message {
            ChannelMsg::Data { data } => data,
            ChannelMsg::Eof => {
                keys = None;
                continue;
            }
            ChannelMsg::Close => return Fed::Closed,
            _ => continue,
        };
        let Some(sender) = &keys else { continue };
        match &mut echo {
            Some((tty, out)) if !tty.raw.load(Ordering::SeqCst) => {
                for byte in data {
                    match byte {
                        0x03 => return Fed::Interrupted,
                        0x04 if line.is_empty() => {
                            keys = None;
                            break;
                        }
                        b'\r' | b'\n' => {
                            line.push(b'\n');
                            let _ = out.send((Stream::Out, Bytes::from_static(b"\n"))).await;
                            let _ = sender.send(std::mem::take(&mut line).into()).await;
                        }
                        byte => {
                            line.push(byte);
                            let _ = out.send((Stream::Out, vec![byte].into())).await;
                        }
                    }
                }
            }
            // A command that does not read holds the sender back, as a full pipe does.
            _ => {
                let _ = sender.send(data).await;
            }
        }
    }
    Fed::Closed
}
