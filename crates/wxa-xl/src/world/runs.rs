//! Which VM each run is and since when it runs, as all plain hosts of one server see it: a guest that is migrated stays the VM that it
//! was, also where no definition has its UUID and the other host has a definition of the same name (decision 0056).
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use uuid::Uuid;
use wxa_model::{Arrival, HostId, SiteId, UnixMillis, VmId};

/// Above so many those that were not seen lately are forgotten.
const MANY: usize = 8192;
/// A host that was not heard for longer has no run that still is on its way.
const LATELY: Duration = Duration::from_secs(3600);

/// The runs of all hosts; drivers that were made with the same one know of each other's.
#[derive(Clone, Debug, Default)]
pub struct Runs(Arc<Mutex<HashMap<(SiteId, Uuid), Known>>>);

/// One of them, where it was seen last.
#[derive(Clone, Copy, Debug)]
struct Known {
    host: HostId,
    vm: VmId,
    began: Option<UnixMillis>,
    seen: Instant,
}

/// A run on a host, as that host tells of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) site: SiteId,
    pub(super) host: HostId,
    pub(super) run: Uuid,
    pub(super) vm: VmId,
    /// When it began on this host.
    pub(super) began: Option<UnixMillis>,
    /// It came from another host, where it began.
    pub(super) has_come: bool,
}

impl Runs {
    /// The VM of a run that another host of the site told of.
    pub(super) fn elsewhere(&self, site: SiteId, host: HostId, run: Uuid) -> Option<VmId> {
        let runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = runs.get(&(site, run)).filter(|known| known.host != host)?;
        Some(known.vm)
    }

    /// Takes in what was known of a run on a host before a start; what was heard since counts more.
    pub(crate) fn recall(&self, site: SiteId, host: HostId, arrival: &Arrival) {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        runs.entry((site, arrival.run)).or_insert(Known {
            host,
            vm: arrival.vm,
            began: arrival.began,
            seen: Instant::now(),
        });
    }

    /// Takes in what a host tells of a run, and says when that really began.
    pub(super) fn tell(&self, told: Told) -> Option<UnixMillis> {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (told.site, told.run);
        let known = runs
            .get(&key)
            .filter(|known| told.has_come && known.vm == told.vm);
        let began = known.map_or(told.began, |known| known.began);
        if runs.len() >= MANY && !runs.contains_key(&key) {
            runs.retain(|_, known| known.seen.elapsed() < LATELY);
            if runs.len() >= MANY {
                // A host that tells of ever new runs takes room from none but itself.
                runs.retain(|_, known| known.host != told.host);
            }
        }
        runs.insert(
            key,
            Known {
                host: told.host,
                vm: told.vm,
                began,
                seen: Instant::now(),
            },
        );
        began
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_tells_of_ever_new_runs_costs_a_bounded_memory_and_no_other_host_its_own() {
        let (runs, site) = (Runs::default(), SiteId(Uuid::from_u128(1)));
        let (honest, liar) = (HostId(Uuid::from_u128(2)), HostId(Uuid::from_u128(3)));
        let told = |host, run| Told {
            site,
            host,
            run: Uuid::from_u128(run),
            vm: VmId(Uuid::from_u128(run)),
            began: None,
            has_come: false,
        };
        runs.tell(told(honest, 1));
        for run in 2..3 * MANY as u128 {
            runs.tell(told(liar, run));
            assert!(runs.0.lock().unwrap().len() <= MANY);
        }
        let known = runs.elsewhere(site, liar, Uuid::from_u128(1));
        assert_eq!(known, Some(VmId(Uuid::from_u128(1))));
    }
}
