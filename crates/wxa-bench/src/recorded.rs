//! Many guests recorded at once: what each takes of the server's memory and of its disk, and how soon what they printed before is there.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use tokio::time::{sleep, timeout};
use wxa_sim::SimHost;
use wxa_wire::operation::{NoId, RecordingGet, RecordingSet};
use wxa_wire::{Operation, RecordingSettings, RecordingView};

use crate::live::Live;
use crate::machine;
use crate::options::{Effort, thousands};
use crate::server::{Built, Server};
use crate::target;

/// Guests, on so many hosts.
const GUESTS: usize = 500;
const HOSTS: usize = 2;
/// What each has printed before: more than stays in memory of one that nobody looks at.
const PRINTED: usize = 128 << 10;
/// How long the server may take to have all of it.
const WITHIN: Duration = Duration::from_secs(300);
/// Between two looks at how far it is.
const PACE: Duration = Duration::from_millis(100);

/// The outcome.
#[derive(Debug, Serialize)]
pub struct Recorded {
    pub guests: usize,
    /// What each had printed when it was recorded, in bytes.
    pub printed_bytes: u64,
    /// What the server's memory is larger by for each guest than the same server's that records nothing, in KiB.
    pub kib_each: f64,
    /// What the file and its log take for each guest, in KiB.
    pub disk_kib_each: f64,
    /// From adding the hosts until all is there, in seconds.
    pub caught_up_s: f64,
    /// Part of one processor once it is: nobody prints, nobody looks.
    pub idle_processor: f64,
    /// The same of the server that records nothing.
    pub idle_processor_unrecorded: f64,
}

/// A server at rest.
struct AtRest {
    rss_kib: u64,
    disk_bytes: u64,
    caught_up: Duration,
    processor: f64,
}

/// Whether the server records.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Records {
    Everything,
    Nothing,
}

/// Measures two servers, one of which records nothing.
///
/// # Errors
/// When a host can't be added, or its guests are not recorded in time.
pub async fn measure(built: &Built, effort: Effort) -> Result<Recorded> {
    let without = at_rest(built, Records::Nothing, effort).await?;
    let with = at_rest(built, Records::Everything, effort).await?;
    let each = |bytes: f64| bytes / GUESTS as f64;
    Ok(Recorded {
        guests: GUESTS,
        printed_bytes: PRINTED as u64,
        kib_each: each(with.rss_kib as f64 - without.rss_kib as f64),
        disk_kib_each: each(with.disk_bytes as f64 / 1024.0),
        caught_up_s: with.caught_up.as_secs_f64(),
        idle_processor: with.processor,
        idle_processor_unrecorded: without.processor,
    })
}

async fn at_rest(built: &Built, records: Records, effort: Effort) -> Result<AtRest> {
    let mut hosts = Vec::new();
    for n in 0..HOSTS {
        hosts.push(target::that_printed(&format!("rec-{n}"), GUESTS / HOSTS, PRINTED).await?);
    }
    let server = Server::start(built).await?;
    if records == Records::Nothing {
        let settings = RecordingSettings {
            on: false,
            ..recording(&server).await?.settings
        };
        let asked = serde_json::to_string(&settings)?;
        let mut http = server.http().await?;
        let row = RecordingSet::ROW;
        http.call(row.method.name(), &row.path_for(&NoId), &asked).await?;
    }
    let begun = Instant::now();
    server.add(hosts.iter().map(target::added).collect()).await?;
    let mut live = Live::open(&server).await?;
    live.until("all guests are known", WITHIN, |live| live.guests() == GUESTS)
        .await?;
    drop(live);
    if records == Records::Everything {
        timeout(WITHIN, all_recorded(&server))
            .await
            .context("not all guests are recorded in time")??;
    }
    let caught_up = begun.elapsed();
    sleep(effort.rest()).await;
    let pid = server.pid()?;
    let (before, watched) = (machine::processor_time(pid)?, Instant::now());
    sleep(effort.idle()).await;
    let processor = (machine::processor_time(pid)? - before) / watched.elapsed().as_secs_f64();
    let at_rest = AtRest {
        rss_kib: machine::memory(pid)?.rss_kib,
        disk_bytes: server.file_bytes("consoles.db")?,
        caught_up,
        processor,
    };
    server.stop().await?;
    stop(hosts).await;
    Ok(at_rest)
}

async fn all_recorded(server: &Server) -> Result<()> {
    loop {
        let view = recording(server).await?;
        let wanted = (GUESTS * PRINTED) as u64;
        if view.consoles >= GUESTS as u64 && view.bytes >= wanted {
            return Ok(());
        }
        ensure!(view.settings.on, "the server records nothing");
        sleep(PACE).await;
    }
}

async fn recording(server: &Server) -> Result<RecordingView> {
    let row = RecordingGet::ROW;
    let mut http = server.http().await?;
    let reply = http.call(row.method.name(), &row.path_for(&NoId), "").await?;
    serde_json::from_slice(&reply.body).context("how recording stands")
}

async fn stop(hosts: Vec<SimHost>) {
    for host in hosts {
        host.stop().await;
    }
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  {} guests, each had printed {} KiB before",
            thousands(self.guests),
            self.printed_bytes / 1024
        )?;
        writeln!(f, "  memory each    {:.1} KiB", self.kib_each)?;
        writeln!(f, "  disk each      {:.1} KiB", self.disk_kib_each)?;
        writeln!(
            f,
            "  all was there  {:.1} s after the hosts were added",
            self.caught_up_s
        )?;
        write!(
            f,
            "  processor      {:.1} % of one, idle ({:.1} % where nothing is recorded)",
            self.idle_processor * 100.0,
            self.idle_processor_unrecorded * 100.0
        )
    }
}
