//! How what a guest's console told is shown: a word beside the power state, and sentences on the VM's page. Pure.
use crate::{
    console::Place,
    format,
    routes::{Route, VmTab},
    text::{T, fill, t},
};
use wxa_model::{
    ConsoleKind, PowerState, UnixMillis, Vm, VmId,
    console::{GuestEvent, GuestPhase, Understood},
};

/// What is shown beside the power state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The colour's class.
    pub class: &'static str,
    /// The icon's name in the sprite; none where the word is enough.
    pub icon: Option<&'static str>,
    /// What it says.
    pub word: String,
    /// More, for a tooltip.
    pub more: String,
    /// The console at the line that told it.
    pub href: String,
}

/// What a VM's console told, where that is worth a word. `now` is asked where time counts.
pub fn told(vm: &Vm, now: impl FnOnce() -> UnixMillis) -> Option<Told> {
    let told = vm.understood?;
    let runs = matches!(vm.power, PowerState::Running | PowerState::Paused);
    let (class, icon, word) = match told.phase {
        GuestPhase::Panicked => ("st-crashed", Some("warning"), t(T::PhasePanicked).to_owned()),
        _ if !runs => return None,
        GuestPhase::Login if told.slow => ("st-warn", Some("waiting"), t(T::PhaseLogin).to_owned()),
        GuestPhase::Login => ("muted", None, t(T::PhaseLogin).to_owned()),
        GuestPhase::Shutdown => ("muted", None, t(T::PhaseShutdown).to_owned()),
        GuestPhase::Firmware
        | GuestPhase::BootLoader
        | GuestPhase::Kernel
        | GuestPhase::Init
        | GuestPhase::Fsck => {
            let key = if told.phase == GuestPhase::Fsck {
                T::PhaseChecksFor
            } else {
                T::PhaseBootsFor
            };
            let for_ms = told.boots_for(now())?;
            ("st-pending", None, fill(key, &[("span", &format::span(for_ms))]))
        }
    };
    Some(Told {
        class,
        icon,
        word,
        more: sentence(told),
        href: told_at(vm, told),
    })
}

/// The console of a VM at an offset of its history; of its first text console where none is named.
pub fn at(vm: VmId, kind: Option<ConsoleKind>, offset: u64) -> String {
    let place = Place { kind, offset }.text();
    format!("{}?at={place}", Route::Vm(vm, VmTab::Console).path())
}

/// The console that told something, at the line that did. It is named unless the VM has no other text console.
pub fn told_at(vm: &Vm, told: Understood) -> String {
    let mut text = vm.consoles.iter().filter(|kind| kind.is_text());
    let is_only = text.next() == Some(&told.kind) && text.next().is_none();
    at(vm.id, Some(told.kind).filter(|_| !is_only), told.offset)
}

/// How far a guest has come, as a sentence.
pub fn sentence(told: Understood) -> String {
    let sentence = t(match told.phase {
        GuestPhase::Firmware => T::SaysFirmware,
        GuestPhase::BootLoader => T::SaysBootLoader,
        GuestPhase::Kernel => T::SaysKernel,
        GuestPhase::Init => T::SaysInit,
        GuestPhase::Fsck => T::SaysFsck,
        GuestPhase::Login => T::SaysLogin,
        GuestPhase::Shutdown => T::SaysShutdown,
        GuestPhase::Panicked => T::SaysPanicked,
    });
    if told.slow && told.phase == GuestPhase::Login {
        format!("{sentence} {}", t(T::SaysSlow))
    } else {
        sentence.to_owned()
    }
}

/// Whether something that a console told is trouble.
pub fn is_wrong(what: GuestEvent) -> bool {
    match what {
        GuestEvent::Phase(phase) => phase == GuestPhase::Panicked,
        GuestEvent::OutOfMemory | GuestEvent::Oops | GuestEvent::SoftLockup => true,
        GuestEvent::SlowBoot => false,
    }
}

