//! What services consist of: as their author picked or filtered, as far as the page's creator may see it now.
//!
//! A host that is lost takes nothing away: what a service consisted of when that was last known is remembered, over restarts
//! too, so that a page goes on telling that nothing is known of it.
mod sighting;
mod subject;

use super::{
    LeftOffWhy,
    picture::{Creator, Picture},
};
use crate::{Core, Error, Roll, ServiceSpec, inventory::Published};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use subject::Subjects;
use tokio::{sync::OwnedSemaphorePermit, task::spawn_blocking};
use wxa_model::{
    Grant, HostId, Key, Permission, ServiceId, UnixMillis, Vm, VmId, VmRole,
    grants::allows,
    query::Filter,
    status::{Members, Service, Watched},
};

pub(super) use sighting::{Known, Sighting};

/// The most members of a service that are followed.
pub(super) const MEMBERS_MOST: usize = 2000;

/// Between two findings for the same picture.
const APART_MS: u64 = 1000;

/// What all services consist of.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// By which picture.
    picture: u64,
    /// By which revision of the inventory.
    pub(super) inventory: u64,
    /// When.
    at: UnixMillis,
    services: HashMap<ServiceId, Parts>,
}

/// What a service consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Names by member.
    pub(super) members: BTreeMap<Watched, Arc<str>>,
    pub(super) roll: Roll,
    /// Why readers do not see it; none when they do.
    pub(super) left_off: Option<LeftOffWhy>,
}

impl Resolved {
    /// A service's; none for one whose page's creator is gone.
    pub(super) fn of(&self, service: ServiceId) -> Option<&Parts> {
        self.services.get(&service)
    }

    /// What the recorder is to judge.
    pub(super) fn specs(&self, picture: &Picture) -> Vec<ServiceSpec> {
        let mut specs = Vec::new();
        for page in picture.pages.values() {
            // Nobody has this server ask around who may do nothing with it any more.
            let asks = picture.open_creator(page).is_some_and(Creator::may_publish);
            for service in &page.services {
                let Some(parts) = self.of(service.id) else {
                    continue;
                };
                specs.push(ServiceSpec {
                    id: service.id,
                    creator: page.creator,
                    members: parts.members.keys().copied().collect(),
                    roll: parts.roll,
                    rule: service.rule,
                    checks: if asks { service.checks.clone() } else { Vec::new() },
                });
            }
        }
        specs
    }
}

impl Core {
    /// What services consist of by `picture` and the inventory of at most a second ago: the inventory changes all the time, and
    /// every filter is asked of every VM.
    ///
    /// # Errors
    /// None but ours.
    pub(super) async fn status_resolved(&self, picture: &Arc<Picture>) -> Result<Arc<Resolved>, Error> {
        let kept = &self.inner.status_pages;
        if let Some(resolved) = self.good_resolved(picture) {
            return Ok(resolved);
        }
        let turn = match kept.resolving.clone().try_acquire_owned() {
            Ok(turn) => turn,
            Err(_) => {
                // While somebody else finds it anew, what was found before is shown, unless it is of another picture.
                let last = kept.resolved();
                if last.picture == picture.revision {
                    return Ok(last);
                }
                self.members_turn().await?
            }
        };
        if let Some(resolved) = self.good_resolved(picture) {
            return Ok(resolved);
        }
        let (core, picture) = (self.clone(), picture.clone());
        let found = spawn_blocking(move || {
            // Until it is done, also when nobody waits for it any more.
            let _turn = turn;
            core.resolve_now(&picture)
        });
        found.await.map_err(Error::internal)
    }

    /// What services consisted of before says nothing any more.
    pub(super) async fn status_forget(&self, services: &[ServiceId]) -> Result<(), Error> {
        if !services.is_empty() {
            let _turn = self.members_turn().await?;
            let kept = &self.inner.status_pages;
            let mut known = kept.known();
            for service in services {
                known.forget(*service);
            }
            // It may have been found by that already.
            kept.put_resolved(Arc::default());
        }
        Ok(())
    }

