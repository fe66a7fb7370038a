//! A server with one large XAPI pool: how long until all of it is live, what it costs the server and the pool, and how quickly a
//! change is seen, quietly and while a thousand others happen every second.

use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::time::{Instant, sleep};
use wxa_wire::Operation;
use wxa_wire::SystemView;
use wxa_wire::operation::{HostAdd, NoId, SystemGet};

use crate::alone;
use crate::live::Live;
use crate::machine::{self, Memory};
use crate::options::Effort;
use crate::page::{self, Page};
use crate::pool::{MARKED, Pool};
use crate::server::{Built, Cores, Server};
use crate::stats::Spread;

/// How long it may take at most until something is seen.
const LONGEST: Duration = Duration::from_secs(120);
/// How long is waited for a pool's history. The server reads it with long rests, a large pool's for minutes: it goes on in the
/// background then.
const LONGEST_HISTORY: Duration = Duration::from_secs(45);
/// Changes a second in a storm.
pub const STORM: u64 = 1_000;
/// Of the storm, before anything is measured in it.
const WARM_UP: Duration = Duration::from_secs(2);

/// The outcome at one size.
#[derive(Debug, Serialize)]
pub struct Scale {
    pub vms: usize,
    /// From the request that adds the pool, its trial included, to the last row at a browser's socket.
    pub added_ms: f64,
    /// After a rest with nobody looking on.
    pub at_rest: Memory,
    /// Part of one processor that the server takes meanwhile: 1 is all of one.
    pub idle_processor: f64,
    /// Calls a minute that the pool gets while nothing happens; its members' measurements, 12 a minute each, not counted.
    pub idle_calls: f64,
    /// The rendered list.
    pub page: Page,
    /// Nothing else happens: from a change in the pool to its delta at a browser's socket.
    pub quiet: Changes,
    /// The same with a thousand other changes a second.
    pub storm: Changes,
    /// Part of one processor in the storm, with one tab looking on.
    pub storm_processor: f64,
    /// After everything.
    pub after_work: Memory,
}

/// How quickly a change is seen.
#[derive(Debug, Serialize)]
pub struct Changes {
    /// Without the product: from the change to the answer of the pool's `event.from`.
    pub host_alone: Spread,
    /// With it: from the change to the delta.
    pub delta: Spread,
}

impl Changes {
    /// The delta's 99th percentile beyond the host's own median. The host's 99th percentile is the machine's noise, which is in
    /// both.
    pub fn added_p99_ms(&self) -> f64 {
        self.delta.p99_ms - self.host_alone.p50_ms
    }
}

/// Starts a server with the pool in it, all of its VMs live.
///
/// # Errors
/// When it can't be added.
pub async fn server_with(built: &Built, cores: Cores, pool: &Pool) -> Result<(Server, Duration)> {
    let server = Server::start_on(built, cores).await?;
    let mut live = Live::open(&server).await?;
    let asked = serde_json::to_string(&pool.added()?)?;
    let begun = std::time::Instant::now();
    let adding = async {
        let mut http = server.http().await?;
        http.post(&HostAdd::ROW.path_for(&NoId), &asked).await
    };
    let (_, last_row) = tokio::try_join!(adding, all_listed(&mut live, pool))?;
    drop(live);
    histories_read(&server).await?;
    Ok((server, last_row - begun))
}

