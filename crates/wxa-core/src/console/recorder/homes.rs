//! Which guests a connection may tell of: those that are at home on it, and for a moment those that went to another host.
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use wxa_model::VmId;

/// What a guest printed last before it went is read from its host's log so much later at most.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Those that the connection told of while they were at home on it, and since when they are not.
#[derive(Debug, Default)]
pub(super) struct Homes(HashMap<VmId, Option<Instant>>);

impl Homes {
    /// Whether to believe what is told of a guest now.
    pub(super) fn takes(&mut self, vm: VmId, is_home: bool, now: Instant) -> bool {
        if is_home {
            self.0.insert(vm, None);
            return true;
        }
        match self.0.get_mut(&vm) {
            Some(left) => now.saturating_duration_since(*left.get_or_insert(now)) < LAST_WORDS,
            None => false,
        }
    }

    /// Looks who is not at home any more.
    pub(super) fn look(&mut self, is_home: impl Fn(VmId) -> bool, now: Instant) {
        self.0.retain(|vm, left| match left {
            _ if is_home(*vm) => {
                *left = None;
                true
            }
            Some(left) => now.saturating_duration_since(*left) < LAST_WORDS,
            None => {
                *left = Some(now);
                true
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_driver::vm_id;

    #[test]
    fn what_a_guest_printed_before_it_went_to_another_host_is_taken_for_a_moment_and_nothing_of_a_stranger() {
        let (vm, stranger) = (vm_id(1), vm_id(2));
        let mut homes = Homes::default();
        let now = Instant::now();
        assert!(homes.takes(vm, true, now));
        homes.look(|_| false, now);
        assert!(homes.takes(vm, false, now + LAST_WORDS / 2));
        assert!(!homes.takes(stranger, false, now));
        assert!(!homes.takes(vm, false, now + LAST_WORDS));
        homes.look(|_| false, now + LAST_WORDS);
        assert!(!homes.takes(vm, false, now + LAST_WORDS));
        assert!(homes.takes(vm, true, now + LAST_WORDS * 9), "it came back");
    }
}
