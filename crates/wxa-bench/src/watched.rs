//! Consoles that somebody looks at: what a hundred idle ones take of the processor, and ten that flood.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use wxa_model::VmId;
use wxa_wire::operation::ConsoleOpen;
use wxa_wire::{ConsoleFrame, ConsoleStatus, Operation};

use crate::live::{Live, Socket, socket_as};
use crate::machine;
use crate::options::Effort;
use crate::server::{Built, Server};
use crate::ssh::DEADLINE;
use crate::target;

const IDLE: usize = 100;
const FLOODING: usize = 10;
/// Hosts of the idle ones.
const HOSTS: usize = 2;
/// Consoles that a session opens; the server allows 32 sockets.
const PER_SESSION: usize = 25;
/// How long floods are read.
const READS: Duration = Duration::from_secs(5);

/// The outcome.
#[derive(Debug, Serialize)]
pub struct Watched {
    pub idle: Idle,
    pub flooding: Flooding,
}

/// Consoles on which nothing is printed.
#[derive(Debug, Serialize)]
pub struct Idle {
    pub consoles: usize,
    /// Part of one processor before any of them was opened.
    pub processor_before: f64,
    /// Part of one processor with all of them open.
    pub processor: f64,
    /// What the server's memory grew by for each, in KiB.
    pub kib_each: f64,
}

/// Consoles that print as quickly as they can, with one viewer each that reads as quickly.
#[derive(Debug, Serialize)]
pub struct Flooding {
    pub consoles: usize,
    /// Part of one processor; more than one is several.
    pub processor: f64,
    /// What all viewers together got, in millions of bytes a second.
    pub mb_per_s: f64,
    /// What they were told that they missed.
    pub missed_mb_per_s: f64,
    /// Processor seconds for each GB that they got.
    pub processor_s_per_gb: f64,
    /// The server's memory at the end, in MB.
    pub memory_mb: f64,
}

/// Measures both, each on a server of its own.
///
/// # Errors
/// When a console can't be opened, or ends.
pub async fn measure(built: &Built, effort: Effort) -> Result<Watched> {
    Ok(Watched {
        idle: idle(built, effort).await?,
        flooding: flooding(built).await?,
    })
}

async fn idle(built: &Built, effort: Effort) -> Result<Idle> {
    let mut hosts = Vec::new();
    for n in 0..HOSTS {
        hosts.push(target::that_printed(&format!("idle-{n}"), IDLE / HOSTS, 4096).await?);
    }
    let server = Server::with_hosts(built, hosts.iter().map(target::added).collect()).await?;
    let vms = guests(&server, IDLE).await?;
    sleep(effort.rest()).await;
    let pid = server.pid()?;
    let processor_before = processor(pid, effort.idle()).await?;
    let memory = machine::memory(pid)?.rss_kib;
    let notes = Arc::new(Notes::default());
    let mut reading = read_all(&server, &vms, &notes).await?;
    sleep(effort.rest()).await;
    let processor = processor(pid, effort.idle()).await?;
    let grown = machine::memory(pid)?.rss_kib.saturating_sub(memory);
    none_ended(&mut reading)?;
    reading.shutdown().await;
    server.stop().await?;
    for host in hosts {
        host.stop().await;
    }
    Ok(Idle {
        consoles: IDLE,
        processor_before,
        processor,
        kib_each: grown as f64 / IDLE as f64,
    })
}

async fn flooding(built: &Built) -> Result<Flooding> {
    let host = target::that_floods(FLOODING).await?;
    let server = Server::with_hosts(built, vec![target::added(&host)]).await?;
    let vms = guests(&server, FLOODING).await?;
    let notes = Arc::new(Notes::default());
    let mut reading = read_all(&server, &vms, &notes).await?;
    let pid = server.pid()?;
    let (before, begun) = (machine::processor_time(pid)?, Instant::now());
    let (got, missed) = notes.now();
    sleep(READS).await;
    let (got, missed) = (notes.now().0 - got, notes.now().1 - missed);
    let seconds = begun.elapsed().as_secs_f64();
    let processor = machine::processor_time(pid)? - before;
    let memory = machine::memory(pid)?;
    none_ended(&mut reading)?;
    reading.shutdown().await;
    server.stop().await?;
    host.stop().await;
    Ok(Flooding {
        consoles: FLOODING,
        processor: processor / seconds,
        mb_per_s: got as f64 / 1e6 / seconds,
        missed_mb_per_s: missed as f64 / 1e6 / seconds,
        processor_s_per_gb: processor / (got as f64 / 1e9),
        memory_mb: memory.rss_mb(),
    })
}

