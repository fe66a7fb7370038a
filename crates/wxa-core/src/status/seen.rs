//! How VMs and hosts stand by the inventory. Pure.
use super::tracks::Tracks;
use crate::inventory::Published;
use wxa_model::{
    Host, Key, Link, PowerState, UnixMillis, Vm,
    status::{Standing, Watched},
};

/// How something stands by the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// How.
    pub standing: Standing,
    /// When it was heard of last, where it is unknown and ever was heard of.
    pub last_word: Option<UnixMillis>,
}

impl Seen {
    const fn known(standing: Standing) -> Self {
        Self {
            standing,
            last_word: None,
        }
    }
}

/// What may stand differently after the picture of an earlier revision (none for the first one), with how it stands now: none for
/// what is gone. `was` is how everything stood then.
pub(super) fn transitions(now: &Published, since: Option<u64>, was: &Tracks) -> Vec<(Watched, Option<Seen>)> {
    let Some(changed) = since.and_then(|since| now.changed_since(since)) else {
        return everything(now, was);
    };
    let changed: Vec<(Watched, Option<Seen>)> = changed
        .into_iter()
        .filter_map(|key| Some((watched(key)?, seen(now, key))))
        .collect();
    let is_turn = |of: &Watched, seen: &Option<Seen>| {
        let standing = was.get(*of).map(|stand| stand.standing);
        matches!(of, Watched::Host(_)) && standing != seen.map(|seen| seen.standing)
    };
    match changed.iter().any(|(of, seen)| is_turn(of, seen)) {
        // A host's link is that of all its VMs.
        true => everything(now, was),
        false => changed,
    }
}

/// All that the inventory has, and what it had and has no more.
fn everything(now: &Published, was: &Tracks) -> Vec<(Watched, Option<Seen>)> {
    let hosts = now
        .hosts()
        .map(|host| (Watched::Host(host.id), Some(of_host(host))));
    let vms = now.vms().map(|vm| (Watched::Vm(vm.id), Some(of_vm(now, vm))));
    let gone = was.all().filter_map(|(of, _)| match of {
        Watched::Host(id) => now.host(id).is_none().then_some((of, None)),
        Watched::Vm(id) => now.vm(id).is_none().then_some((of, None)),
        Watched::Check(_) | Watched::Service(_) => None,
    });
    hosts.chain(vms).chain(gone).collect()
}

fn watched(key: Key) -> Option<Watched> {
    match key {
        Key::Vm(id) => Some(Watched::Vm(id)),
        Key::Host(id) => Some(Watched::Host(id)),
        Key::Site(_) | Key::Task(_) | Key::PoolTask(_) => None,
    }
}

fn seen(now: &Published, key: Key) -> Option<Seen> {
    match key {
        Key::Vm(id) => now.vm(id).map(|(vm, _)| of_vm(now, vm)),
        Key::Host(id) => now.host(id).map(|(host, _)| of_host(host)),
        Key::Site(_) | Key::Task(_) | Key::PoolTask(_) => None,
    }
}

/// A VM, as far as its host is heard.
pub(super) fn of_vm(now: &Published, vm: &Vm) -> Seen {
    match now.host(vm.host) {
        Some((host, _)) if host.link.is_up() => Seen::known(match vm.power {
            PowerState::Running => Standing::Up,
            PowerState::Paused
            | PowerState::Suspended
            | PowerState::Halted
            | PowerState::Crashed
            | PowerState::Stopping => Standing::Down,
        }),
        Some((host, _)) => of_host(host),
        None => Seen::known(Standing::Unknown),
    }
}

fn of_host(host: &Host) -> Seen {
    match &host.link {
        Link::Up => Seen::known(Standing::Up),
        Link::Down { since, .. } if host.last_word.is_some() => Seen {
            standing: Standing::Unknown,
            last_word: Some(*since),
        },
        Link::Down { .. }
        | Link::Connecting
        | Link::Unauthenticated { .. }
        | Link::KeyChanged { .. }
        | Link::OtherPool { .. }
        | Link::JumpKeyChanged { .. } => Seen {
            standing: Standing::Unknown,
            last_word: host.last_word,
        },
    }
}
