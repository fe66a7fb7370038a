//! A guest that writes without end: how much of it comes through the product's console, and how much through raw SSH.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::StreamExt;
use russh::ChannelMsg;
use serde::Serialize;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use wxa_wire::operation::ConsoleOpen;
use wxa_wire::{ConsoleFrame, Operation};

use crate::live::{Live, socket};
use crate::server::Server;
use crate::ssh::{DEADLINE, Ssh};
use crate::stats::Range;
use crate::target::{FLOODING, Target};

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
}

/// Reads both ways in turns.
///
/// # Errors
/// When a console can't be opened, or ends.
pub async fn measure(server: &Server, target: &Target, rounds: usize) -> Result<Flood> {
    let [ours, theirs] = FLOODING;
    let mut live = Live::open(server).await?;
    live.until("the flooding guest is known", DEADLINE, |live| {
        live.vm(ours).is_some()
    })
    .await?;
    let vm = live.vm(ours).context("a guest that floods")?.id;
    drop(live);
    let ssh = Ssh::sign_in(&target.host).await?;
    let (mut product, mut skipped, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (got, missed) = through_product(server, &ConsoleOpen::ROW.path_for(&vm)).await?;
        product.push(got);
        skipped.push(missed);
        raw.push(through_ssh(&ssh, theirs).await?);
    }
    let (product, raw) = (Range::of(product), Range::of(raw));
    Ok(Flood {
        part: product.median / raw.median,
        product,
        product_skipped: Range::of(skipped),
        raw,
    })
}

/// Reads from the first byte on; both in millions a second.
async fn through_product(server: &Server, path: &str) -> Result<(f64, f64)> {
    let mut socket = socket(server, path).await?;
    let (mut got, mut missed, mut begun) = (0, 0, None);
    while begun.is_none_or(|begun: Instant| begun.elapsed() < READS) {
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
    let seconds = begun.map_or(1.0, |begun| begun.elapsed().as_secs_f64());
    Ok((got as f64 / 1e6 / seconds, missed as f64 / 1e6 / seconds))
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
        writeln!(f, "  raw SSH    {} MB/s", self.raw)?;
        write!(f, "  that is    {:.0} %", self.part * 100.0)
    }
}