/// What happened, in a list of what a console told: class, icon, words.
pub fn event(what: GuestEvent) -> (&'static str, &'static str, &'static str) {
    let (class, icon, key) = match what {
        GuestEvent::Phase(GuestPhase::Firmware) => ("muted", "right", T::EventFirmware),
        GuestEvent::Phase(GuestPhase::BootLoader) => ("muted", "right", T::EventBootLoader),
        GuestEvent::Phase(GuestPhase::Kernel) => ("muted", "right", T::EventKernel),
        GuestEvent::Phase(GuestPhase::Init) => ("muted", "right", T::EventInit),
        GuestEvent::Phase(GuestPhase::Fsck) => ("muted", "right", T::EventFsck),
        GuestEvent::Phase(GuestPhase::Login) => ("st-running", "check", T::EventLogin),
        GuestEvent::Phase(GuestPhase::Shutdown) => ("muted", "power", T::EventShutdown),
        GuestEvent::Phase(GuestPhase::Panicked) => ("st-crashed", "warning", T::EventPanicked),
        GuestEvent::OutOfMemory => ("st-warn", "warning", T::EventOutOfMemory),
        GuestEvent::Oops => ("st-warn", "warning", T::EventOops),
        GuestEvent::SoftLockup => ("st-warn", "warning", T::EventSoftLockup),
        GuestEvent::SlowBoot => ("st-warn", "waiting", T::EventSlowBoot),
    };
    (class, icon, t(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOW, vm};

    fn of(power: PowerState, phase: GuestPhase, slow: bool) -> Option<Told> {
        let mut vm = vm(7, "web-01", power);
        vm.understood = Some(Understood {
            phase,
            since: UnixMillis(NOW.0 - 3_000),
            kind: ConsoleKind::Pv,
            offset: 512,
            began: Some(UnixMillis(NOW.0 - 12_000)),
            slow,
        });
        told(&vm, || NOW)
    }

    #[test]
    fn a_guest_that_boots_says_for_how_long() {
        let told = of(PowerState::Running, GuestPhase::Kernel, false).unwrap();
        assert_eq!(told.word, "booting, 12 s");
        assert!(told.href.ends_with("/console?at=512"), "{}", told.href);
        let told = of(PowerState::Running, GuestPhase::Fsck, false).unwrap();
        assert_eq!(told.word, "checking disks, 12 s");
    }

    #[test]
    fn a_link_names_the_console_where_there_are_two() {
        let mut vm = vm(7, "web-01", PowerState::Running);
        let understood = Understood {
            phase: GuestPhase::Login,
            since: NOW,
            kind: ConsoleKind::Serial,
            offset: 512,
            began: None,
            slow: false,
        };
        let ends = |vm: &Vm, with: &str| {
            let href = told_at(vm, understood);
            assert!(href.ends_with(with), "{href}");
        };
        vm.consoles = vec![ConsoleKind::Serial, ConsoleKind::Graphical];
        ends(&vm, "/console?at=512");
        vm.consoles = vec![ConsoleKind::Pv, ConsoleKind::Serial];
        ends(&vm, "/console?at=serial:512");
        vm.consoles = Vec::new();
        ends(&vm, "/console?at=serial:512");
    }

    #[test]
    fn a_panic_is_seen_after_the_guest_is_gone_and_nothing_else_is() {
        let told = of(PowerState::Halted, GuestPhase::Panicked, false).unwrap();
        assert_eq!((told.word.as_str(), told.class), ("panicked", "st-crashed"));
        assert_eq!(of(PowerState::Halted, GuestPhase::Login, false), None);
        assert_eq!(of(PowerState::Stopping, GuestPhase::Shutdown, false), None);
    }

    #[test]
    fn a_slow_boot_is_said_of_the_prompt_that_came_late() {
        let told = of(PowerState::Running, GuestPhase::Login, true).unwrap();
        assert_eq!((told.word.as_str(), told.class), ("login", "st-warn"));
        assert!(told.more.contains("later than usual"), "{}", told.more);
        assert_eq!(
            of(PowerState::Running, GuestPhase::Login, false).unwrap().class,
            "muted"
        );
    }
}
