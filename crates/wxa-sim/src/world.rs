//! A simulated plain Xen host as a pure state machine: domains, xenstore, files, consoles. Time is passed in.

pub(crate) mod cfg;
pub(crate) mod console;
pub(crate) mod create;
pub(crate) mod domain;
pub(crate) mod files;
pub(crate) mod lifecycle;
pub(crate) mod nodes;
pub(crate) mod proc;
pub(crate) mod screens;
pub(crate) mod store;
mod sysrq;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;

use crate::ails::Ail;
use crate::config::{AtStart, ConsoleLogs, SimHostConfig};
use crate::dice::{Curve, Dice};
use crate::sentinels::Behaviour;
use domain::Domain;
use files::Files;
use store::Store;

/// Time zero lies this long before the simulation starts, so that hosts and guests can have been up for days.
pub(crate) const PAST: Duration = Duration::from_secs(60 * 86_400);

/// Something that happens to a domain at a known time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// The guest's own machine wants to go on.
    Wake(u32),
    /// `xl create` is through.
    Built(u32),
    /// The guest saw the request to stop.
    Acknowledged(u32, crate::guest::Signal),
    /// The guest looks for a SysRq key.
    Sysrq(u32),
    /// The background `xl` deals with a domain that has shut down.
    Reap(u32),
}

/// The host.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: SimHostConfig,
    pub(crate) now: Duration,
    /// When this boot of the host began.
    pub(crate) booted_at: Duration,
    /// Seconds since 1970 at time zero.
    pub(crate) epoch: f64,
    /// By how many seconds somebody has set the host's clock.
    pub(crate) clock_set: f64,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) domains: BTreeMap<u32, Domain>,
    pub(crate) dice: Dice,
    next_domid: u32,
    next_pid: u32,
    events: BTreeMap<(Duration, u64), Event>,
    event_count: u64,
    dom0_load: Curve,
    /// Raised by everything that a waiting command may be waiting for.
    pub(crate) changes: watch::Sender<u64>,
    /// Raised by everything that is written to a file.
    pub(crate) file_changes: watch::Sender<u64>,
}

impl World {
    /// A host that has just come up, its guests as the configuration says.
    pub(crate) fn new(config: SimHostConfig, epoch: f64) -> Self {
        let mut dice = Dice::new(config.seed, &config.name);
        let seed = dice.next();
        let mut world = Self {
            dom0_load: Curve::new(&mut dice, 0.12),
            dice,
            config,
            now: PAST,
            booted_at: PAST - Duration::from_secs(86_400 * 20 + seed % 864_000),
            epoch,
            clock_set: 0.0,
            store: Store::default(),
            files: Files::default(),
            domains: BTreeMap::new(),
            next_domid: 1,
            next_pid: 800,
            events: BTreeMap::new(),
            event_count: 0,
            changes: watch::Sender::new(0),
            file_changes: watch::Sender::new(0),
        };
        world.furnish();
        world.write_host_nodes();
        for spec in world.config.guests.clone() {
            match spec.at_start {
                AtStart::Halted => continue,
                AtStart::Running | AtStart::Booting => {}
            }
            let path = format!("/etc/xen/{}.cfg", spec.name);
            let settle = if spec.at_start == AtStart::Running {
                create::Settle::LongAgo
            } else {
                create::Settle::Now
            };
            // A guest that cannot start simply is not there, as on a host whose xendomains failed on it.
            let _ = world.create_at_boot(&path, settle);
        }
        world
    }

    /// Wall clock, seconds since 1970.
    pub(crate) fn wall(&self) -> f64 {
        let behind = self.config.ails.iter().find_map(|ail| match ail {
            Ail::ClockBehind(seconds) => Some(f64::from(*seconds)),
            _ => None,
        });
        self.epoch + self.clock_set + self.now.as_secs_f64() - behind.unwrap_or(0.0)
    }

    /// How long a domain has run by the host's own account, which takes its clock's jumps for time.
    pub(crate) fn uptime_of(&self, domain: &Domain) -> u64 {
        let ran = self.now.saturating_sub(domain.created_at).as_secs_f64();
        (ran + self.clock_set - domain.clock_set).max(0.0) as u64
    }

