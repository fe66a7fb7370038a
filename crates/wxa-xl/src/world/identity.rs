//! Which VM a domain is. Xen gives a guest a new number at every start and often a new UUID; our id stays.
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;
use wxa_model::{Arrival, HostId, SiteId, VmId, ids::VmIdentity};

/// What is remembered from one look at the host to the next.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    /// The VM of each run, by the run's UUID: a rename does not make it another.
    runs: HashMap<Uuid, Run>,
    /// What each run was last called, by its UUID: a domain that is taken apart has no name any more.
    names: HashMap<Uuid, String>,
    /// The last id of each definition: an edit that breaks it does not make it another.
    definitions: HashMap<String, VmId>,
    /// Since when a domain has been seen in the making, by number: milliseconds of a steady clock. None once it has
    /// been seen running.
    making: HashMap<u32, Option<u64>>,
    /// Domains that came from another host, by number: so they were seen while they came.
    came: HashSet<u32>,
    /// Runs that came from another host, with the number under which they came: a reboot keeps a run's UUID, and is another domain.
    arrived: HashMap<Uuid, u32>,
    /// The definition each name was last started from by us: several files may have one name.
    started: HashMap<String, String>,
}

/// One run's VM.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) id: VmId,
    pub(super) path: Option<String>,
    /// It came from another host and is the VM that it was there, whatever a definition here says.
    pub(super) is_from_elsewhere: bool,
}

/// A guest could be restarted for ever: more than this is not remembered of what is gone.
const REMEMBERED: usize = 4096;
/// A domain that has not run yet counts as in the making for so long; then it was created paused on purpose.
const MAKING_MS: u64 = 60_000;

impl Identities {
    /// After a start: the guests of the host that are known to have come from others.
    pub(crate) fn recalling(site: SiteId, host: HostId, arrivals: &[Arrival]) -> Self {
        let mut identities = Self::default();
        for Arrival { run, vm, domid, .. } in arrivals {
            identities.arrived.insert(*run, *domid);
            if *vm != VmId::derive(site, host, &VmIdentity::Uuid(*run)) {
                let came = Run {
                    id: *vm,
                    path: None,
                    is_from_elsewhere: true,
                };
                identities.remember_run(*run, came);
            }
        }
        identities
    }

    pub(super) fn run(&self, uuid: Uuid) -> Option<&Run> {
        self.runs.get(&uuid)
    }

    pub(super) fn remember_run(&mut self, uuid: Uuid, run: Run) {
        self.runs.insert(uuid, run);
    }

    pub(super) fn name(&self, uuid: Uuid) -> Option<&str> {
        self.names.get(&uuid).map(String::as_str)
    }

    pub(super) fn remember_name(&mut self, uuid: Uuid, name: &str) {
        if self.name(uuid) != Some(name) {
            self.names.insert(uuid, name.to_owned());
        }
    }

    pub(super) fn definition(&self, path: &str) -> Option<VmId> {
        self.definitions.get(path).copied()
    }

    pub(super) fn remember_definition(&mut self, path: &str, id: VmId) {
        self.definitions.insert(path.to_owned(), id);
    }

    /// Whether a domain that has used no CPU yet and is paused is still being put together.
    pub(super) fn is_in_the_making(&mut self, domid: u32, steady_ms: u64) -> bool {
        let since = *self.making.entry(domid).or_insert(Some(steady_ms));
        since.is_some_and(|since| steady_ms.saturating_sub(since) < MAKING_MS)
    }

    /// The domain has been seen running.
    pub(super) fn is_made(&mut self, domid: u32) {
        self.making.insert(domid, None);
    }

    /// The domain is coming from another host.
    pub(super) fn comes(&mut self, domid: u32) {
        self.came.insert(domid);
    }

    /// Whether the domain came from another host, instead of being started here: so it was seen now or before.
    pub(super) fn has_come(&mut self, domid: u32, uuid: Uuid, run: &Run) -> bool {
        let is_new = run.is_from_elsewhere && !self.runs.contains_key(&uuid);
        if is_new || self.came.contains(&domid) {
            self.arrived.insert(uuid, domid);
        }
        self.arrived.get(&uuid) == Some(&domid)
    }

    /// A domain of that name is being started from that file.
    pub(crate) fn starts(&mut self, name: &str, path: &str) {
        if self.started.len() > REMEMBERED {
            self.started.clear();
        }
        self.started.insert(name.to_owned(), path.to_owned());
    }

    pub(super) fn started_from(&self, name: &str) -> Option<&str> {
        self.started.get(name).map(String::as_str)
    }

    /// After a restart of the host numbers begin anew.
    pub(crate) fn forget_numbers(&mut self) {
        self.making.clear();
        self.came.clear();
    }

    /// Forgets what is not there any more once it becomes much.
    pub(super) fn prune<T>(
        &mut self,
        runs: &HashSet<Uuid>,
        domids: &HashSet<u32>,
        paths: &BTreeMap<String, T>,
    ) {
        self.making.retain(|domid, _| domids.contains(domid));
        self.came.retain(|domid| domids.contains(domid));
        if self.runs.len() > REMEMBERED {
            self.runs.retain(|uuid, _| runs.contains(uuid));
            self.names.retain(|uuid, _| runs.contains(uuid));
        }
        if self.arrived.len() > REMEMBERED {
            self.arrived.retain(|uuid, _| runs.contains(uuid));
        }
        if self.definitions.len() > REMEMBERED {
            self.definitions.retain(|path, _| paths.contains_key(path));
        }
    }
}
