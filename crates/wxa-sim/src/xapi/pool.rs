//! A running pool: its servers, what can befall it, and what its owner may ask.

mod handle;
mod listen;

pub(super) use handle::PoolHandle;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::config::PoolConfig;
use super::fleet;
use super::http;
use super::tls::{Identity, Paper, Showing};
use super::value::{Ref, Value};
use super::vm;
use super::world::{PAST, World};
use crate::host::SimHost;
use listen::{listen, shells};

/// A guest of a simulated pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PoolVm(Ref);

/// A simulated pool on real sockets.
pub struct SimPool {
    config: PoolConfig,
    handle: PoolHandle,
    hosts: Vec<(Ref, Ipv4Addr)>,
    tls_port: u16,
    http_port: u16,
    fingerprints: Vec<String>,
    shown: Vec<Showing>,
    /// The members' SSH servers, where they have any.
    shells: Vec<SimHost>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl fmt::Debug for SimPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimPool")
            .field("name", &self.config.name)
            .finish_non_exhaustive()
    }
}

impl SimPool {
    /// Starts a pool; every host listens on an address of its own.
    ///
    /// # Errors
    /// When the hosts cannot listen.
    pub async fn start(mut config: PoolConfig) -> io::Result<Self> {
        let addresses: Vec<Ipv4Addr> = (0..config.hosts.max(1))
            .map(|n| {
                let n = u32::try_from(n).unwrap_or(u32::MAX);
                Ipv4Addr::from(u32::from(config.first_address).wrapping_add(n))
            })
            .collect();
        let (tls, plain) = listen(&addresses, config.ports).await?;
        let port = |listeners: &[TcpListener]| -> io::Result<u16> {
            let first = listeners.first().ok_or(io::ErrorKind::AddrNotAvailable)?;
            Ok(first.local_addr()?.port())
        };
        let (tls_port, http_port) = (port(&tls)?, port(&plain)?);
        config.tls_port = tls_port;
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut world = fleet::populate(config.clone(), wall.as_secs_f64() - PAST.as_secs_f64());
        let hosts = addresses.into_iter().filter_map(|address| {
            let text = address.to_string();
            let host = world
                .db
                .all("host")
                .find(|host| world.db.text("host", *host, "address") == text)?;
            Some((host, address))
        });
        let hosts: Vec<(Ref, Ipv4Addr)> = hosts.collect();
        let mut identities = Vec::new();
        for (host, address) in &hosts {
            let name = world.db.text("host", *host, "name_label");
            let identity = Identity::new(config.seed, name, *address, &Paper::of(config.signer))?;
            world.certify(*host, &identity.fingerprint);
            identities.push(identity);
        }
        let handle = PoolHandle::new(world);
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(handle.clone().live());
        let mut shown = Vec::new();
        for ((((host, _), secure), clear), identity) in hosts.iter().zip(tls).zip(plain).zip(&identities) {
            let showing = Showing::new(identity);
            shown.push(showing.clone());
            tasks.spawn(http::serve(
                secure,
                Some(showing),
                handle.clone(),
                *host,
                stop.clone(),
            ));
            tasks.spawn(http::serve(clear, None, handle.clone(), *host, stop.clone()));
        }
        let shells = shells(&config, &handle, &hosts).await?;
        Ok(Self {
            config,
            handle,
            shells,
            hosts,
            tls_port,
            http_port,
            fingerprints: identities
                .into_iter()
                .map(|identity| identity.fingerprint)
                .collect(),
            shown,
            stop,
            tasks,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// The addresses of the hosts, the first coordinator's first.
    pub fn addresses(&self) -> impl Iterator<Item = Ipv4Addr> + '_ {
        self.hosts.iter().map(|(_, address)| *address)
    }

    /// Where the n-th host speaks TLS.
    pub fn tls_address(&self, n: usize) -> Option<SocketAddr> {
        self.hosts
            .get(n)
            .map(|(_, address)| SocketAddr::from((*address, self.tls_port)))
    }

    /// Where the n-th host speaks in the clear.
    pub fn http_address(&self, n: usize) -> Option<SocketAddr> {
        self.hosts
            .get(n)
            .map(|(_, address)| SocketAddr::from((*address, self.http_port)))
    }

    /// SHA-256 of the first host's certificate, as `AB:CD:…`. The same at every start with the same seed.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint_of(0).unwrap_or_default()
    }

    /// The same of the n-th host.
    pub fn fingerprint_of(&self, n: usize) -> Option<&str> {
        self.fingerprints.get(n).map(String::as_str)
    }

    /// The n-th host shows another certificate from now on, and its pool knows it.
    ///
    /// # Errors
    /// When there is no such host.
    pub fn show(&mut self, n: usize, paper: &Paper) -> io::Result<()> {
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        let (host, address) = self.hosts.get(n).copied().ok_or_else(missing)?;
        let (seed, handle) = (self.config.seed, self.handle.clone());
        let name = handle.with(|world| world.db.text("host", host, "name_label").to_owned());
        let identity = Identity::new(seed, &name, address, paper)?;
        self.shown.get(n).ok_or_else(missing)?.replace(&identity);
        handle.with(|world| world.recertify(host, &identity.fingerprint));
        if let Some(print) = self.fingerprints.get_mut(n) {
            *print = identity.fingerprint;
        }
        Ok(())
    }

    /// The SSH server of the n-th host; none where the members have none.
    pub fn ssh(&self, n: usize) -> Option<&SimHost> {
        self.shells.get(n)
    }

    /// The n-th host stops answering. Where it led the pool, the others find themselves without a coordinator.
    pub fn cut_host(&self, n: usize) {
        let Some((host, _)) = self.hosts.get(n).copied() else {
            return;
        };
        self.shells.get(n).into_iter().for_each(SimHost::hang_soon);
        self.handle.with(|world| {
            world.offline.insert(host);
            if world.coordinator() == host {
                let others = world
                    .db
                    .all("host")
                    .filter(|other| *other != host)
                    .collect::<Vec<_>>();
                world.emergency.extend(others);
            }
            let metrics = world.db.reference("host", host, "metrics");
            world.db.set("host_metrics", metrics, "live", false);
        });
    }

    /// The n-th host answers again.
    pub fn restore_host(&self, n: usize) {
        let Some((host, _)) = self.hosts.get(n).copied() else {
            return;
        };
        self.shells.get(n).into_iter().for_each(SimHost::resume_soon);
        self.handle.with(|world| {
            world.offline.remove(&host);
            if world.coordinator() == host {
                world.emergency.clear();
            }
            let metrics = world.db.reference("host", host, "metrics");
            world.db.set("host_metrics", metrics, "live", true);
        });
    }

    /// The n-th host leads from now on, as after `pool.emergency_transition_to_master` and `recover_slaves`.
    pub fn promote(&self, n: usize) {
        if let Some((host, _)) = self.hosts.get(n).copied() {
            self.handle.with(|world| world.change_coordinator(host));
        }
    }

    /// It is another pool from now on, as after it was installed anew: with that UUID, and without the sessions it had.
    pub fn become_another(&self, uuid: Uuid) {
        self.handle.with(|world| {
            let pools: Vec<Ref> = world.db.all("pool").collect();
            for pool in pools {
                world.db.set("pool", pool, "uuid", uuid.to_string());
            }
            world.restart_toolstack();
        });
    }

    /// The toolstack restarts: sessions and tasks are gone.
    pub fn restart_toolstack(&self) {
        self.handle.with(World::restart_toolstack);
    }

    /// Calls that clients have made so far.
    pub fn calls(&self) -> u64 {
        self.handle.with(|world| world.calls)
    }

    /// Its guests.
    pub fn guests(&self) -> Vec<PoolVm> {
        self.handle.with(|world| {
            let db = &world.db;
            let is = |vm: &Ref, field| db.get("VM", *vm, field).is_true();
            db.all("VM")
                .filter(|vm| !is(vm, "is_a_template") && !is(vm, "is_control_domain"))
                .map(PoolVm)
                .collect()
        })
    }

    /// Gives guests other names, all at once, as somebody else's calls would.
    pub fn rename(&self, names: impl IntoIterator<Item = (PoolVm, String)>) {
        self.handle.with(|world| {
            for (vm, name) in names {
                world.db.set("VM", vm.0, "name_label", Value::from(name));
            }
        });
    }

    /// Changes guests all at once as others' work would: one that runs is paused, a paused one goes on, and any other one gets
    /// the name that stands with it.
    pub fn stir(&self, guests: impl IntoIterator<Item = (PoolVm, String)>) {
        self.handle.with(|world| {
            for (vm, name) in guests {
                match world.db.text("VM", vm.0, "power_state") {
                    "Running" => vm::set_state(world, vm.0, "Paused"),
                    "Paused" => vm::set_state(world, vm.0, "Running"),
                    _ => world.db.set("VM", vm.0, "name_label", Value::from(name)),
                }
            }
        });
    }

    /// Ends it.
    pub async fn stop(mut self) {
        self.stop.cancel();
        for shell in self.shells.drain(..) {
            shell.stop().await;
        }
        self.tasks.shutdown().await;
    }
}
