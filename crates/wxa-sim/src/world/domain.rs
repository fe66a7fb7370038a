//! One running domain: what it was made from, what it has used, and the guest inside.

use std::time::Duration;

use uuid::Uuid;

use super::console::Console;
use crate::config::GuestType;
use crate::dice::{Curve, Dice};
use crate::guest::GuestOs;

/// Why a domain has shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    PowerOff,
    Reboot,
    Crash,
}

impl Reason {
    /// Xen's number for it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::PowerOff => 0,
            Self::Reboot => 1,
            Self::Crash => 3,
        }
    }

    /// The letter in `xl list`.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::PowerOff => '-',
            Self::Reboot => 'r',
            Self::Crash => 'c',
        }
    }
}

/// A disk as the definition has it.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    pub(crate) target: String,
    pub(crate) vdev: String,
    pub(crate) format: &'static str,
    pub(crate) writable: bool,
}

impl Disk {
    /// The number of `xvdX` in xenstore.
    pub(crate) fn devid(&self) -> u32 {
        let letter = self
            .vdev
            .as_bytes()
            .get(3)
            .copied()
            .unwrap_or(b'a')
            .to_ascii_lowercase();
        let base = if self.vdev.starts_with("hd") { 768 } else { 51_712 };
        base + 16 * u32::from(letter.saturating_sub(b'a'))
    }

    /// `phy` for block devices and raw files, `qdisk` for image formats.
    pub(crate) fn backend(&self) -> &'static str {
        if self.format == "raw" { "vbd" } else { "qdisk" }
    }
}

/// A network interface as the definition has it.
#[derive(Debug, Clone)]
pub(crate) struct Nic {
    pub(crate) mac: String,
    pub(crate) bridge: String,
}

/// A screen as the definition has it.
#[derive(Debug, Clone)]
pub(crate) struct Display {
    pub(crate) listen: String,
    /// Empty for none.
    pub(crate) password: String,
}

/// What a domain was made from.
#[derive(Debug, Clone)]
pub(crate) struct DomainConfig {
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) uuid: Uuid,
    pub(crate) guest_type: GuestType,
    pub(crate) memory_mib: u64,
    pub(crate) max_memory_mib: u64,
    /// CPUs that are online.
    pub(crate) vcpus: u32,
    /// CPUs that could be, if the definition speaks of them.
    pub(crate) max_vcpus: Option<u32>,
    pub(crate) kernel: Option<String>,
    pub(crate) ramdisk: Option<String>,
    pub(crate) cmdline: String,
    pub(crate) disks: Vec<Disk>,
    pub(crate) nics: Vec<Nic>,
    pub(crate) display: Option<Display>,
    pub(crate) on_reboot: String,
    pub(crate) on_crash: String,
    pub(crate) on_poweroff: String,
}

impl DomainConfig {
    /// CPUs, online or not.
    pub(crate) fn all_vcpus(&self) -> u32 {
        self.max_vcpus.unwrap_or(self.vcpus).max(self.vcpus)
    }
}

/// Where a domain is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// `xl create` is still at work.
    Building,
    Live,
    Shutdown(Reason),
}

/// A domain that `xl list` shows.
#[derive(Debug)]
pub(crate) struct Domain {
    pub(crate) domid: u32,
    pub(crate) name: String,
    pub(crate) config: DomainConfig,
    pub(crate) phase: Phase,
    pub(crate) created_at: Duration,
    /// How the host's clock was set then.
    pub(crate) clock_set: f64,
    /// Since when it is paused.
    pub(crate) paused_at: Option<Duration>,
    /// How far its own clock is behind the host's.
    pub(crate) clock_behind: Duration,
    pub(crate) os: GuestOs,
    pub(crate) console: Console,
    /// Where its emulator shows its screen.
    pub(crate) vnc_port: Option<u16>,
    pub(crate) xl_pid: u32,
    pub(crate) usage: Usage,
    /// When the planned wake-up of the guest is; older plans are ignored.
    pub(crate) wake_at: Option<Duration>,
}

impl Domain {
    /// The guest's own time.
    pub(crate) fn guest_time(&self, now: Duration) -> Duration {
        self.paused_at.unwrap_or(now).saturating_sub(self.clock_behind)
    }

    /// Whether its CPUs may run.
    pub(crate) fn runs(&self) -> bool {
        self.phase == Phase::Live && self.paused_at.is_none()
    }

    /// Whether it would be seen running, runnable or blocked if one looked now.
    pub(crate) fn activity(&self, now: Duration) -> Activity {
        if self.phase == Phase::Building {
            return Activity::Runnable;
        }
        if !self.runs() {
            return Activity::None;
        }
        let slot = u64::try_from(now.as_millis() / 250).unwrap_or(0);
        let share = Dice::new(slot, &self.name).unit();
        let busy = self.usage.busy_share(now);
        if share < busy {
            Activity::Running
        } else if share < busy + 0.04 {
            Activity::Runnable
        } else {
            Activity::Blocked
        }
    }
}

/// What the scheduler would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    None,
    Running,
    Runnable,
    Blocked,
}

/// Counters that grow along load curves while the domain runs.
#[derive(Debug)]
pub(crate) struct Usage {
    load: Curve,
    accrued_to: Duration,
    pub(crate) cpu_secs: f64,
    pub(crate) net_tx_bytes: f64,
    pub(crate) net_rx_bytes: f64,
    pub(crate) disk_reads: f64,
    pub(crate) disk_writes: f64,
}

impl Usage {
    /// Counters at zero.
    pub(crate) fn new(load: Curve, now: Duration) -> Self {
        Self {
            load,
            accrued_to: now,
            cpu_secs: 0.0,
            net_tx_bytes: 0.0,
            net_rx_bytes: 0.0,
            disk_reads: 0.0,
            disk_writes: 0.0,
        }
    }

    /// Counts up to `now` as a running domain.
    pub(crate) fn accrue(&mut self, now: Duration) {
        let cpu = self.load.integral(self.accrued_to, now);
        self.accrued_to = now;
        self.cpu_secs += cpu;
        self.net_tx_bytes += cpu * 310_000.0;
        self.net_rx_bytes += cpu * 180_000.0;
        self.disk_reads += cpu * 22.0;
        self.disk_writes += cpu * 35.0;
    }

    /// Lets time pass without work.
    pub(crate) fn skip(&mut self, now: Duration) {
        self.accrued_to = now;
    }

    /// Starts as if it had worked for a while before.
    pub(crate) fn backdate(&mut self, seconds: f64) {
        let cpu = self
            .load
            .integral(Duration::ZERO, Duration::from_secs_f64(seconds));
        self.cpu_secs += 7.5 + cpu;
        self.net_tx_bytes += cpu * 310_000.0;
        self.net_rx_bytes += cpu * 180_000.0;
        self.disk_reads += 4100.0 + cpu * 22.0;
        self.disk_writes += 900.0 + cpu * 35.0;
    }

    fn busy_share(&self, now: Duration) -> f64 {
        self.load.integral(now, now + Duration::from_secs(1)).min(1.0)
    }
}
