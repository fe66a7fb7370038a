//! The simulated pools of the demo: where their hosts listen, and one pool that nobody has added yet.
use anyhow::Context;
use serde_json::json;
use std::{io, net::Ipv4Addr};
use wxa_core::{Core, Credential, Ctx, NewHost, NewMemberSsh};
use wxa_model::{HostId, Transport, Trust};
use wxa_sim::{
    Pace,
    xapi::{Life, MemberSsh, PoolConfig, Ports, SimPool},
};

/// Everything that looks random in the demo comes from here.
const SEED: u64 = 0x9001;
/// Names, sites and sizes, again from the first when there are more.
const POOLS: [(&str, &str, usize); 3] = [
    ("prod", "Demo", 4),
    ("office", "Demo", 3),
    ("branch", "Branch", 2),
];
/// The members of the first pool are reached over SSH too, at this port or any other that is free; those of the spare one
/// can be.
const SSH_PORT: u16 = 22_700;
const SPARE: &str = "spare";
const SPARE_VMS: usize = 12;

/// The pools of a demo.
pub(super) struct Pools {
    /// Added to the console by the demo itself; each with the site that it stands in.
    pub(super) added: Vec<(SimPool, &'static str)>,
    /// For trying how a pool is added. Nothing happens in it by itself.
    pub(super) spare: SimPool,
}

impl Pools {
    /// Starts `pools` pools with `vms` VMs altogether, and the spare one.
    ///
    /// # Errors
    /// When a host of one cannot listen.
    pub(super) async fn start(pools: usize, vms: usize) -> anyhow::Result<Self> {
        let mut added = Vec::new();
        for (n, (name, site, hosts)) in POOLS.into_iter().cycle().take(pools).enumerate() {
            let name = match n / POOLS.len() {
                0 => name.to_owned(),
                round => format!("{name}-{}", round + 1),
            };
            // What does not come out even is on the first ones.
            let share = vms / pools + usize::from(n < vms % pools);
            let mut config = config(n, &name, hosts, share);
            if n == 0 {
                config.ssh = MemberSsh::Port(SSH_PORT);
            }
            added.push((start(config).await?, site));
        }
        let mut spare = config(pools, SPARE, 1, SPARE_VMS);
        (spare.life, spare.ssh) = (Life::Still, MemberSsh::Port(SSH_PORT));
        let spare = start(spare).await?;
        Ok(Self { added, spare })
    }

    /// Adds those that are to be there.
    ///
    /// # Errors
    /// When one cannot be added.
    pub(super) async fn add(&self, core: &Core, ctx: &Ctx) -> anyhow::Result<Vec<HostId>> {
        let mut ids = Vec::new();
        for (pool, site) in &self.added {
            let id = add(core, ctx, pool, site).await;
            let id = id.with_context(|| format!("adding {}", pool.name()))?;
            let reached = reach_members(core, ctx, pool, id).await;
            reached.with_context(|| format!("reaching the hosts of {} over SSH", pool.name()))?;
            ids.push(id);
        }
        Ok(ids)
    }

    /// Ends them all.
    pub(super) async fn stop(self) {
        let added = self.added.into_iter().map(|(pool, _)| pool);
        for pool in added.chain([self.spare]) {
            pool.stop().await;
        }
    }
}

/// Each host has a loopback address of its own, as each has an address of its own in a real network.
fn config(n: usize, name: &str, hosts: usize, vms: usize) -> PoolConfig {
    let mut config = PoolConfig::new(name, SEED.wrapping_add(n as u64));
    (config.hosts, config.vms) = (hosts, vms);
    config.first_address = Ipv4Addr::new(127, 0, u8::try_from(20 + n).unwrap_or(u8::MAX), 1);
    (config.ports, config.pace, config.life) = (Ports::Standard, Pace::Lifelike, Life::Busy);
    config
}

async fn start(config: PoolConfig) -> anyhow::Result<SimPool> {
    let name = config.name.clone();
    let started = match SimPool::start(config.clone()).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && config.ssh != MemberSsh::Off => {
            let mut free = config;
            free.ssh = MemberSsh::Port(0);
            SimPool::start(free).await
        }
        other => other,
    };
    started.with_context(|| format!("starting the simulated pool {name}"))
}

/// Adds the pool; one of the same name from an earlier run stays when it is at the same address, else it is replaced.
async fn add(core: &Core, ctx: &Ctx, pool: &SimPool, site: &str) -> anyhow::Result<HostId> {
    let address = pool.tls_address(0).context("it has no host")?;
    let at = format!("root@{address}");
    for known in core.host_list(ctx).await? {
        if known.name != pool.name() {
            continue;
        }
        if known.address == at {
            return Ok(known.id);
        }
        core.host_remove(ctx, known.id).await?;
    }
    let new = NewHost {
        name: pool.name().to_owned(),
        site: site.to_owned(),
        transport: Transport::Xapi,
        address: address.ip().to_string(),
        port: address.port(),
        user: "root".into(),
        credential: Credential::Password("xen".into()),
        fingerprint: pool.fingerprint().to_owned(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    };
    let (id, _) = core.host_add(ctx, new).await?;
    Ok(id)
}

/// Sets up the consoles of HVM guests where the pool's members answer SSH.
async fn reach_members(core: &Core, ctx: &Ctx, pool: &SimPool, id: HostId) -> anyhow::Result<()> {
    let Some(first) = pool.ssh(0) else {
        return Ok(());
    };
    let port = first.address().port();
    let seen = core.member_ssh_look(ctx, id, port).await?;
    let trusted: Vec<String> = (0..).map_while(|n| Some(pool.ssh(n)?.fingerprint())).collect();
    let shown = seen.members.into_iter().filter_map(|member| {
        let key = member.shown?.ok()?.fingerprint;
        trusted.contains(&key).then_some((member.host, key))
    });
    let new = NewMemberSsh {
        user: "root".into(),
        port,
        credential: Some(Credential::Password("xen".into())),
        keys: shown.collect(),
    };
    Ok(core.member_ssh_set(ctx, id, new).await?)
}

/// What a script needs to add it by hand, or to talk to it itself.
pub(super) fn pool_json(pool: &SimPool) -> serde_json::Value {
    let members = (0..).map_while(|n| {
        let address = pool.tls_address(n)?;
        Some(json!({
            "address": address.ip().to_string(),
            "port": address.port(),
            "fingerprint": pool.fingerprint_of(n),
            "ssh": pool.ssh(n).map(|ssh| json!({
                "port": ssh.address().port(),
                "fingerprint": ssh.fingerprint(),
            })),
        }))
    });
    json!({
        "name": pool.name(),
        "user": "root",
        "password": "xen",
        "members": members.collect::<Vec<_>>(),
    })
}