async fn guests(server: &Server, count: usize) -> Result<Vec<VmId>> {
    let mut live = Live::open(server).await?;
    live.until("all guests are known", DEADLINE, |live| live.guests() == count)
        .await?;
    Ok(live.first_vms(count))
}

/// What all viewers got.
#[derive(Default)]
struct Notes {
    got: AtomicU64,
    missed: AtomicU64,
}

impl Notes {
    /// Bytes that came, and bytes that were missed.
    fn now(&self) -> (u64, u64) {
        (
            self.got.load(Ordering::Relaxed),
            self.missed.load(Ordering::Relaxed),
        )
    }
}

/// Opens a console of each, and reads it from then on: one that is not read is cut off. All are attached when this returns.
async fn read_all(server: &Server, vms: &[VmId], notes: &Arc<Notes>) -> Result<JoinSet<Result<()>>> {
    let mut reading = JoinSet::new();
    for some in vms.chunks(PER_SESSION) {
        let cookie = server.another_session().await?;
        for vm in some {
            let mut socket = socket_as(server, &cookie, &ConsoleOpen::ROW.path_for(vm)).await?;
            timeout(DEADLINE, connected(&mut socket))
                .await
                .context("a console isn't attached")??;
            reading.spawn(read(socket, Arc::clone(notes)));
        }
    }
    Ok(reading)
}

async fn connected(socket: &mut Socket) -> Result<()> {
    while let Some(message) = socket.next().await {
        if let Message::Text(text) = message?
            && let ConsoleFrame::Status { status } = serde_json::from_str(&text)?
            && status == ConsoleStatus::Connected
        {
            return Ok(());
        }
    }
    bail!("the console's socket ended")
}

async fn read(mut socket: Socket, notes: Arc<Notes>) -> Result<()> {
    while let Some(message) = socket.next().await {
        match message? {
            Message::Binary(bytes) => {
                notes.got.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            }
            Message::Text(text) => {
                if let ConsoleFrame::Skipped { bytes } = serde_json::from_str(&text)? {
                    notes.missed.fetch_add(bytes, Ordering::Relaxed);
                }
            }
            _ => {}
        }
    }
    bail!("a console's socket ended")
}

/// A console that ended was not measured.
fn none_ended(reading: &mut JoinSet<Result<()>>) -> Result<()> {
    match reading.try_join_next() {
        Some(ended) => ended?,
        None => Ok(()),
    }
}

/// Part of one processor that a process has in that time.
async fn processor(pid: u32, within: Duration) -> Result<f64> {
    let (before, begun) = (machine::processor_time(pid)?, Instant::now());
    sleep(within).await;
    Ok((machine::processor_time(pid)? - before) / begun.elapsed().as_secs_f64())
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (idle, flooding) = (&self.idle, &self.flooding);
        writeln!(
            f,
            "  {:3} idle      {:.1} % of one processor ({:.1} % before), {:.1} KiB each",
            idle.consoles,
            idle.processor * 100.0,
            idle.processor_before * 100.0,
            idle.kib_each
        )?;
        writeln!(
            f,
            "  {:3} flooding  {:.0} % of one processor, {:.1} MB/s to viewers, skipped besides {:.1} MB/s",
            flooding.consoles,
            flooding.processor * 100.0,
            flooding.mb_per_s,
            flooding.missed_mb_per_s
        )?;
        write!(
            f,
            "                {:.1} processor seconds a GB, the server's memory {:.1} MB",
            flooding.processor_s_per_gb, flooding.memory_mb
        )
    }
}
