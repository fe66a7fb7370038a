//! Where and what something was when it was last seen.
use crate::inventory::{Place, Published};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use wxa_model::{HostId, Key, ServiceId, status::Watched};
use wxa_store::{StatusMemberRecord, metrics::Renamed};

/// Something as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::status_pages) struct Sighting {
    /// Its host; of a host, itself.
    pub(super) host: HostId,
    /// The pool that the host is a member of.
    pub(super) pool: Option<HostId>,
    /// Its name.
    pub(super) name: String,
    /// Its own tags.
    pub(super) tags: Vec<String>,
}

/// What services consisted of when that was last known.
#[derive(Debug, Default)]
pub(in crate::status_pages) struct Known {
    services: HashMap<ServiceId, BTreeMap<Watched, Sighting>>,
    /// Of which services it differs from what is kept.
    changed: BTreeSet<ServiceId>,
    /// Hosts that were there since the server started: before that, nobody knows whether one that is not there is gone.
    met: BTreeSet<HostId>,
}

/// What it is in the inventory; none for what is not there.
pub(super) fn key(watched: Watched) -> Option<Key> {
    match watched {
        Watched::Vm(vm) => Some(Key::Vm(vm)),
        Watched::Host(host) => Some(Key::Host(host)),
        Watched::Check(_) | Watched::Service(_) => None,
    }
}

impl Sighting {
    /// What is seen of it now.
    pub(super) fn of(published: &Published, watched: Watched) -> Option<Self> {
        match watched {
            Watched::Vm(id) => {
                let (vm, place) = published.vm(id)?;
                Some(Self {
                    host: vm.host,
                    pool: place.pool,
                    name: vm.name.clone(),
                    tags: vm.tags.clone(),
                })
            }
            Watched::Host(id) => {
                let (host, place) = published.host(id)?;
                Some(Self {
                    host: id,
                    pool: place.pool,
                    name: host.name.clone(),
                    tags: host.tags.clone(),
                })
            }
            Watched::Check(_) | Watched::Service(_) => None,
        }
    }

    /// Whether it is seen now.
    pub(super) fn is_there(&self, published: &Published, watched: Watched) -> bool {
        key(watched).is_some_and(|key| published.place(key).is_some())
    }

    /// The host whose connection told of it.
    pub(super) fn through(&self) -> HostId {
        self.pool.unwrap_or(self.host)
    }

    /// Where it was; none when the host is gone whose connection told of it.
    pub(super) fn place(&self, published: &Published) -> Option<Place> {
        let (host, place) = published
            .host(self.host)
            .or_else(|| published.host(self.through()))?;
        Some(Place {
            site: Some(host.site),
            host: Some(self.host),
            pool: self.pool,
            tags: self.tags.iter().chain(place.tags.iter()).cloned().collect(),
        })
    }
}

impl Known {
    /// As it is kept.
    pub(in crate::status_pages) fn restore(records: Vec<StatusMemberRecord>) -> Self {
        let mut services: HashMap<_, BTreeMap<_, _>> = HashMap::new();
        for record in records {
            let sighting = Sighting {
                host: record.host,
                pool: record.pool,
                name: record.name,
                tags: record.tags,
            };
            services
                .entry(record.service)
                .or_default()
                .insert(record.member, sighting);
        }
        Self {
            services,
            changed: BTreeSet::new(),
            met: BTreeSet::new(),
        }
    }

    /// Those hosts are there.
    pub(super) fn meet(&mut self, published: &Published) {
        self.met.extend(published.hosts().map(|host| host.id));
    }

    /// Whether a host was removed.
    pub(super) fn is_gone(&self, published: &Published, host: HostId) -> bool {
        self.met.contains(&host) && published.host(host).is_none()
    }

    /// What is to be kept of services that differ from what was asked for last.
    pub(in crate::status_pages) fn take_changed(&mut self) -> Vec<(ServiceId, Vec<StatusMemberRecord>)> {
        let changed = std::mem::take(&mut self.changed);
        let records = changed.into_iter().map(|service| {
            let members = self.all(service).map(|(member, sighting)| StatusMemberRecord {
                service,
                member: *member,
                host: sighting.host,
                pool: sighting.pool,
                name: sighting.name.clone(),
                tags: sighting.tags.clone(),
            });
            (service, members.collect())
        });
        records.collect()
    }

    /// What was asked for could not be kept of those.
    pub(in crate::status_pages) fn not_kept(&mut self, services: impl IntoIterator<Item = ServiceId>) {
        self.changed.extend(services);
    }

    /// A member as it was last seen.
    pub(super) fn get(&self, service: ServiceId, member: Watched) -> Option<&Sighting> {
        self.services.get(&service)?.get(&member)
    }

    /// All that a service consisted of.
    pub(super) fn all(&self, service: ServiceId) -> impl Iterator<Item = (&Watched, &Sighting)> {
        self.services.get(&service).into_iter().flatten()
    }

    /// Puts what a service consists of in the place of what it did.
    pub(super) fn put(&mut self, service: ServiceId, members: BTreeMap<Watched, Sighting>) {
        if self.services.get(&service) != Some(&members) {
            self.services.insert(service, members);
            self.changed.insert(service);
        }
    }

    /// Members that have other ids from now on keep what is known of them.
    pub(in crate::status_pages) fn rename(&mut self, renamed: &Renamed) {
        let host = |id: HostId| renamed.hosts.get(&id).copied().unwrap_or(id);
        let member = |member: Watched| match member {
            Watched::Vm(vm) => Watched::Vm(renamed.vms.get(&vm).copied().unwrap_or(vm)),
            Watched::Host(id) => Watched::Host(host(id)),
            other @ (Watched::Check(_) | Watched::Service(_)) => other,
        };
        let services: Vec<ServiceId> = self.services.keys().copied().collect();
        for service in services {
            let members = self.all(service).map(|(watched, sighting)| {
                let sighting = Sighting {
                    host: host(sighting.host),
                    pool: sighting.pool.map(host),
                    ..sighting.clone()
                };
                (member(*watched), sighting)
            });
            let members = members.collect();
            self.put(service, members);
        }
    }

    /// Forgets what a service consisted of.
    pub(in crate::status_pages) fn forget(&mut self, service: ServiceId) {
        if self.services.remove(&service).is_some() {
            self.changed.insert(service);
        }
    }

    /// Forgets all services but those.
    pub(super) fn retain(&mut self, is_there: impl Fn(ServiceId) -> bool) {
        let gone: Vec<ServiceId> = self
            .services
            .keys()
            .copied()
            .filter(|service| !is_there(*service))
            .collect();
        for service in gone {
            self.forget(service);
        }
    }
}
