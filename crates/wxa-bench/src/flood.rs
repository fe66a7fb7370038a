//! A guest that writes without end: how much of it comes through the product's console, through raw SSH, and through websockify to the
//! same viewer.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::StreamExt;
use russh::ChannelMsg;
use serde::Serialize;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use wxa_wire::operation::ConsoleOpen;
use wxa_wire::{ConsoleFrame, Operation};

use crate::live::{Live, Socket, socket};
use crate::server::Server;
use crate::ssh::{DEADLINE, Ssh};
use crate::stats::Range;
use crate::target::{FLOODING, Target};
use crate::websockify::{Program, Websockify};

/// How long each way is read, each round.
const READS: Duration = Duration::from_secs(3);

/// The outcome; millions of bytes a second.
#[derive(Debug, Serialize)]
pub struct Flood {
    /// What a viewer of the console got, byte by byte.
    pub product: Range,
    /// What it was told that it missed besides: the product does not hold the guest up for a slow viewer.
    pub product_skipped: Range,
    /// Through `xl console` in an SSH session.
    pub raw: Range,
    /// The product's median as part of the raw one.
    pub part: f64,
    /// Through websockify in front of the same, to the same viewer; none where it could not be had.
    pub websockify: Option<Range>,
    /// Its median as part of the raw one.
    pub websockify_part: Option<f64>,
    /// Why it was not measured.
    pub websockify_missing: Option<String>,
}

/// Reads both ways in turns.
///
/// # Errors
/// When a console can't be opened, or ends.
pub async fn measure(server: &Server, target: &Target, rounds: usize, program: &Program) -> Result<Flood> {
    let [ours, theirs, others] = FLOODING;
    let mut live = Live::open(server).await?;
    live.until("the flooding guest is known", DEADLINE, |live| {
        live.vm(ours).is_some()
    })
    .await?;
    let vm = live.vm(ours).context("a guest that floods")?.id;
    drop(live);
    let ssh = Ssh::sign_in(&target.host).await?;
    let (mut product, mut skipped, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    let mut between = Vec::new();
    let mut missing = program.file().err();
    for _ in 0..rounds {
        let mut socket = socket(server, &ConsoleOpen::ROW.path_for(&vm)).await?;
        let read = Read::of(&mut socket, READS).await?;
        drop(socket);
        product.push(read.mb_per_s());
        skipped.push(read.missed_mb_per_s());
        raw.push(through_ssh(&ssh, theirs).await?);
        if let (Ok(program), None) = (program.file(), &missing) {
            match through_websockify(program, &ssh, others).await {
                Ok(got) => between.push(got),
                Err(error) => missing = Some(format!("{error:#}")),
            }
        }
    }
    let (product, raw) = (Range::of(product), Range::of(raw));
    let websockify = (!between.is_empty()).then(|| Range::of(between));
    Ok(Flood {
        part: product.median / raw.median,
        product,
        product_skipped: Range::of(skipped),
        websockify_part: websockify.map(|range| range.median / raw.median),
        websockify,
        websockify_missing: missing,
        raw,
    })
}

/// What a viewer of a console got of a flood.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// Bytes.
    pub got: u64,
    /// Bytes that it was told it missed.
    pub missed: u64,
    /// Seconds since the first byte.
    pub seconds: f64,
}

impl Read {
    /// Reads for so long from the first byte on.
    ///
    /// # Errors
    /// When the socket ends, or stays silent.
    pub async fn of(socket: &mut Socket, reads: Duration) -> Result<Read> {
        let (mut got, mut missed, mut begun) = (0, 0, None);
        while begun.is_none_or(|begun: Instant| begun.elapsed() < reads) {
            let message = timeout(DEADLINE, socket.next())
                .await
                .context("the console is silent")?;
            match message.context("the console's socket ended")?? {
                Message::Binary(bytes) => {
                    begun.get_or_insert_with(Instant::now);
                    got += bytes.len() as u64;
                }
                Message::Text(text) => {
                    if let ConsoleFrame::Skipped { bytes } = serde_json::from_str(&text)? {
                        missed += bytes;
                    }
                }
                _ => {}
            }
        }
        Ok(Read {
            got,
            missed,
            seconds: begun.map_or(1.0, |begun| begun.elapsed().as_secs_f64()),
        })
    }

    /// Millions of bytes a second.
    pub fn mb_per_s(self) -> f64 {
        self.got as f64 / 1e6 / self.seconds
    }

    /// The same of what it missed.
    pub fn missed_mb_per_s(self) -> f64 {
        self.missed as f64 / 1e6 / self.seconds
    }
}

async fn through_websockify(program: &Path, ssh: &Ssh, guest: &str) -> Result<f64> {
    let mut websockify = Websockify::start(program, ssh, guest).await?;
    let mut socket = websockify.socket().await?;
    let read = Read::of(&mut socket, READS).await;
    drop(socket);
    websockify.stop().await?;
    Ok(read?.mb_per_s())
}

async fn through_ssh(ssh: &Ssh, guest: &str) -> Result<f64> {
    let mut channel = ssh.on_terminal(&format!("xl console {guest}")).await?;
    let (mut got, mut begun) = (0, None);
    while begun.is_none_or(|begun: Instant| begun.elapsed() < READS) {
        let message = timeout(DEADLINE, channel.wait())
            .await
            .context("the SSH session is silent")?;
        if let ChannelMsg::Data { data } = message.context("the SSH session ended")? {
            begun.get_or_insert_with(Instant::now);
            got += data.len() as u64;
        }
    }
    let seconds = begun.map_or(1.0, |begun| begun.elapsed().as_secs_f64());
    channel.close().await?;
    Ok(got as f64 / 1e6 / seconds)
}

impl fmt::Display for Flood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  product    {} MB/s, skipped besides {} MB/s",
            self.product, self.product_skipped
        )?;
        writeln!(f, "  that is    {:.0} % of raw SSH", self.part * 100.0)?;
        writeln!(f, "  raw SSH    {} MB/s", self.raw)?;
        match (&self.websockify, self.websockify_part, &self.websockify_missing) {
            (Some(range), Some(part), _) => {
                write!(f, "  websockify {range} MB/s, {:.0} % of raw SSH", part * 100.0)
            }
            (_, _, why) => {
                let why = why.as_deref().unwrap_or("not asked for");
                write!(f, "  websockify not measured: {why}")
            }
        }
    }
}
