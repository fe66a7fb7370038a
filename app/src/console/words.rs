//! What is understood of a console's output, in words.
use crate::text::{C, c};
use wxa_model::console::{GuestEvent, GuestPhase};

/// A stage of a boot.
pub fn phase(phase: GuestPhase) -> &'static str {
    c(match phase {
        GuestPhase::Firmware => C::PhaseFirmware,
        GuestPhase::BootLoader => C::PhaseBootLoader,
        GuestPhase::Kernel => C::PhaseKernel,
        GuestPhase::Init => C::PhaseInit,
        GuestPhase::Fsck => C::PhaseFsck,
        GuestPhase::Login => C::PhaseLogin,
        GuestPhase::Shutdown => C::PhaseShutdown,
        GuestPhase::Panicked => C::PhasePanicked,
    })
}

/// Something that happened, and whether it is bad.
pub fn event(event: GuestEvent) -> (&'static str, bool) {
    match event {
        GuestEvent::Phase(what) => (phase(what), what == GuestPhase::Panicked),
        GuestEvent::OutOfMemory => (c(C::EventOutOfMemory), true),
        GuestEvent::Oops => (c(C::EventOops), true),
        GuestEvent::SoftLockup => (c(C::EventSoftLockup), true),
        GuestEvent::SlowBoot => (c(C::EventSlowBoot), true),
    }
}
