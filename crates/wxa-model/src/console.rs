//! What a guest's console says of the guest.
use crate::{ConsoleKind, PowerState, UnixMillis};
use serde::{Deserialize, Serialize};

/// How far a guest has come, as its console tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestPhase {
    /// BIOS or UEFI.
    Firmware,
    /// GRUB, pygrub, iPXE, Windows' boot manager.
    BootLoader,
    /// The kernel prints.
    Kernel,
    /// Services are started.
    Init,
    /// A file system is checked.
    Fsck,
    /// It asks for a name, or a shell waits.
    Login,
    /// It goes down.
    Shutdown,
    /// The kernel has given up.
    Panicked,
}

/// Something that a guest's console told at one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestEvent {
    /// Another phase began.
    Phase(GuestPhase),
    /// A process was killed for want of memory.
    OutOfMemory,
    /// The kernel met a fault and went on.
    Oops,
    /// A CPU was stuck.
    SoftLockup,
    /// The login prompt came clearly later than at earlier boots.
    SlowBoot,
}

impl GuestPhase {
    /// All of them, in the order in which a guest goes through them.
    pub const ALL: [Self; 8] = [
        Self::Firmware,
        Self::BootLoader,
        Self::Kernel,
        Self::Init,
        Self::Fsck,
        Self::Login,
        Self::Shutdown,
        Self::Panicked,
    ];

    /// Whether it is on its way to a login prompt.
    pub fn is_booting(self) -> bool {
        self < Self::Login
    }

    /// The name that it is kept under.
    pub fn key(self) -> &'static str {
        match self {
            Self::Firmware => "firmware",
            Self::BootLoader => "boot_loader",
            Self::Kernel => "kernel",
            Self::Init => "init",
            Self::Fsck => "fsck",
            Self::Login => "login",
            Self::Shutdown => "shutdown",
            Self::Panicked => "panicked",
        }
    }
}

impl GuestEvent {
    /// The name that it is kept under: a phase's own.
    pub fn key(self) -> &'static str {
        match self {
            Self::Phase(phase) => phase.key(),
            Self::OutOfMemory => "out_of_memory",
            Self::Oops => "oops",
            Self::SoftLockup => "soft_lockup",
            Self::SlowBoot => "slow_boot",
        }
    }

    /// The event of that name; none of another one.
    pub fn from_key(key: &str) -> Option<Self> {
        let phases = GuestPhase::ALL.into_iter().map(Self::Phase);
        let troubles = [Self::OutOfMemory, Self::Oops, Self::SoftLockup, Self::SlowBoot];
        phases.chain(troubles).find(|event| event.key() == key)
    }
}

/// How far a guest has come, as its console told last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Understood {
    /// How far.
    pub phase: GuestPhase,
    /// When that was printed.
    pub since: UnixMillis,
    /// On which console.
    pub kind: ConsoleKind,
    /// Offset in that console's history of the line that told it.
    pub offset: u64,
    /// When the guest began to run; none where nobody saw it.
    pub began: Option<UnixMillis>,
    /// Whether it came to its login prompt clearly later than at earlier boots ([`is_slow`]).
    pub slow: bool,
}

impl Understood {
    /// What still holds of a guest in that power state: one that does not run is in no phase, unless its kernel gave up.
    pub fn holds(self, power: PowerState) -> bool {
        match power {
            PowerState::Running | PowerState::Paused | PowerState::Stopping | PowerState::Crashed => true,
            PowerState::Halted | PowerState::Suspended => self.phase == GuestPhase::Panicked,
        }
    }

    /// Milliseconds that it boots already; none when it does not boot, or so long that nobody waits for a prompt any more: some
    /// guests have none on their console.
    pub fn boots_for(self, now: UnixMillis) -> Option<u64> {
        let so_long = now.0.saturating_sub(self.began.unwrap_or(self.since).0);
        (self.phase.is_booting() && so_long < GIVEN_UP_MS).then_some(so_long)
    }
}

/// After so long nobody waits for a login prompt.
pub const GIVEN_UP_MS: u64 = 15 * 60_000;
/// Earlier boots that a boot is compared with, at most.
pub const COMPARED: usize = 10;
/// With fewer nothing is said.
const LEAST: usize = 3;
/// A boot is slow that took so much longer than the median of those before it, and half as long again.
const SLOWER_MS: u64 = 10_000;

/// Whether a boot was clearly slower than those before it, of which the latest [`COMPARED`] count: half as long again as their median, and at
/// least ten seconds longer. Of fewer than three nothing can be said.
pub fn is_slow(login_ms: u64, earlier: &[u64]) -> bool {
    let Some(usual) = usual(earlier) else { return false };
    login_ms >= usual.saturating_add(usual / 2) && login_ms >= usual.saturating_add(SLOWER_MS)
}

/// The median of the latest boots, oldest first, in milliseconds; none of fewer than three.
pub fn usual(earlier: &[u64]) -> Option<u64> {
    let mut latest: Vec<u64> = earlier.iter().rev().take(COMPARED).copied().collect();
    if latest.len() < LEAST {
        return None;
    }
    latest.sort_unstable();
    let middle = latest.len() / 2;
    let upper = latest.get(middle).copied()?;
    if latest.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = latest.get(middle - 1).copied()?;
    Some(lower + (upper - lower) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boot_is_slow_when_it_took_half_as_long_again_and_ten_seconds_more() {
        let usual = [20_000, 21_000, 19_000, 20_500];
        assert!(!is_slow(29_999, &usual));
        assert!(is_slow(31_000, &usual));
        assert!(!is_slow(60_000, &usual[..2]), "two boots say nothing");
        assert!(!is_slow(9_000, &[2_000; 5]), "seconds are noise");
        assert!(!is_slow(260_000, &[250_000; 5]));
    }

    #[test]
    fn only_the_latest_boots_are_compared() {
        let mut boots = vec![5_000; 20];
        boots.extend([60_000; 10]);
        assert!(!is_slow(61_000, &boots));
    }

    #[test]
    fn every_event_is_found_again_by_its_name() {
        for phase in GuestPhase::ALL {
            assert_eq!(GuestEvent::from_key(phase.key()), Some(GuestEvent::Phase(phase)));
        }
        assert_eq!(GuestEvent::from_key("oops"), Some(GuestEvent::Oops));
        assert_eq!(GuestEvent::from_key("boot"), None);
    }

    #[test]
    fn a_panic_outlasts_the_guest_and_nothing_else_does() {
        let of = |phase| Understood {
            phase,
            since: UnixMillis(5),
            kind: ConsoleKind::Pv,
            offset: 0,
            began: None,
            slow: false,
        };
        assert!(of(GuestPhase::Panicked).holds(PowerState::Halted));
        assert!(!of(GuestPhase::Login).holds(PowerState::Halted));
        assert_eq!(of(GuestPhase::Init).boots_for(UnixMillis(12_005)), Some(12_000));
        assert_eq!(of(GuestPhase::Login).boots_for(UnixMillis(12_005)), None);
        assert_eq!(of(GuestPhase::Init).boots_for(UnixMillis(GIVEN_UP_MS + 5)), None);
    }
}
