//! SysRq keys: a node of xenstore that `xl sysrq` writes, and that a kernel with Xen drivers empties before it obeys.

use std::time::Duration;

use super::{Event, World};
use crate::sentinels::Behaviour;

impl World {
    /// `xl sysrq`: whether anybody is there to take the key makes no difference.
    pub(crate) fn send_sysrq(&mut self, domid: u32, key: char) {
        self.store.write(&node(domid), key.to_string());
        self.plan(self.now + Duration::from_millis(30), Event::Sysrq(domid));
    }

    /// A guest looks whether a key is there for it.
    pub(crate) fn take_sysrq(&mut self, domid: u32) {
        let now = self.now;
        let node = node(domid);
        let key = self.store.read(&node).and_then(|value| value.chars().next());
        let Some(domain) = self.domains.get_mut(&domid).filter(|domain| domain.runs()) else {
            return;
        };
        // What answers no request of the hypervisor has no drivers that would see one.
        let sees = domain.os.facts.behaviour != Behaviour::IgnoresShutdown;
        let Some(key) = key.filter(|_| sees) else {
            return;
        };
        let time = domain.guest_time(now);
        let step = domain.os.sysrq(key, time);
        self.store.write(&node, "");
        self.digest(domid, step);
        self.changed();
    }
}

fn node(domid: u32) -> String {
    format!("/local/domain/{domid}/control/sysrq")
}
