//! Brings together what several commands say about the same guests.
use super::{
    Sighting, World,
    identity::{Identities, Run},
    to_vm,
};
use crate::parse::{definition::Definition, state::DomainState, xl_list::XlDomain, xl_list_long::LongDomain};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;
use wxa_model::{HostId, SiteId, UnixMillis, VmId, ids::VmIdentity};

/// Definitions by path: what they say, or why they cannot be read.
pub(crate) type Definitions = BTreeMap<String, Result<Definition, String>>;

/// What was read on the host.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'a> {
    /// The host's site.
    pub(crate) site: SiteId,
    /// The host.
    pub(crate) host: HostId,
    /// `xl list`: what decides who exists.
    pub(crate) domains: &'a [XlDomain],
    /// `xl list -l`, possibly a little older or newer.
    pub(crate) long: &'a HashMap<u32, LongDomain>,
    /// The definition files.
    pub(crate) definitions: &'a Definitions,
    /// Paths of those that start with the host.
    pub(crate) autostart: &'a HashSet<String>,
    /// When runs began.
    pub(crate) started: &'a HashMap<u32, UnixMillis>,
    /// A clock that never goes back, in milliseconds.
    pub(crate) steady_ms: u64,
}

/// Makes VMs of it.
pub(crate) fn merge(sources: Sources<'_>, identities: &mut Identities) -> World {
    let ids = definition_ids(sources, identities);
    let mut world = World::default();
    let mut taken: HashSet<&str> = HashSet::new();
    let mut runs = Vec::new();
    for domain in sources.domains {
        world.listed.insert(domain.name.clone());
        // Half of a migration: the other half is the VM.
        if domain.name.ends_with("--incoming") || domain.name.ends_with("--migratedaway") {
            continue;
        }
        let long = sources.long.get(&domain.domid);
        if to_vm::is_control(domain, sources.domains) {
            let id = VmId::derive(sources.site, sources.host, &VmIdentity::Name(&domain.name));
            world.insert(to_vm::control(sources, id, domain, long));
            continue;
        }
        let uuid = long.and_then(|long| long.uuid);
        let Some(run) = identify(sources, identities, &ids, &taken, domain, uuid) else {
            continue;
        };
        let run = if world.vms.contains_key(&run.id) {
            // A renamed domain has that id already: this one is told by its run.
            let Some(uuid) = uuid else { continue };
            Run {
                id: VmId::derive(sources.site, sources.host, &VmIdentity::Uuid(uuid)),
                path: None,
            }
        } else {
            run
        };
        let definition = run
            .path
            .as_deref()
            .and_then(|path| sources.definitions.get_key_value(path));
        if let Some((path, _)) = definition {
            taken.insert(path);
        }
        if let Some(uuid) = uuid {
            runs.push(uuid);
            identities.remember_run(uuid, run.clone());
        }
        if domain.state != DomainState::Paused {
            identities.is_made(domain.domid);
        }
        let in_the_making = domain.state == DomainState::Paused
            && domain.cpu_seconds == 0.0
            && identities.is_in_the_making(domain.domid, sources.steady_ms);
        match (in_the_making, definition) {
            (false, definition) => world.insert(to_vm::running(sources, run.id, domain, long, definition)),
            (true, Some(definition)) => {
                let halted = to_vm::halted(sources, run.id, definition);
                world.insert(Sighting {
                    domid: Some(domain.domid),
                    ..halted
                });
            }
            (true, None) => {}
        }
    }
    for definition in sources.definitions.iter() {
        if !taken.contains(definition.0.as_str())
            && let Some(id) = ids.get(definition.0.as_str())
            && !world.vms.contains_key(id)
        {
            world.insert(to_vm::halted(sources, *id, definition));
        }
    }
    let domids: Vec<u32> = sources.domains.iter().map(|domain| domain.domid).collect();
    let paths: Vec<&String> = sources.definitions.keys().collect();
    identities.prune(&runs, &domids, &paths);
    world
}

/// The id of every definition: by its UUID, else by its path. Of two files with one UUID, the first has it.
fn definition_ids<'a>(sources: Sources<'a>, identities: &mut Identities) -> HashMap<&'a str, VmId> {
    let mut ids = HashMap::new();
    let mut uuids = HashSet::new();
    for (path, definition) in sources.definitions {
        let by_path = || VmId::derive(sources.site, sources.host, &VmIdentity::ConfigPath(path));
        let id = match definition {
            Ok(Definition { uuid: Some(uuid), .. }) if uuids.insert(*uuid) => {
                VmId::derive(sources.site, sources.host, &VmIdentity::Uuid(*uuid))
            }
            Ok(_) => by_path(),
            Err(_) => identities.definition(path).unwrap_or_else(by_path),
        };
        if definition.is_ok() {
            identities.remember_definition(path, id);
        }
        ids.insert(path.as_str(), id);
    }
    ids
}

/// Which VM a domain is: as remembered, else by its definition's UUID, else by its definition's name, else by its own.
fn identify(
    sources: Sources<'_>,
    identities: &Identities,
    ids: &HashMap<&str, VmId>,
    taken: &HashSet<&str>,
    domain: &XlDomain,
    uuid: Option<Uuid>,
) -> Option<Run> {
    let free = |path: &str| !taken.contains(path);
    let of_path = |path: &str| {
        ids.get(path).map(|id| Run {
            id: *id,
            path: Some(path.to_owned()),
        })
    };
    let remembered = uuid.and_then(|uuid| identities.run(uuid));
    if let Some(path) = remembered.and_then(|run| run.path.as_deref())
        && sources.definitions.contains_key(path)
        && free(path)
    {
        return of_path(path);
    }
    let defined = |wanted: &dyn Fn(&Definition) -> bool| {
        sources
            .definitions
            .iter()
            .find(|(path, definition)| free(path) && definition.as_ref().is_ok_and(wanted))
            .and_then(|(path, _)| of_path(path))
    };
    if let Some(run) = uuid.and_then(|uuid| defined(&|definition| definition.uuid == Some(uuid))) {
        return Some(run);
    }
    // A definition with another UUID is another VM, whatever its name.
    if let Some(run) = defined(&|definition| definition.uuid.is_none() && definition.name == domain.name) {
        return Some(run);
    }
    if let Some(run) = remembered {
        return Some(Run {
            id: run.id,
            path: None,
        });
    }
    // A domain that is only just being made or taken apart has no name yet, or no longer.
    (domain.name != "(null)").then(|| Run {
        id: VmId::derive(sources.site, sources.host, &VmIdentity::Name(&domain.name)),
        path: None,
    })
}