    /// When the next thing happens by itself.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        self.events.keys().next().map(|(at, _)| *at)
    }

    /// Lets everything happen that is due.
    pub(crate) fn advance(&mut self, now: Duration) {
        while let Some(entry) = self.events.first_entry() {
            let at = entry.key().0;
            if at > now {
                break;
            }
            let event = entry.remove();
            self.now = self.now.max(at);
            self.happen(event);
        }
        self.now = self.now.max(now);
    }

    /// Plans an event.
    pub(crate) fn plan(&mut self, at: Duration, event: Event) {
        self.event_count += 1;
        self.events.insert((at, self.event_count), event);
    }

    /// Tells waiting commands that something changed.
    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Takes the next domain id; ids of failed starts are used up too.
    pub(crate) fn take_domid(&mut self) -> u32 {
        let domid = self.next_domid;
        self.next_domid += 1;
        domid
    }

    /// Takes the next process id.
    pub(crate) fn take_pid(&mut self) -> u32 {
        self.next_pid += 3;
        self.next_pid
    }

    /// A domain by name.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Domain> {
        self.domains.values().find(|domain| domain.name == name)
    }

    /// CPU seconds used by Domain-0 since the host came up.
    pub(crate) fn dom0_cpu(&self) -> f64 {
        self.dom0_load.integral(self.booted_at, self.now) + 12.0
    }

    /// CPUs that Domain-0 kept busy lately.
    pub(crate) fn dom0_mean(&self, over: Duration) -> f64 {
        let from = self.now.saturating_sub(over).max(self.booted_at);
        let seconds = self.now.saturating_sub(from).as_secs_f64().max(1.0);
        self.dom0_load.integral(from, self.now) / seconds
    }

    /// Memory nobody uses, in MiB.
    pub(crate) fn free_memory_mib(&self) -> u64 {
        let used: u64 = self
            .domains
            .values()
            .map(|domain| domain.config.max_memory_mib + 1)
            .sum();
        // Xen itself keeps a little.
        self.config
            .total_memory_mib
            .saturating_sub(self.config.dom0_memory_mib + used + 40)
    }

    /// The host restarts: everything that ran is gone, what is linked in /etc/xen/auto starts again.
    pub(crate) fn restart(&mut self) {
        for domid in self.domains.keys().copied().collect::<Vec<_>>() {
            self.forget(domid);
        }
        self.events.clear();
        self.store = Store::default();
        self.booted_at = self.now;
        self.next_domid = 1;
        self.write_host_nodes();
        for name in self.files.names_in("/etc/xen/auto") {
            let path = self.files.resolve(&format!("/etc/xen/auto/{name}"));
            let _ = self.create_at_boot(&path, create::Settle::Now);
        }
        self.changed();
    }

    fn furnish(&mut self) {
        self.files.make_folder("/etc/xen/auto");
        self.files.make_folder("/var/log/xen");
        if self.config.console_logs == ConsoleLogs::PerGuest {
            self.files.make_folder("/var/log/xen/console");
        }
        let args = match self.config.console_logs {
            ConsoleLogs::PerGuest => "XENCONSOLED_ARGS=\"--log=guest\"\n",
            ConsoleLogs::Off => "#XENCONSOLED_ARGS=\n",
        };
        self.files.write("/etc/default/xen", args, PAST);
        self.files
            .write("/etc/init.d/xen", "#!/bin/sh\n# Xen daemons\n", PAST);
        self.files.write(
            "/etc/xen/xl.conf",
            "# global configuration of xl\n#autoballoon=\"auto\"\n",
            PAST,
        );
        self.files
            .write("/etc/hostname", format!("{}\n", self.config.name), PAST);
        self.files.write("/proc/xen/capabilities", "control_d\n", PAST);
        self.files.write("/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n", PAST);
        if self.config.ails.contains(&Ail::WantsReboot) {
            self.files
                .write("/run/reboot-required", "*** System restart required ***\n", PAST);
            self.files
                .write("/run/reboot-required.pkgs", "linux-image-6.1.0-28-amd64\n", PAST);
        }
        for (path, content) in self.config.extra_files.clone() {
            self.files.write(&files::clean(&path), content, PAST);
        }
        for spec in self.config.guests.clone() {
            let path = format!("/etc/xen/{}.cfg", spec.name);
            self.files.write(&path, spec.config_text(), PAST);
            if spec.at_start != AtStart::Halted {
                self.files
                    .link(&format!("/etc/xen/auto/{}.cfg", spec.name), &path);
            }
        }
    }

    /// The load a guest is configured for.
    pub(crate) fn load_of(&self, name: &str) -> f64 {
        let busy = match Behaviour::of(name) {
            Behaviour::Floods | Behaviour::FloodsRaw | Behaviour::FloodsStore => 0.6,
            _ => 0.05,
        };
        self.config
            .guests
            .iter()
            .find(|spec| spec.name == name)
            .map_or(busy, |spec| spec.load.max(busy - 0.05))
    }
}
