//! Brings together what several commands say about the same guests.
use super::{
    Sighting, World,
    identity::{Identities, Run},
    runs::{Runs, Told},
    to_vm,
};
use crate::{
    parse::{
        definition::Definition,
        name::{self, in_table},
        state::DomainState,
        xl_list::XlDomain,
        xl_list_long::LongDomain,
    },
    watch::Sizes,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;
use wxa_model::{Arrival, HostId, PowerState, SiteId, UnixMillis, VmId, ids::VmIdentity};

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
    /// When runs began; none where the host's word on it makes no sense.
    pub(crate) started: &'a HashMap<u32, Option<UnixMillis>>,
    /// How large disks are, as far as the host told.
    pub(crate) sizes: &'a Sizes,
    /// What is known of runs on all hosts.
    pub(crate) runs: &'a Runs,
    /// A clock that never goes back, in milliseconds.
    pub(crate) steady_ms: u64,
}

/// Makes VMs of it.
pub(crate) fn merge(sources: Sources<'_>, identities: &mut Identities) -> World {
    let ids = definition_ids(sources, identities);
    let index = Index::of(sources.definitions);
    let names: HashSet<&str> = sources
        .domains
        .iter()
        .map(|domain| domain.name.as_str())
        .collect();
    let mut world = World::default();
    let mut taken: HashSet<&str> = HashSet::new();
    let mut runs = HashSet::new();
    for domain in sources.domains {
        world.listed.insert(in_table(&domain.name).to_owned());
        // Half of a migration: the other half is the VM.
        if domain.name.ends_with("--incoming") {
            identities.comes(domain.domid);
            continue;
        }
        if domain.name.ends_with("--migratedaway") {
            continue;
        }
        let long = sources.long.get(&domain.domid);
        if to_vm::is_control(domain, &names) {
            let id = VmId::derive(sources.site, sources.host, &VmIdentity::Name(&domain.name));
            world.insert(to_vm::control(sources, id, domain, long));
            continue;
        }
        let uuid = long.and_then(|long| long.uuid);
        let Some(run) = identify(sources, identities, &ids, &index, &taken, domain, uuid) else {
            continue;
        };
        let run = if world.vms.contains_key(&run.id) {
            // A renamed domain has that id already: this one is told by its run.
            let Some(uuid) = uuid else { continue };
            Run {
                id: VmId::derive(sources.site, sources.host, &VmIdentity::Uuid(uuid)),
                path: None,
                is_from_elsewhere: false,
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
        let mut began = sources.started.get(&domain.domid).copied().flatten();
        if let Some(uuid) = uuid {
            runs.insert(uuid);
            let has_come = identities.has_come(domain.domid, uuid, &run);
            identities.remember_run(uuid, run.clone());
            if domain.name != NAMELESS {
                identities.remember_name(uuid, &domain.name);
            }
            began = sources.runs.tell(Told {
                site: sources.site,
                host: sources.host,
                run: uuid,
                vm: run.id,
                began,
                has_come,
            });
            if has_come || run.is_from_elsewhere {
                world.arrivals.insert(Arrival {
                    run: uuid,
                    vm: run.id,
                    domid: domain.domid,
                    began,
                });
            }
        }
        if domain.state != DomainState::Paused {
            identities.is_made(domain.domid);
        }
        let in_the_making = domain.state == DomainState::Paused
            && domain.cpu_seconds == 0.0
            && identities.is_in_the_making(domain.domid, sources.steady_ms);
        match (in_the_making, definition) {
            (false, definition) => {
                let mut running = to_vm::running(sources, run.id, domain, long, definition);
                running.vm.started_at = began;
                if domain.name == NAMELESS
                    && let Some(name) = uuid.and_then(|uuid| identities.name(uuid))
                {
                    running.vm.name = name::shown(name);
                    running.vm.power = PowerState::Stopping;
                    running.name = name.to_owned();
                }
                world.insert(running);
            }
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
    let domids: HashSet<u32> = sources.domains.iter().map(|domain| domain.domid).collect();
    identities.prune(&runs, &domids, sources.definitions);
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

/// Definitions by what domains are told by, so that a look at a thousand of them is no million of comparisons.
struct Index<'a> {
    by_uuid: HashMap<Uuid, Vec<&'a str>>,
    /// Those without a UUID only: one with another UUID is another VM, whatever its name.
    by_name: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Index<'a> {
    fn of(definitions: &'a Definitions) -> Self {
        let mut index = Self {
            by_uuid: HashMap::new(),
            by_name: HashMap::new(),
        };
        for (path, definition) in definitions {
            match definition {
                Ok(Definition { uuid: Some(uuid), .. }) => index.by_uuid.entry(*uuid).or_default().push(path),
                Ok(definition) => index.by_name.entry(&definition.name).or_default().push(path),
                Err(_) => {}
            }
        }
        index
    }
}

fn first_free<'a>(paths: Option<&Vec<&'a str>>, taken: &HashSet<&str>) -> Option<&'a str> {
    paths?.iter().copied().find(|path| !taken.contains(path))
}

/// What `xl list` calls a domain that is only just being made or taken apart.
const NAMELESS: &str = "(null)";

/// The VM that a run was on the host that it came from. A UUID of its definition says that by itself, on every host.
fn from_elsewhere(sources: Sources<'_>, remembered: Option<&Run>, uuid: Option<Uuid>) -> Option<VmId> {
    if let Some(run) = remembered {
        return run.is_from_elsewhere.then_some(run.id);
    }
    let uuid = uuid?;
    let id = sources.runs.elsewhere(sources.site, sources.host, uuid)?;
    (id != VmId::derive(sources.site, sources.host, &VmIdentity::Uuid(uuid))).then_some(id)
}

/// Which VM a domain is: as it was where it came from, else as remembered, else by its definition's UUID, else by its definition's name, else by its own.
fn identify(
    sources: Sources<'_>,
    identities: &Identities,
    ids: &HashMap<&str, VmId>,
    index: &Index<'_>,
    taken: &HashSet<&str>,
    domain: &XlDomain,
    uuid: Option<Uuid>,
) -> Option<Run> {
    let free = |path: &str| !taken.contains(path);
    let of_path = |path: &str| {
        ids.get(path).map(|id| Run {
            id: *id,
            path: Some(path.to_owned()),
            is_from_elsewhere: false,
        })
    };
    let named = index.by_name.get(domain.name.as_str());
    let remembered = uuid.and_then(|uuid| identities.run(uuid));
    if let Some(id) = from_elsewhere(sources, remembered, uuid)
        && domain.name != NAMELESS
    {
        // A definition of that name is this guest's for as long as it is here.
        return Some(Run {
            id,
            path: first_free(named, taken).map(str::to_owned),
            is_from_elsewhere: true,
        });
    }
    if let Some(path) = remembered.and_then(|run| run.path.as_deref())
        && sources.definitions.contains_key(path)
        && free(path)
    {
        return of_path(path);
    }
    let of_uuid = uuid.and_then(|uuid| index.by_uuid.get(&uuid));
    if let Some(path) = first_free(of_uuid, taken) {
        return of_path(path);
    }
    // Of several definitions with one name it is the one that was started from here.
    let started = identities
        .started_from(&domain.name)
        .filter(|path| free(path) && named.is_some_and(|paths| paths.contains(path)));
    if let Some(path) = started.or_else(|| first_free(named, taken)) {
        return of_path(path);
    }
    if let Some(run) = remembered {
        return Some(Run {
            id: run.id,
            path: None,
            is_from_elsewhere: false,
        });
    }
    (domain.name != NAMELESS).then(|| Run {
        id: VmId::derive(sources.site, sources.host, &VmIdentity::Name(&domain.name)),
        path: None,
        is_from_elsewhere: false,
    })
}
