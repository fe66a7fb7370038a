//! The simulated hosts of the demo: where they listen, and one that nobody has added yet.
use anyhow::Context;
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};
use wxa_sim::{ConsoleLogs, GuestSpec, SimHost, SimHostConfig, demo_fleet};

/// Everything that looks random in the demo comes from here.
const SEED: u64 = 0x5eed;
/// The first port that is tried: the same ones at each start, so that hosts stored by an earlier run are found again.
const FIRST_PORT: u16 = 22_600;

/// The hosts of a demo.
pub(super) struct Fleet {
    /// Added to the console by the demo itself.
    pub(super) added: Vec<SimHost>,
    /// For trying how a host is added.
    pub(super) spare: SimHost,
}

impl Fleet {
    /// Starts `hosts` hosts with `guests` guests altogether, and the spare one.
    ///
    /// # Errors
    /// When a host cannot listen.
    pub(super) async fn start(hosts: usize, guests: usize) -> anyhow::Result<Self> {
        let mut added = Vec::new();
        for (n, config) in demo_fleet(hosts, guests, SEED).into_iter().enumerate() {
            added.push(start(config, n).await?);
        }
        let spare = start(spare(), hosts).await?;
        Ok(Self { added, spare })
    }

    /// Ends them all.
    pub(super) async fn stop(self) {
        for host in self.added.into_iter().chain([self.spare]) {
            host.stop().await;
        }
    }
}

/// Starts a host at its own port, or at any when that is taken.
async fn start(config: SimHostConfig, n: usize) -> anyhow::Result<SimHost> {
    let own = u16::try_from(n)
        .ok()
        .and_then(|n| FIRST_PORT.checked_add(n))
        .unwrap_or(0);
    let at = |port| SimHostConfig {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        ..config.clone()
    };
    let started = match SimHost::start(at(own)).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => SimHost::start(at(0)).await,
        other => other,
    };
    started.with_context(|| format!("starting the simulated host {}", config.name))
}

fn spare() -> SimHostConfig {
    let mut spare = SimHostConfig::new("xen-spare", SEED ^ 0xffff);
    spare.console_logs = ConsoleLogs::Off;
    spare.guests = vec![
        GuestSpec::new("spare-01"),
        GuestSpec::new("spare-02").halted(),
        GuestSpec::new("spare-03").halted(),
    ];
    spare
}