/// Waits until what the pool recorded of itself is taken over, which happens once in the life of an installation; not for ever.
async fn histories_read(server: &Server) -> Result<()> {
    let begun = Instant::now();
    let mut http = server.http().await?;
    loop {
        let reply = http.get(&SystemGet::ROW.path_for(&NoId)).await?;
        let view: SystemView = serde_json::from_slice(&reply.body).context("reading the system page")?;
        let left = view
            .queues
            .iter()
            .find(|queue| queue.name.starts_with("histories"));
        // Pools report their members right after themselves.
        if left.is_some_and(|queue| queue.room > 0 && queue.waiting == 0) {
            return Ok(());
        }
        if begun.elapsed() > LONGEST_HISTORY {
            let waiting = left.map_or(0, |queue| queue.waiting);
            eprintln!("  … the history of {waiting} members is still being read");
            return Ok(());
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// Waits until a tab knows every VM of the pool; when that was.
///
/// # Errors
/// When it takes too long.
pub async fn all_listed(live: &mut Live, pool: &Pool) -> Result<std::time::Instant> {
    live.until("every VM is listed", LONGEST, |live| live.guests() >= pool.vms)
        .await
}

/// Measures with a pool of so many VMs in this process.
///
/// # Errors
/// When the pool can't be added, or a change isn't seen.
pub async fn measure(built: &Built, vms: usize, effort: Effort) -> Result<Scale> {
    let pool = Pool::start(vms).await?;
    let (server, added) = server_with(built, Cores::All, &pool).await?;
    let pid = server.pid()?;
    sleep(effort.rest()).await;
    let at_rest = machine::memory(pid)?;
    let calls = pool.calls();
    let idle_processor = processor(pid, effort.idle()).await?;
    let idle_calls = (pool.calls() - calls) as f64 * 60.0 / effort.idle().as_secs_f64();
    let page = page::measure(&server, effort.rounds(), effort.pick(5, 20)).await?;

    let (rounds, each) = (effort.rounds(), effort.pick(10, 40));
    let quiet = changes(&pool, &server, "quiet", rounds, each).await?;
    pool.set_storm(STORM);
    sleep(WARM_UP).await;
    let storm = changes(&pool, &server, "storm", rounds, each).await?;
    let storm_processor = with_a_tab(&server, &pool, effort.rest()).await?;
    pool.set_storm(0);
    let after_work = machine::memory(pid)?;
    server.stop().await?;
    Ok(Scale {
        vms,
        added_ms: added.as_secs_f64() * 1e3,
        at_rest,
        idle_processor,
        idle_calls,
        page,
        quiet,
        storm,
        storm_processor,
        after_work,
    })
}

/// Part of one processor that a process takes for so long.
async fn processor(pid: u32, time: Duration) -> Result<f64> {
    let (begun, before) = (Instant::now(), machine::processor_time(pid)?);
    sleep(time).await;
    Ok((machine::processor_time(pid)? - before) / begun.elapsed().as_secs_f64())
}

async fn with_a_tab(server: &Server, pool: &Pool, time: Duration) -> Result<f64> {
    let mut live = Live::open(server).await?;
    all_listed(&mut live, pool).await?;
    let pid = server.pid()?;
    // The tab reads all the while, and waits for what never comes.
    let reading = live.until("the end", LONGEST, |_| false);
    tokio::select! {
        part = processor(pid, time) => part,
        end = reading => end.map(|_| 0.0),
    }
}

async fn changes(pool: &Pool, server: &Server, what: &str, rounds: usize, each: usize) -> Result<Changes> {
    let host_alone = alone::measure(pool, rounds, each).await?;
    // A tab that has not read for long is cut off: a new one looks on.
    let mut live = Live::open(server).await?;
    all_listed(&mut live, pool).await?;
    let mut all = Vec::new();
    for round in 0..rounds {
        let mut of_round = Vec::new();
        for n in 0..each {
            let name = format!("{MARKED}{what}-{round}-{n}");
            // Uneven pauses, so that no beat of anybody's is always met at the same place. The tab goes on reading meanwhile.
            let changing = async {
                sleep(Duration::from_millis(37 + (n as u64 * 61) % 97)).await;
                Ok(pool.change(&name))
            };
            let seeing = live.until(&name, LONGEST, |live| live.vm(&name).is_some());
            let (changed, seen) = tokio::try_join!(changing, seeing)?;
            of_round.push(Instant::from_std(seen) - changed);
        }
        all.push(of_round);
    }
    Ok(Changes {
        host_alone,
        delta: Spread::of(&all),
    })
}
