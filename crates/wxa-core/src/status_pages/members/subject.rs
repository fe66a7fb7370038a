//! VMs as the filter language looks at them: what is around each host, found out once for all VMs on it.
use crate::inventory::Published;
use std::collections::HashMap;
use wxa_model::{GuestType, Host, HostId, HostKind, Vm, query::Subject};

/// All hosts.
pub(super) struct Subjects<'a> {
    hosts: HashMap<HostId, Around<'a>>,
    nowhere: Around<'a>,
}

/// What is around the VMs of a host.
pub(super) struct Around<'a> {
    host: &'a str,
    pool: &'a str,
    site: &'a str,
    tags: Vec<String>,
    /// Whether nothing is heard of it: what its VMs do is not known.
    pub(super) lost: bool,
}

impl<'a> Subjects<'a> {
    /// As they are now.
    pub(super) fn new(published: &'a Published) -> Self {
        Self {
            hosts: published
                .hosts()
                .map(|host| (host.id, Around::new(published, host)))
                .collect(),
            nowhere: Around {
                host: "",
                pool: "",
                site: "",
                tags: Vec::new(),
                lost: false,
            },
        }
    }

    /// What is around the VMs of `host`; one that is gone is not lost: it comes back no more.
    pub(super) fn around(&self, host: HostId) -> &Around<'a> {
        self.hosts.get(&host).unwrap_or(&self.nowhere)
    }
}

impl<'a> Around<'a> {
    fn new(published: &'a Published, host: &'a Host) -> Self {
        let pool = match host.kind {
            HostKind::Plain => None,
            HostKind::Pool => Some(host),
            HostKind::Member { pool } => published.host(pool).map(|(pool, _)| pool),
        };
        let above = pool.filter(|pool| pool.id != host.id);
        let tags = host
            .tags
            .iter()
            .chain(above.into_iter().flat_map(|pool| &pool.tags));
        Self {
            host: if host.kind == HostKind::Pool {
                ""
            } else {
                &host.name
            },
            pool: pool.map_or("", |pool| &pool.name),
            site: published.site(host.site).map_or("", |site| &site.name),
            tags: tags.cloned().collect(),
            lost: !host.link.is_up() || above.is_some_and(|pool| !pool.link.is_up()),
        }
    }

    /// A VM of the host.
    pub(super) fn subject<'s>(&'s self, vm: &'s Vm) -> Subject<'s> {
        Subject {
            name: &vm.name,
            state: "",
            phase: None,
            host: self.host,
            pool: self.pool,
            site: self.site,
            guest: vm.guest_type.map_or("", GuestType::key),
            memory: vm.memory.0,
            vcpus: vm.vcpus,
            addresses: &[],
            tags: &vm.tags,
            pool_tags: &vm.pool_tags,
            host_tags: &self.tags,
            id: vm.id,
        }
        .of_service()
    }
}