    /// For who changes what is remembered of members.
    pub(super) async fn members_turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        let turns = self.inner.status_pages.resolving.clone();
        turns.acquire_owned().await.map_err(Error::internal)
    }

    fn good_resolved(&self, picture: &Picture) -> Option<Arc<Resolved>> {
        let last = self.inner.status_pages.resolved();
        let is_same = || last.inventory == self.live().inventory.now().revision;
        let is_young = || self.now().0.abs_diff(last.at.0) < APART_MS;
        (last.picture == picture.revision && (is_young() || is_same())).then_some(last)
    }

    fn resolve_now(&self, picture: &Picture) -> Arc<Resolved> {
        let kept = &self.inner.status_pages;
        let published = self.live().inventory.now();
        let (services, at) = (resolve(picture, &published, &mut kept.known()), self.now());
        let resolved = Arc::new(Resolved {
            picture: picture.revision,
            inventory: published.revision,
            at,
            services,
        });
        kept.put_resolved(resolved.clone());
        resolved
    }
}

/// Finds all members anew, and brings what is remembered up to date.
fn resolve(picture: &Picture, published: &Published, known: &mut Known) -> HashMap<ServiceId, Parts> {
    let subjects = Subjects::new(published);
    known.meet(published);
    let mut services = HashMap::new();
    for page in picture.pages.values() {
        // The creator's rights count while the account is disabled too: what is recorded meanwhile is not lost.
        let Some(creator) = picture.creators.get(&page.creator) else {
            continue;
        };
        for service in &page.services {
            let mut finder = Finder {
                published,
                subjects: &subjects,
                creator,
                service: service.id,
                known,
            };
            services.insert(service.id, finder.find(service, picture));
        }
    }
    // What is not read yet has no services, and takes none away.
    if picture.is_read() {
        known.retain(|service| services.contains_key(&service));
    }
    services
}

/// As many as are followed: `listed` ones before those that are only remembered.
fn fitting<T>(mut listed: BTreeMap<Watched, T>, remembered: BTreeMap<Watched, T>) -> BTreeMap<Watched, T> {
    while listed.len() > MEMBERS_MOST {
        listed.pop_last();
    }
    let room = MEMBERS_MOST - listed.len();
    listed.extend(remembered.into_iter().take(room));
    listed
}

/// How many VMs pass `filter` now that holders of `grants` may see.
pub(super) fn passing(published: &Published, grants: &[Grant], filter: &Filter) -> usize {
    let subjects = Subjects::new(published);
    let passes = |vm: &&Vm| {
        vm.role == VmRole::Guest
            && filter.matches(&subjects.around(vm.host).subject(vm))
            && published.sees(grants, Key::Vm(vm.id))
    };
    published.vms().filter(passes).count()
}

/// Finds the members of one service.
struct Finder<'a> {
    published: &'a Published,
    subjects: &'a Subjects<'a>,
    creator: &'a Creator,
    service: ServiceId,
    known: &'a mut Known,
}

