//! What is known of a host from all looks so far: one owner, readers get copies.
use super::{
    Scan,
    sizes::{self, Sizes, Targets},
};
use crate::{
    config::XlConfig,
    parse::{files::Found, name::in_table, xl_list::XlDomain, xl_list_long::LongDomain},
    world::{Identities, Sources, World, merge},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use tokio::time::Instant;
use wxa_model::{GuestLogging, HostFacts, UnixMillis};

/// Measuring and asking take a moment.
const UPTIME_SLACK_S: u64 = 120;

/// The host as known.
#[derive(Debug)]
pub(crate) struct Known {
    identities: Identities,
    files: BTreeMap<String, Found>,
    definitions: BTreeMap<String, Result<crate::parse::definition::Definition, String>>,
    autostart: HashSet<String>,
    long: HashMap<u32, LongDomain>,
    /// None where the host's word on it makes no sense.
    started: HashMap<u32, Option<UnixMillis>>,
    facts: Option<HostFacts>,
    sizes: Sizes,
    world: Arc<World>,
    looked: Option<Looked>,
    epoch: Instant,
}

/// How far the host was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looked {
    /// Definitions included.
    Everything,
}

impl Known {
    /// Nothing yet but who came from elsewhere.
    pub(crate) fn new(config: &XlConfig) -> Self {
        for arrival in &config.arrivals {
            config.runs.recall(config.site, config.host, arrival);
        }
        Self {
            identities: Identities::recalling(config.site, config.host, &config.arrivals),
            files: BTreeMap::new(),
            definitions: BTreeMap::new(),
            autostart: HashSet::new(),
            long: HashMap::new(),
            started: HashMap::new(),
            facts: None,
            sizes: Sizes::default(),
            world: Arc::default(),
            looked: None,
            epoch: Instant::now(),
        }
    }

    /// The VMs as of the last look.
    pub(crate) fn world(&self) -> Arc<World> {
        self.world.clone()
    }

    /// What the host said about itself.
    pub(crate) fn facts(&self) -> Option<&HostFacts> {
        self.facts.as_ref()
    }

    /// Whether definitions were ever looked at.
    pub(crate) fn looked_at_everything(&self) -> bool {
        self.looked.is_some()
    }

    /// Whether the file is known as it is now.
    pub(super) fn has_file(&self, found: &Found) -> bool {
        self.files.get(&found.path) == Some(found)
    }

    /// Whether it is known when the domain was started.
    pub(super) fn knows_start_of(&self, domid: u32) -> bool {
        self.started.contains_key(&domid)
    }

    /// The disks whose sizes are to be asked for now.
    pub(super) fn sizes_wanted(&self) -> Option<Targets> {
        let defined = self
            .definitions
            .values()
            .filter_map(|definition| definition.as_ref().ok());
        let disks = defined
            .flat_map(|definition| &definition.disks)
            .chain(self.long.values().flat_map(|long| &long.disks));
        self.sizes.wanted(sizes::targets(disks))
    }

    /// Takes in how large disks are: the next look tells it.
    pub(super) fn take_sizes(&mut self, told: sizes::Told) {
        self.sizes.take(told);
    }

