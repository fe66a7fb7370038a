//! Which VM a domain is. Xen gives a guest a new number at every start and often a new UUID; our id stays.
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;
use wxa_model::VmId;

/// What is remembered from one look at the host to the next.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    /// The VM of each run, by the run's UUID: a rename does not make it another.
    runs: HashMap<Uuid, Run>,
    /// The last id of each definition: an edit that breaks it does not make it another.
    definitions: HashMap<String, VmId>,
    /// Since when a domain has been seen in the making, by number: milliseconds of a steady clock. None once it has
    /// been seen running.
    making: HashMap<u32, Option<u64>>,
    /// The definition each name was last started from by us: several files may have one name.
    started: HashMap<String, String>,
}

/// One run's VM.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) id: VmId,
    pub(super) path: Option<String>,
}

/// A guest could be restarted for ever: more than this is not remembered of what is gone.
const REMEMBERED: usize = 4096;
/// A domain that has not run yet counts as in the making for so long; then it was created paused on purpose.
const MAKING_MS: u64 = 60_000;

impl Identities {
    pub(super) fn run(&self, uuid: Uuid) -> Option<&Run> {
        self.runs.get(&uuid)
    }

    pub(super) fn remember_run(&mut self, uuid: Uuid, run: Run) {
        self.runs.insert(uuid, run);
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
    }

    /// Forgets what is not there any more once it becomes much.
    pub(super) fn prune<T>(
        &mut self,
        runs: &HashSet<Uuid>,
        domids: &HashSet<u32>,
        paths: &BTreeMap<String, T>,
    ) {
        self.making.retain(|domid, _| domids.contains(domid));
        if self.runs.len() > REMEMBERED {
            self.runs.retain(|uuid, _| runs.contains(uuid));
        }
        if self.definitions.len() > REMEMBERED {
            self.definitions.retain(|path, _| paths.contains_key(path));
        }
    }
}