impl Finder<'_> {
    fn find(&mut self, service: &Service, picture: &Picture) -> Parts {
        match &service.members {
            Members::Picked { vms, hosts } if vms.is_empty() && hosts.is_empty() => Parts {
                left_off: (!self.creator.may_publish()).then_some(LeftOffWhy::NotAllowed),
                ..Parts::default()
            },
            Members::Picked { vms, hosts } => self.picked(vms, hosts),
            Members::Filter(_) => self.filtered(picture),
        }
    }

    fn picked(&mut self, vms: &[VmId], hosts: &[HostId]) -> Parts {
        let vms = vms.iter().map(|vm| Watched::Vm(*vm));
        let hosts = hosts.iter().map(|host| Watched::Host(*host));
        let mut parts = Parts::default();
        let mut sightings = BTreeMap::new();
        for watched in vms.chain(hosts) {
            let before = self.known.get(self.service, watched);
            let sighting = Sighting::of(self.published, watched).or_else(|| before.cloned());
            let seen = sighting
                .as_ref()
                .is_some_and(|sighting| self.sees(watched, sighting));
            if !seen {
                parts.left_off = Some(LeftOffWhy::NotSeen);
            }
            let name = sighting.as_ref().map_or("", |sighting| sighting.name.as_str());
            parts.members.insert(watched, Arc::from(name));
            if let Some(sighting) = sighting {
                sightings.insert(watched, sighting);
            }
        }
        self.known.put(self.service, sightings);
        parts
    }

    fn filtered(&mut self, picture: &Picture) -> Parts {
        // What is lost is remembered for as long as it is, whoever may see it meanwhile.
        let unlisted = self.unlisted();
        let lost = unlisted
            .iter()
            .filter(|(watched, sighting)| self.is_lost(sighting) && self.sees(**watched, sighting))
            .map(|(watched, sighting)| (*watched, Arc::from(sighting.name.as_str())));
        let lost: BTreeMap<Watched, Arc<str>> = lost.collect();
        let (mut members, mut remembered) = (BTreeMap::new(), BTreeMap::new());
        if let Some(filter) = picture.filter(self.service) {
            for vm in self.published.vms().filter(|vm| vm.role == VmRole::Guest) {
                let watched = Watched::Vm(vm.id);
                let around = self.subjects.around(vm.host);
                // What is told of it may be old while its host is lost: it stays what it was.
                let stays = around.lost && self.known.get(self.service, watched).is_some();
                let is_member = stays || filter.matches(&around.subject(vm));
                let seen = is_member && self.published.sees(&self.creator.grants, Key::Vm(vm.id));
                if seen {
                    members.insert(watched, Arc::from(vm.name.as_str()));
                }
                if (seen || stays)
                    && let Some(sighting) = Sighting::of(self.published, watched)
                {
                    remembered.insert(watched, sighting);
                }
            }
        }
        let roll = self.roll(members.len() + lost.len());
        // One that nothing passes stays on the page: taken off, it would hide what happened to what passed.
        let sees_nothing = self.creator.grants.is_empty();
        let parts = Parts {
            roll,
            left_off: sees_nothing.then_some(LeftOffWhy::Empty),
            members: fitting(members, lost),
        };
        self.known.put(self.service, fitting(remembered, unlisted));
        parts
    }

    /// What belonged to the service and is not listed now because nothing is heard of where it is. What was on a host that was
    /// removed is gone with it.
    fn unlisted(&self) -> BTreeMap<Watched, Sighting> {
        let heard = |sighting: &Sighting| {
            self.published.host(sighting.through()).is_some() && !self.is_lost(sighting)
        };
        self.known
            .all(self.service)
            .filter(|(watched, sighting)| !sighting.is_there(self.published, **watched) && !heard(sighting))
            .filter(|(_, sighting)| !self.known.is_gone(self.published, sighting.through()))
            .map(|(watched, sighting)| (*watched, sighting.clone()))
            .collect()
    }

    /// Whether nothing is heard of the host whose connection told of it; one that is gone is not lost.
    fn is_lost(&self, sighting: &Sighting) -> bool {
        self.subjects.around(sighting.through()).lost
    }

    /// Whether there are more members than those that are followed of `found` ones, or may turn up: while nothing was ever
    /// found, and hosts were not listed yet.
    fn roll(&self, found: usize) -> Roll {
        let unlisted = |host: &wxa_model::Host| {
            host.kind.pool().is_none()
                && host.last_word.is_none()
                && !host.link.is_up()
                && self.published.sees(&self.creator.grants, Key::Host(host.id))
        };
        let new = found == 0 && self.known.all(self.service).next().is_none();
        match found > MEMBERS_MOST || (new && self.published.hosts().any(unlisted)) {
            true => Roll::Partial,
            false => Roll::Whole,
        }
    }

    /// Whether the page's creator may see it: where it is, or where it was when it was last seen.
    fn sees(&self, watched: Watched, sighting: &Sighting) -> bool {
        let grants = &self.creator.grants;
        if sighting.is_there(self.published, watched) {
            return sighting::key(watched).is_some_and(|key| self.published.sees(grants, key));
        }
        sighting
            .place(self.published)
            .is_some_and(|place| allows(grants, Permission::View, &place.target()))
    }
}
