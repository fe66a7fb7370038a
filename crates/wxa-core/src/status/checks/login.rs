//! Whether a service's VMs have come to their login prompt, by what their consoles tell.
use super::{Answer, Word};
use crate::{inventory::Published, status::seen::of_vm};
use wxa_model::{VmId, console::GuestPhase, status::Standing};

/// How far a VM is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guest {
    /// It shows its prompt.
    There,
    /// It boots, goes down, or has given up.
    NotThere,
    /// It does not run: the service's rule says what that means.
    Off,
    /// Nothing is known of it.
    Unknown,
}

/// By the inventory as it is now.
pub(super) fn answer(published: &Published, vms: &[VmId]) -> Answer {
    judge(vms.iter().map(|vm| guest(published, *vm)))
}

fn guest(published: &Published, vm: VmId) -> Guest {
    let Some((vm, _)) = published.vm(vm) else {
        return Guest::Unknown;
    };
    match (of_vm(published, vm).standing, vm.understood) {
        (Standing::Unknown, _) => Guest::Unknown,
        (Standing::Down, _) => Guest::Off,
        (Standing::Up | Standing::Degraded, None) => Guest::Unknown,
        (Standing::Up | Standing::Degraded, Some(told)) => match told.phase {
            GuestPhase::Login => Guest::There,
            GuestPhase::Firmware
            | GuestPhase::BootLoader
            | GuestPhase::Kernel
            | GuestPhase::Init
            | GuestPhase::Fsck
            | GuestPhase::Shutdown
            | GuestPhase::Panicked => Guest::NotThere,
        },
    }
}

fn judge(guests: impl Iterator<Item = Guest>) -> Answer {
    let (mut there, mut not_there, mut unknown) = (0u32, 0u32, 0u32);
    for guest in guests {
        match guest {
            Guest::There => there += 1,
            Guest::NotThere => not_there += 1,
            Guest::Unknown => unknown += 1,
            Guest::Off => {}
        }
    }
    let running = there + not_there;
    let (standing, why) = match (there, not_there, unknown) {
        (0, 0, 0) => (Standing::Down, "None of its VMs runs.".to_owned()),
        (0, 0, _) => (
            Standing::Unknown,
            "Nothing was read on the consoles of its VMs.".to_owned(),
        ),
        (_, 0, 0) => (
            Standing::Up,
            "All its VMs that run show their login prompt.".to_owned(),
        ),
        (_, 0, _) => (
            Standing::Up,
            format!("{there} of its VMs show their login prompt; nothing was read of {unknown}."),
        ),
        (0, ..) => (
            Standing::Down,
            "None of its VMs that run shows its login prompt.".to_owned(),
        ),
        _ => (
            Standing::Degraded,
            format!("{there} of its {running} VMs that run show their login prompt."),
        ),
    };
    // It tells nothing of whether this server hears anything from elsewhere.
    let word = match standing {
        Standing::Unknown => Word::Silence,
        Standing::Up | Standing::Degraded | Standing::Down => Word::Near,
    };
    Answer { standing, why, word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vms_that_run_and_are_known_decide() {
        use Guest::{NotThere, Off, There, Unknown};
        let standing = |guests: &[Guest]| judge(guests.iter().copied()).standing;
        assert_eq!(standing(&[There, There]), Standing::Up);
        assert_eq!(standing(&[There, NotThere, Unknown]), Standing::Degraded);
        assert_eq!(standing(&[NotThere, Off]), Standing::Down);
        assert_eq!(
            standing(&[There, Off]),
            Standing::Up,
            "the rule judges those that do not run"
        );
        assert_eq!(standing(&[Off]), Standing::Down);
        assert_eq!(standing(&[]), Standing::Down);
        assert_eq!(standing(&[Unknown, Off]), Standing::Unknown);
        let some = judge([There, Unknown].into_iter());
        assert_eq!(
            (some.standing, some.why.as_str()),
            (
                Standing::Up,
                "1 of its VMs show their login prompt; nothing was read of 1."
            )
        );
    }
}
