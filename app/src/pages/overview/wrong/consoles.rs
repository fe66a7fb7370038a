//! What guests' consoles told that somebody should know: kernels that gave up, and boots that were slow.
use super::{NAMED, NEWS_MS, One};
use crate::{
    text::{T, fill, t},
    understood::told_at,
};
use wxa_model::{
    PowerState, UnixMillis, Vm,
    console::{GuestPhase, Understood},
    health::Level,
};

/// What is told of those VMs: of a guest that runs as long as it holds, of one that is gone for a day.
pub(super) fn told<'a>(vms: impl Iterator<Item = &'a Vm>, now: UnixMillis) -> Vec<One> {
    let (mut panicked, mut slow) = (Vec::new(), Vec::new());
    for vm in vms {
        let Some(told) = vm.understood else { continue };
        let is_news = now.since(told.since) < NEWS_MS;
        match (told.phase, vm.power) {
            // That it crashed is told already.
            (_, PowerState::Crashed) => {}
            (GuestPhase::Panicked, PowerState::Running | PowerState::Paused) => panicked.push(one(vm, told)),
            (GuestPhase::Panicked, _) if is_news => panicked.push(one(vm, told)),
            (GuestPhase::Login, PowerState::Running) if told.slow && is_news => slow.push(one(vm, told)),
            _ => {}
        }
    }
    let newest_first = |all: &mut Vec<One>| {
        all.sort_by_key(|one| std::cmp::Reverse(one.at));
        all.truncate(NAMED);
    };
    newest_first(&mut panicked);
    newest_first(&mut slow);
    panicked.append(&mut slow);
    panicked
}

fn one(vm: &Vm, told: Understood) -> One {
    let (level, class, image, title, more) = match told.phase {
        GuestPhase::Panicked => (
            Level::Bad,
            "st-crashed",
            "warning",
            T::VmPanicked,
            T::VmPanickedMore,
        ),
        _ => (
            Level::Warn,
            "st-warn",
            "waiting",
            T::VmBootedSlowly,
            T::VmBootedSlowlyMore,
        ),
    };
    One {
        level,
        class,
        image,
        title: fill(title, &[("name", &vm.name)]),
        more: t(more).to_owned(),
        href: told_at(vm, told),
        at: Some(told.since),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOW, vm};
    use wxa_model::ConsoleKind;

    fn of(n: u128, power: PowerState, phase: GuestPhase, ago: u64) -> Vm {
        let mut vm = vm(n, &format!("vm-{n}"), power);
        vm.understood = Some(Understood {
            phase,
            since: UnixMillis(NOW.0 - ago),
            kind: ConsoleKind::Pv,
            offset: 9,
            began: None,
            slow: phase == GuestPhase::Login,
        });
        vm
    }

    #[test]
    fn panics_come_first_and_those_of_guests_that_are_gone_are_news_for_a_day() {
        let vms = [
            of(1, PowerState::Running, GuestPhase::Login, 1000),
            of(2, PowerState::Halted, GuestPhase::Panicked, 2 * NEWS_MS),
            of(3, PowerState::Running, GuestPhase::Panicked, 2 * NEWS_MS),
            of(4, PowerState::Halted, GuestPhase::Panicked, 5000),
            of(5, PowerState::Crashed, GuestPhase::Panicked, 5000),
            of(6, PowerState::Running, GuestPhase::Kernel, 5000),
        ];
        let told = told(vms.iter(), NOW);
        let titles: Vec<&str> = told.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(
            titles,
            ["vm-4 panicked", "vm-3 panicked", "vm-1 booted slower than usual"]
        );
        assert!(told[0].href.ends_with("/console?at=9"), "{}", told[0].href);
    }
}
