//! The host that consoles and events are measured on: a simulated one in this process, or one of the real-Xen bed.

use std::fs::File;

use anyhow::{Context, Result};
use wxa_model::{Transport, Trust};
use wxa_sim::{GuestSpec, SimHost, SimHostConfig, demo_fleet};
use wxa_wire::{CredentialParams, HostAddParams, SecretText};

use crate::ssh::Ssh;

/// Everything that looks random in the simulated fleet comes from here.
const SEED: u64 = 0x5eed;
/// The guests that are measured: consoles are exclusive, so each way to one gets its own guest.
const GUESTS: [&str; 2] = ["bench-a", "bench-b"];

/// Guests that write to their consoles as quickly as somebody reads, one for each way.
pub const FLOODING: [&str; 3] = [
    "vm-floods-raw-bench-a",
    "vm-floods-raw-bench-b",
    "vm-floods-raw-bench-c",
];

/// A host with two equal guests that nobody else uses.
pub struct Target {
    /// How the host is reached and added.
    pub host: HostAddParams,
    /// The guests' names.
    pub guests: [&'static str; 2],
    /// What is typed on a guest's console until there is a shell: (what to wait for, what to type then).
    pub sign_in: &'static [(&'static str, &'static str)],
    /// How a prompt of that shell ends.
    pub prompt: &'static str,
    shell: Ssh,
    /// Keeps the bed's other users away.
    turn: Option<File>,
}

impl Target {
    /// Types a command as root on the host, over a connection that is open already.
    ///
    /// # Errors
    /// When it fails.
    pub async fn run(&self, command: &str) -> Result<String> {
        self.shell.run(command).await
    }

    /// The first of the simulated hosts.
    ///
    /// # Errors
    /// When it can't be signed in to.
    pub async fn simulated(fleet: &[SimHost]) -> Result<Target> {
        let host = added(fleet.first().context("a fleet has a host")?);
        Ok(Target {
            shell: Ssh::sign_in(&host).await?,
            host,
            guests: GUESTS,
            sign_in: &[("login: ", "root\r"), ("Password: ", "guest\r")],
            prompt: ":~# ",
            turn: None,
        })
    }

    /// Host A of the bed, as `bed status --json` tells it, before its guests are started: two copies of `tiny`.
    ///
    /// # Errors
    /// When the bed is down.
    pub async fn bed(status: &str) -> Result<Target> {
        let turn = File::create(std::env::temp_dir().join("webxenadmin-xen-bed.lock"))?;
        let turn = tokio::task::spawn_blocking(move || turn.lock().map(|()| turn)).await??;
        let status: serde_json::Value = serde_json::from_str(status)?;
        let a = status["hosts"].as_array().and_then(|hosts| hosts.first());
        let a = a.context("the bed has no host")?;
        let word = |key: &str| {
            let word = a[key].as_str().map(str::to_owned);
            word.context("host A of the bed is down\n  what to do: `cargo xtask xen-host up`")
        };
        let host = HostAddParams {
            name: word("hostname")?,
            site: String::new(),
            transport: Transport::Ssh,
            address: word("address")?,
            port: a["ssh_port"].as_u64().context("a port")?.try_into()?,
            user: word("user")?,
            credential: password(&word("password")?),
            fingerprint: word("fingerprint")?,
            trust: Trust::Pin,
            jump: None,
            config_dir: String::new(),
        };
        let target = Target {
            shell: Ssh::sign_in(&host).await?,
            host,
            guests: GUESTS,
            sign_in: &[],
            prompt: ":~# ",
            turn: Some(turn),
        };
        target.clear().await?;
        Ok(target)
    }

    /// Starts the guests where they don't run by themselves. After the host was added: booting guests leave little to sshd.
    ///
    /// # Errors
    /// When they can't be started.
    pub async fn start_guests(&self) -> Result<()> {
        if self.turn.is_some() {
            for guest in GUESTS {
                self.run(&format!("xl create /etc/xen/tiny.cfg 'name=\"{guest}\"'"))
                    .await?;
            }
        }
        Ok(())
    }

    /// Leaves the host as it was found.
    ///
    /// # Errors
    /// When it can't be told to.
    pub async fn clear(&self) -> Result<()> {
        if self.turn.is_some() {
            for guest in GUESTS {
                self.run(&format!(
                    "! xl domid {guest} >/dev/null 2>&1 || xl destroy {guest}"
                ))
                .await?;
            }
        }
        Ok(())
    }
}

/// Starts simulated hosts with `vms` guests altogether; the first has those that are measured besides.
///
/// # Errors
/// When a host can't listen.
pub async fn fleet(hosts: usize, vms: usize) -> Result<Vec<SimHost>> {
    let mut fleet = Vec::new();
    for (n, mut config) in demo_fleet(hosts, vms, SEED).into_iter().enumerate() {
        if n == 0 {
            config.guests.extend(GUESTS.map(GuestSpec::new));
        }
        fleet.push(start(config).await?);
    }
    Ok(fleet)
}

/// Starts a simulated host for consoles: the two guests that are typed at, and those that flood.
///
/// # Errors
/// When the host can't listen.
pub async fn for_consoles() -> Result<Vec<SimHost>> {
    let mut fleet = Vec::new();
    for mut config in demo_fleet(1, 4, SEED) {
        config.guests.extend(GUESTS.map(GuestSpec::new));
        config.guests.extend(FLOODING.map(GuestSpec::new));
        fleet.push(start(config).await?);
    }
    Ok(fleet)
}

/// Starts a simulated host with so many guests, each of which has printed so much before anybody looks, as the host's own logs tell.
///
/// # Errors
/// When the host can't listen.
pub async fn that_printed(name: &str, guests: usize, bytes: usize) -> Result<SimHost> {
    let mut config = SimHostConfig::new(name, SEED);
    config.total_memory_mib = 1 << 20;
    for n in 0..guests {
        let guest = format!("{name}-guest-{n:03}");
        let line = format!("[   12.345678] {guest}: a line as guests print them, of some length\r\n");
        let text = line.repeat(bytes.div_ceil(line.len()));
        let log = format!("/var/log/xen/console/guest-{guest}.log");
        config.extra_files.push((log, text));
        config.guests.push(GuestSpec::new(guest));
    }
    start(config).await
}

/// Starts a simulated host with so many guests that flood, and nothing else.
///
/// # Errors
/// When the host can't listen.
pub async fn that_floods(guests: usize) -> Result<SimHost> {
    let mut config = SimHostConfig::new("floods", SEED);
    let names = (0..guests).map(|n| format!("vm-floods-raw-bench-{n}"));
    config.guests.extend(names.map(GuestSpec::new));
    start(config).await
}

async fn start(config: SimHostConfig) -> Result<SimHost> {
    let name = config.name.clone();
    SimHost::start(config)
        .await
        .with_context(|| format!("starting the simulated host {name}"))
}

/// How a simulated host is added.
pub fn added(host: &SimHost) -> HostAddParams {
    HostAddParams {
        name: host.name().to_owned(),
        site: String::new(),
        transport: Transport::Ssh,
        address: host.address().ip().to_string(),
        port: host.address().port(),
        user: "root".to_owned(),
        credential: password("xen"),
        fingerprint: host.fingerprint(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    }
}

fn password(password: &str) -> CredentialParams {
    CredentialParams::Password {
        password: SecretText(password.to_owned()),
    }
}
