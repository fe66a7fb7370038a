//! Whose a log is, by its name. xenconsoled names it once, when the domain appears: a guest that is renamed later, or that came
//! by migration under a passing name, goes on in the log that it began.
use crate::world::World;
use std::collections::{HashMap, HashSet};
use wxa_model::{VmId, VmRole};

/// What a domain is called while it comes from another host.
const COMING: &str = "--incoming";

/// The guests of a host by all names that their logs may have.
#[derive(Debug, Default)]
pub(super) struct Names {
    running: HashMap<String, VmId>,
    /// Names that a present run had earlier: the run's number with it.
    earlier: HashMap<String, (u32, VmId)>,
    /// Of guests that do not run; none where several have one name.
    halted: HashMap<String, Option<VmId>>,
    there: HashSet<VmId>,
}

impl Names {
    /// Looks at the host's guests.
    pub(super) fn look(&mut self, world: &World) {
        let before = std::mem::take(&mut self.running);
        let runs: HashMap<VmId, u32> = world
            .iter()
            .filter_map(|sighting| Some((sighting.vm.id, sighting.domid?)))
            .collect();
        self.halted.clear();
        self.there.clear();
        for sighting in world.iter().filter(|sighting| sighting.vm.role == VmRole::Guest) {
            let id = sighting.vm.id;
            self.there.insert(id);
            if sighting.domid.is_some() {
                self.running.insert(sighting.name.clone(), id);
            } else {
                self.halted
                    .entry(sighting.name.clone())
                    .and_modify(|other| *other = None)
                    .or_insert(Some(id));
            }
        }
        for (name, id) in before {
            if let Some(domid) = runs.get(&id)
                && !self.running.contains_key(&name)
            {
                self.earlier.insert(name, (*domid, id));
            }
        }
        self.earlier.retain(|_, (domid, id)| runs.get(id) == Some(domid));
    }

    /// Whose the log is. `before` is whose it was: that holds where its name says nothing.
    pub(super) fn owner(&self, log: &str, before: Option<VmId>) -> Option<VmId> {
        let name = guest_of(log)?;
        let named = |name: &str| {
            let earlier = || self.earlier.get(name).map(|(_, id)| *id);
            self.running.get(name).copied().or_else(earlier)
        };
        named(name)
            .or_else(|| name.strip_suffix(COMING).and_then(named))
            .or(before.filter(|id| self.there.contains(id)))
            .or_else(|| self.halted.get(name).copied().flatten())
    }
}

/// The guest's name in that of a log, one that was put aside included: `guest-web.log`, `guest-web.log.1`.
pub(super) fn guest_of(log: &str) -> Option<&str> {
    let rest = log.strip_prefix("guest-")?;
    let name = match rest.rsplit_once('.') {
        Some((front, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            front.strip_suffix(".log")
        }
        _ => rest.strip_suffix(".log"),
    }?;
    // Two names that are not UTF-8 look the same.
    (!name.is_empty() && !name.contains('\u{fffd}')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logs_name_holds_its_guests_name() {
        let seen = [
            "guest-web.log",
            "guest-web.log.12",
            "guest-a.log.1.log",
            "guest-web.log.1.gz",
            "guest-.log",
            "x.log",
        ]
        .map(guest_of);
        assert_eq!(
            seen,
            [Some("web"), Some("web"), Some("a.log.1"), None, None, None]
        );
    }
}
