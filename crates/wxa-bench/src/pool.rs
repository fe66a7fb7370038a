//! A large XAPI pool: how long until all of it is live, what it costs the server and the pool, and how quickly a change is
//! seen while a thousand others happen every second.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval, sleep};
use wxa_model::{Transport, Trust};
use wxa_sim::xapi::{PoolConfig, PoolVm, SimPool};
use wxa_wire::operation::{HostAdd, NoId};
use wxa_wire::{CredentialParams, HostAddParams, Operation, SecretText};

use crate::live::Live;
use crate::machine::{self, Memory};
use crate::server::{Built, Server};
use crate::stats::Spread;

/// The pool's size.
pub const HOSTS: usize = 8;
/// The pool's size.
pub const VMS: usize = 2000;
/// How long it may take at most.
const LONGEST: Duration = Duration::from_secs(120);
/// How long the idle pool's calls are counted.
const IDLE: Duration = Duration::from_secs(30);
/// Changes come in portions, so many in each, a thousand a second together.
const PORTION: usize = 20;
const PORTION_EVERY: Duration = Duration::from_millis(20);

/// The outcome.
#[derive(Debug, Serialize)]
pub struct Pool {
    /// From the request that adds the pool, its trial included, to the last row at a browser's socket.
    pub added_ms: f64,
    /// Right then.
    pub memory: Memory,
    /// Calls a minute that the pool gets while nothing happens; its members' measurements, 12 a minute each, not counted.
    pub idle_calls: f64,
    /// From a change in the pool to its delta, with a thousand changes a second.
    pub from_change: Spread,
    /// After that.
    pub memory_busy: Memory,
}

/// Measures with a pool in this process.
///
/// # Errors
/// When the pool can't be added, or a change isn't seen.
pub async fn measure(built: &Built, rounds: usize, each: usize) -> Result<Pool> {
    let mut config = PoolConfig::new("large", 0x5eed);
    (config.hosts, config.vms) = (HOSTS, VMS);
    let pool = SimPool::start(config).await.context("starting the pool")?;
    let guests = pool.guests();
    let server = Server::start(built).await?;
    let mut live = Live::open(&server).await?;

    let asked = serde_json::to_string(&added(&pool)?)?;
    let begun = Instant::now();
    let adding = async {
        let mut http = server.http().await?;
        http.post(&HostAdd::ROW.path_for(&NoId), &asked).await
    };
    let seeing = live.until("every VM is listed", LONGEST, |live| {
        live.guests() >= guests.len()
    });
    let (_, last_row) = tokio::try_join!(adding, seeing)?;
    let memory = machine::memory(server.pid()?)?;

    sleep(Duration::from_secs(5)).await;
    let before = pool.calls();
    sleep(IDLE).await;
    let idle_calls = (pool.calls() - before) as f64 * 60.0 / IDLE.as_secs_f64();

    // A tab that has not read for so long is cut off: another one looks on.
    let mut live = Live::open(&server).await?;
    live.until("every VM is listed", LONGEST, |live| {
        live.guests() >= guests.len()
    })
    .await?;
    let from_change = changes(&pool, &guests, &mut live, rounds, each).await?;
    let memory_busy = machine::memory(server.pid()?)?;
    server.stop().await?;
    pool.stop().await;
    Ok(Pool {
        added_ms: (last_row - begun).as_secs_f64() * 1e3,
        memory,
        idle_calls,
        from_change,
        memory_busy,
    })
}

async fn changes(
    pool: &SimPool,
    guests: &[PoolVm],
    live: &mut Live,
    rounds: usize,
    each: usize,
) -> Result<Spread> {
    let (marked, others) = guests.split_first().context("the pool has guests")?;
    let storm = async {
        let mut ticks = interval(PORTION_EVERY);
        // What the machine could not do in time is made up for: a thousand a second it is.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut turn = others.iter().cycle().enumerate();
        loop {
            ticks.tick().await;
            let portion = turn.by_ref().take(PORTION);
            pool.rename(portion.map(|(n, vm)| (*vm, format!("stirred-{n}"))));
        }
    };
    let measuring = async {
        let mut all = Vec::new();
        for round in 0..rounds {
            let mut of_round = Vec::new();
            for n in 0..each {
                // Uneven pauses, so that no beat of anybody's is always met at the same place.
                sleep(Duration::from_millis(37 + (n as u64 * 61) % 97)).await;
                let name = format!("marked-{round}-{n}");
                let begun = Instant::now();
                pool.rename([(*marked, name.clone())]);
                let seen = live
                    .until(&name, LONGEST, |live| live.vm(&name).is_some())
                    .await?;
                of_round.push(seen - begun);
            }
            all.push(of_round);
        }
        Ok(Spread::of(&all))
    };
    tokio::select! {
        spread = measuring => spread,
        () = storm => unreachable!("a storm does not end"),
    }
}

fn added(pool: &SimPool) -> Result<HostAddParams> {
    let address = pool.tls_address(0).context("the pool has a host")?;
    Ok(HostAddParams {
        name: pool.name().to_owned(),
        site: String::new(),
        transport: Transport::Xapi,
        address: address.ip().to_string(),
        port: address.port(),
        user: "root".to_owned(),
        credential: CredentialParams::Password {
            password: SecretText("xen".to_owned()),
        },
        fingerprint: pool.fingerprint().to_owned(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    })
}

impl fmt::Display for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  added, and the last row live after {:.0} ms", self.added_ms)?;
        writeln!(f, "  then       {}", self.memory)?;
        writeln!(f, "  idle       {:.0} calls a minute", self.idle_calls)?;
        writeln!(f, "  1,000 changes a second: change → delta")?;
        writeln!(f, "  → delta    {}", self.from_change)?;
        write!(f, "  after work {}", self.memory_busy)
    }
}