    /// Takes a look's results in and tells what is on the host.
    pub(crate) fn update(&mut self, config: &XlConfig, scan: Scan, now: UnixMillis) -> Arc<World> {
        if let Some((listing, new)) = scan.files {
            self.definitions
                .retain(|path, _| listing.definitions.contains_key(path));
            self.definitions.extend(new);
            // A file that vanished between listing and reading is listed again next time.
            self.files = listing.definitions;
            self.files.retain(|path, _| self.definitions.contains_key(path));
            self.autostart = listing.autostart.into_iter().collect();
            self.looked = Some(Looked::Everything);
        }
        let present: HashSet<u32> = scan.domains.iter().map(|domain| domain.domid).collect();
        // Where the long list is missing or misses one, what was known of that run still holds.
        self.long.retain(|domid, _| present.contains(domid));
        for long in scan.long.into_iter().flatten() {
            self.long.insert(long.domid, long);
        }
        let domains = exact(scan.domains, &self.long);
        let host_up = scan.uptimes.iter().find(|(domid, _)| *domid == 0);
        let longest = host_up.map_or(u64::MAX, |(_, seconds)| seconds.saturating_add(UPTIME_SLACK_S));
        for (domid, seconds) in scan.uptimes {
            // A host counts a guest's uptime by its clock: where that was set, guests seem older than their host.
            let sane = seconds <= longest;
            let began = UnixMillis(now.0.saturating_sub(seconds.saturating_mul(1000)));
            self.started.entry(domid).or_insert(sane.then_some(began));
        }
        self.started.retain(|domid, _| present.contains(domid));
        if let Some(mut facts) = scan.facts {
            facts.booted_at = self.started.get(&0).copied().flatten();
            let before = self
                .facts
                .as_ref()
                .map(|facts| facts.guest_logging)
                .unwrap_or_default();
            facts.guest_logging = scan.logging.unwrap_or(before);
            self.facts = Some(facts);
        }
        let steady = Instant::now().saturating_duration_since(self.epoch);
        self.world = Arc::new(merge(
            Sources {
                site: config.site,
                host: config.host,
                domains: &domains,
                long: &self.long,
                definitions: &self.definitions,
                autostart: &self.autostart,
                started: &self.started,
                sizes: &self.sizes,
                runs: &config.runs,
                steady_ms: u64::try_from(steady.as_millis()).unwrap_or(u64::MAX),
            },
            &mut self.identities,
        ));
        self.world.clone()
    }

    /// Whether the host logs its guests, as it was told to.
    pub(crate) fn logs_now(&mut self, logging: GuestLogging) {
        if let Some(facts) = &mut self.facts {
            facts.guest_logging = logging;
        }
    }

    /// A domain of that name is being started from that file.
    pub(crate) fn starts(&mut self, name: &str, path: &str) {
        self.identities.starts(name, path);
    }

    /// After a reconnect the host may have rebooted: runs are not what they were.
    pub(crate) fn forget_runs(&mut self) {
        self.long.clear();
        self.started.clear();
        self.identities.forget_numbers();
    }
}

/// Puts the whole names into a list that shows only the last line of each. Where a name has line breaks, its other lines
/// may pretend to be domains: then only what the long list knows too is believed.
fn exact(mut domains: Vec<XlDomain>, long: &HashMap<u32, LongDomain>) -> Vec<XlDomain> {
    let broken = long
        .values()
        .filter_map(|long| long.name.as_deref())
        .any(|name| name.contains('\n'));
    let mut seen = HashSet::new();
    domains.reverse();
    domains.retain_mut(|domain| {
        let name = long.get(&domain.domid).and_then(|long| long.name.as_deref());
        let same = name.filter(|name| in_table(name) == in_table(&domain.name));
        if let Some(name) = same {
            name.clone_into(&mut domain.name);
        }
        (same.is_some() || !broken) && seen.insert(domain.domid)
    });
    domains.reverse();
    domains
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{xl_list, xl_list_long};

    #[test]
    fn lines_of_a_name_are_no_domains() {
        let list = "Name   ID   Mem VCPUs\tState\tTime(s)\nDomain-0  0 1024 1 r----- 9.9\nodd\nDomain-0  0 1 1 --p--- 0.0\nweb 2  7 1 1 r----- 1.0\nend  3 128 1 -b---- 4.0\n";
        let name = "odd\nDomain-0  0 1 1 --p--- 0.0\nweb 2  7 1 1 r----- 1.0\nend";
        let json = serde_json::json!([
            {"domid": 0, "config": {"c_info": {"name": "Domain-0"}}},
            {"domid": 3, "config": {"c_info": {"name": name}}},
        ]);
        let long = xl_list_long::parse(&json.to_string()).unwrap();
        let long = long.into_iter().map(|long| (long.domid, long)).collect();
        let domains = exact(xl_list::parse(list).unwrap(), &long);
        let seen: Vec<_> = domains
            .iter()
            .map(|domain| (domain.domid, domain.name.as_str()))
            .collect();
        assert_eq!(seen, [(0, "Domain-0"), (3, name)]);
    }
}
