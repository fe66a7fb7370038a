//! What a list needs to know of the hosts: found out once for all VMs on them.
use crate::{sorted, state};
use std::{collections::BTreeMap, sync::Arc};
use wxa_model::{Host, HostId, HostKind, Site, UnixMillis, order::natural};

/// A host as a list shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its name; empty for VMs that are on a pool but on none of its members.
    pub host: String,
    /// Its pool's name; empty for a plain host.
    pub pool: String,
    /// Its site's name.
    pub site: String,
    /// Its tags, and those of its pool.
    pub tags: Vec<String>,
    /// Nothing is heard from it: what its VMs do is not known.
    pub stale: bool,
    /// Where its name is among all names of hosts, its pool's among all of pools, and its site's; equal for equal names.
    pub(super) host_rank: u32,
    pub(super) pool_rank: u32,
    pub(super) site_rank: u32,
}

/// All hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    by_host: BTreeMap<HostId, Place>,
    nowhere: Place,
}

impl Places {
    /// As they stand now.
    pub fn new(sites: &[Arc<Site>], hosts: &[Arc<Host>]) -> Self {
        let by_id: BTreeMap<HostId, &Arc<Host>> = sorted::map(hosts.iter().map(|host| (host.id, host)));
        let mut places = Self {
            by_host: sorted::map(hosts.iter().map(|host| (host.id, place(host, sites, &by_id)))),
            nowhere: Place::default(),
        };
        let host_names = ranked(places.by_host.values().map(|place| &place.host));
        let pool_names = ranked(places.by_host.values().map(|place| &place.pool));
        let site_names = ranked(places.by_host.values().map(|place| &place.site));
        for place in places.by_host.values_mut() {
            place.host_rank = rank(&host_names, &place.host);
            place.pool_rank = rank(&pool_names, &place.pool);
            place.site_rank = rank(&site_names, &place.site);
        }
        places
    }

    /// A host; one without names where it is not known.
    pub fn of(&self, host: HostId) -> &Place {
        self.by_host.get(&host).unwrap_or(&self.nowhere)
    }
}

fn place(host: &Host, sites: &[Arc<Site>], by_id: &BTreeMap<HostId, &Arc<Host>>) -> Place {
    let pool = match host.kind {
        HostKind::Plain => None,
        HostKind::Pool => Some(host),
        HostKind::Member { pool } => by_id.get(&pool).map(|pool| pool.as_ref()),
    };
    let site = sites.iter().find(|site| site.id == host.site);
    let mut tags = host.tags.clone();
    // A member carries what its pool carries.
    tags.extend(
        pool.filter(|pool| pool.id != host.id)
            .into_iter()
            .flat_map(|pool| pool.tags.clone()),
    );
    Place {
        host: if host.kind == HostKind::Pool {
            String::new()
        } else {
            host.name.clone()
        },
        pool: pool.map(|pool| pool.name.clone()).unwrap_or_default(),
        site: site.map(|site| site.name.clone()).unwrap_or_default(),
        tags,
        // Whether it is heard does not depend on the time.
        stale: state::stale_for(host, UnixMillis(0)).is_some(),
        host_rank: 0,
        pool_rank: 0,
        site_rank: 0,
    }
}

/// Names in order, equal ones once. An unknown host's empty name is the first.
fn ranked<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = names.cloned().chain([String::new()]).collect();
    sorted::sort_by(&mut names, |a, b| natural(a, b));
    names.dedup_by(|a, b| natural(a, b).is_eq());
    names
}

fn rank(names: &[String], name: &str) -> u32 {
    let at = names.binary_search_by(|other| natural(other, name));
    at.ok().and_then(|at| u32::try_from(at).ok()).unwrap_or(0)
}
