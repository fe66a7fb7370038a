//! A simulated XAPI pool of a given size in this process: one of its VMs is changed at known moments, the others in a storm.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};
use wxa_model::{Transport, Trust};
use wxa_sim::xapi::{PoolConfig, PoolVm, SimPool};
use wxa_wire::{CredentialParams, HostAddParams, SecretText};

/// The account of a simulated pool that may do everything.
pub const USER: &str = "root";
/// Its password.
pub const PASSWORD: &str = "xen";
/// What the VM that is watched begins with: it stands first in a list by name.
pub const MARKED: &str = "0-";
/// How many VMs there are on a host.
const VMS_PER_HOST: usize = 250;
/// What VMs do, by name: all who share a word are found by typing it.
const WORDS: [&str; 8] = ["web", "db", "mail", "build", "cache", "proxy", "mon", "vpn"];
/// What is typed to find a few of them, at every size.
pub const FILTER: &str = "web-000";
/// The storm comes in portions.
const PORTION_EVERY: Duration = Duration::from_millis(20);

/// A pool, and the storm over it.
pub struct Pool {
    sim: Arc<SimPool>,
    marked: PoolVm,
    rate: watch::Sender<u64>,
    // Ends with it, and with it the simulation, whose servers end with that.
    _storm: JoinSet<()>,
    /// How many guests it has.
    pub vms: usize,
}

impl Pool {
    /// Starts a pool of so many VMs, all named in order; nothing happens in it.
    ///
    /// # Errors
    /// When its hosts can't listen.
    pub async fn start(vms: usize) -> Result<Pool> {
        let mut config = PoolConfig::new("large", 0x5eed);
        (config.hosts, config.vms) = (vms.div_ceil(VMS_PER_HOST).max(2), vms);
        config.first_address = Ipv4Addr::new(127, 0, 77, 1);
        let sim = Arc::new(SimPool::start(config).await.context("starting the pool")?);
        let guests = sim.guests();
        let named: Vec<(PoolVm, String)> = guests
            .iter()
            .zip(WORDS.iter().cycle())
            .enumerate()
            .map(|(n, (vm, word))| (*vm, format!("{word}-{n:05}")))
            .collect();
        sim.rename(named.iter().cloned());
        let (marked, others) = named.split_first().context("the pool has guests")?;
        let marked = marked.0;
        sim.rename([(marked, format!("{MARKED}marked"))]);
        let (rate, told) = watch::channel(0);
        let mut changing = JoinSet::new();
        changing.spawn(storm(Arc::clone(&sim), others.to_vec(), told));
        Ok(Pool {
            vms: guests.len(),
            sim,
            marked,
            rate,
            _storm: changing,
        })
    }

    /// Renames the VM that is watched; when that was.
    pub fn change(&self, name: &str) -> Instant {
        let now = Instant::now();
        self.sim.rename([(self.marked, name.to_owned())]);
        now
    }

    /// The same by the wall's clock, in milliseconds since 1970.
    pub fn change_at(&self, name: &str) -> f64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.change(name);
        now.as_secs_f64() * 1e3
    }

    /// From now on so many changes of other VMs a second.
    pub fn set_storm(&self, per_second: u64) {
        self.rate.send_replace(per_second);
    }

    /// Calls that clients have made so far.
    pub fn calls(&self) -> u64 {
        self.sim.calls()
    }

    /// Where its coordinator speaks in the clear.
    ///
    /// # Errors
    /// Never, with a host.
    pub fn http_address(&self) -> Result<std::net::SocketAddr> {
        self.sim.http_address(0).context("the pool has a host")
    }

    /// How it is added to the server.
    ///
    /// # Errors
    /// Never, with a host.
    pub fn added(&self) -> Result<HostAddParams> {
        let address = self.sim.tls_address(0).context("the pool has a host")?;
        Ok(HostAddParams {
            name: self.sim.name().to_owned(),
            site: String::new(),
            transport: Transport::Xapi,
            address: address.ip().to_string(),
            port: address.port(),
            user: USER.to_owned(),
            credential: CredentialParams::Password {
                password: SecretText(PASSWORD.to_owned()),
            },
            fingerprint: self.sim.fingerprint().to_owned(),
            trust: Trust::Pin,
            jump: None,
            config_dir: String::new(),
        })
    }
}

/// Changes VM after VM: half of the changes are names, which keep the order of the list; half are states.
async fn storm(sim: Arc<SimPool>, guests: Vec<(PoolVm, String)>, mut rate: watch::Receiver<u64>) {
    let mut turn = guests.iter().cycle().zip(0_u64..);
    loop {
        let per_second = *rate.borrow_and_update();
        if per_second == 0 {
            if rate.changed().await.is_err() {
                return;
            }
            continue;
        }
        let portion = (per_second as f64 * PORTION_EVERY.as_secs_f64()).round().max(1.0) as usize;
        let mut ticks = interval(PORTION_EVERY);
        // What the machine could not do in time is made up for: a thousand a second it is.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        while !rate.has_changed().unwrap_or(true) {
            ticks.tick().await;
            let mut named = turn.by_ref().map(|((vm, name), n)| (*vm, format!("{name} {n}")));
            sim.rename(named.by_ref().take(portion / 2));
            sim.stir(named.take(portion - portion / 2));
        }
        if rate.has_changed().is_err() {
            return;
        }
    }
}
