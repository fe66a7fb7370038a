//! Which VMs a page comes with: all, where they are few; else those that its first paint shows, with counts of the others.
use crate::{
    filter,
    list::{self, GroupBy, Places, Sort},
    live::{MOST_WISHED, outline::Outline, rings::Rings, tables::Count},
    routes::{HostTab, Route, url::Url},
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use wxa_model::{Host, HostId, HostKind, Object, PowerState, Site, Vm, VmId, VmRole};

/// With no more VMs than this a page comes with all of them: an index of them is smaller than another request.
const FEW: usize = 200;
/// Rows of a list that come with the page: more than exist at once ([`list::window`]).
const ROWS: usize = 64;
/// Crashed VMs that come with the overview or a host's page, which name them.
const CRASHED: usize = 20;

/// The VMs of a page.
#[derive(Debug)]
pub struct FirstWindow<'a> {
    /// Those that the page shows in full.
    pub in_full: Vec<&'a Vm>,
    /// Those it shows in brief, the ones in full among them.
    pub in_brief: Vec<&'a Vm>,
    /// What it says about the others; none where there are none.
    pub outline: Option<Outline>,
}

/// Chooses for the page at `address`. `objects` are the sites, hosts and tasks, `vms` all VMs, guests by name. `samples` are
/// the latest measurements of all, for a list in their order.
pub fn first_window<'a>(
    address: &str,
    objects: &[Object],
    vms: &[&'a Vm],
    samples: impl FnOnce() -> Vec<u8>,
) -> FirstWindow<'a> {
    let url = Url::parse(address);
    let route = Route::parse(&url.path);
    let shown_vm = match route {
        Some(Route::Vm(id, _) | Route::VmWindow(id)) => Some(id),
        _ => url.get("sel").and_then(|id| id.parse().ok()),
    };
    // A plain host's pages tell which VMs use its disks and bridges.
    let host = match route {
        Some(Route::Host(id, HostTab::Overview | HostTab::Storage | HostTab::Network)) => {
            Some(id).filter(|id| is_plain(objects, *id))
        }
        _ => None,
    };
    let is_shown = |vm: &&Vm| Some(vm.id) == shown_vm || Some(vm.host) == host;
    let in_full: Vec<&Vm> = vms.iter().copied().filter(is_shown).take(MOST_WISHED).collect();
    if vms.len() <= FEW {
        return FirstWindow {
            in_full,
            in_brief: vms.to_vec(),
            outline: None,
        };
    }
    let hosts = hosts(objects);
    let only = match route {
        Some(Route::Host(id, _)) => Some(within(&hosts, id)),
        _ => None,
    };
    let places = Places::new(&sites(objects), &hosts);
    let guests = || vms.iter().copied().filter(|vm| vm.role == VmRole::Guest);
    let mut wanted: HashSet<VmId> = in_full.iter().map(|vm| vm.id).collect();
    let mut outline = Outline {
        on: counts(guests()).into_iter().collect(),
        ..Outline::default()
    };
    if matches!(route, Some(Route::Vms | Route::Host(..))) {
        let items = list::items(guests(), &places, only.as_deref());
        let sort = Sort::parse(url.get("sort").unwrap_or_default());
        let mut rings = Rings::default();
        if sort.column.measure().is_some() {
            rings.take(&samples());
        }
        let filter = filter::parse(url.get("q").unwrap_or_default()).ok();
        let by = GroupBy::parse(url.get("group").unwrap_or_default());
        let shown = list::shown(&items, filter.as_ref(), sort, by, &rings);
        outline.shown = shown.ids.len();
        outline.groups = shown.groups;
        outline.facets = list::facets(&items);
        wanted.extend(shown.ids.into_iter().take(ROWS));
    }
    let crashed = |vm: &&&Vm| vm.power == PowerState::Crashed;
    if route == Some(Route::Overview) {
        wanted.extend(vms.iter().filter(crashed).take(CRASHED).map(|vm| vm.id));
    }
    if let Some(only) = &only {
        let there = |vm: &&&Vm| only.contains(&vm.host);
        wanted.extend(
            vms.iter()
                .filter(there)
                .filter(crashed)
                .take(CRASHED)
                .map(|vm| vm.id),
        );
        let control = |vm: &&&Vm| vm.role == VmRole::ControlDomain;
        wanted.extend(vms.iter().filter(there).filter(control).map(|vm| vm.id));
    }
    // What is said of tasks leads to their VMs.
    wanted.extend(objects.iter().filter_map(|object| match object {
        Object::Task(task) => Some(task.vm),
        Object::PoolTask(task) => task.vm,
        _ => None,
    }));
    FirstWindow {
        in_full,
        in_brief: vms.iter().filter(|vm| wanted.contains(&vm.id)).copied().collect(),
        outline: Some(outline),
    }
}

fn sites(objects: &[Object]) -> Vec<Arc<Site>> {
    let site = |object: &Object| match object {
        Object::Site(site) => Some(Arc::new(site.clone())),
        _ => None,
    };
    objects.iter().filter_map(site).collect()
}

fn is_plain(objects: &[Object], id: HostId) -> bool {
    objects
        .iter()
        .any(|object| matches!(object, Object::Host(host) if host.id == id && host.kind == HostKind::Plain))
}

fn hosts(objects: &[Object]) -> Vec<Arc<Host>> {
    let host = |object: &Object| match object {
        Object::Host(host) => Some(Arc::new(host.clone())),
        _ => None,
    };
    objects.iter().filter_map(host).collect()
}

/// A host, and a pool's members.
fn within(hosts: &[Arc<Host>], id: HostId) -> Vec<HostId> {
    let members = hosts
        .iter()
        .filter(|host| host.kind == HostKind::Member { pool: id })
        .map(|host| host.id);
    std::iter::once(id).chain(members).collect()
}

fn counts<'a>(guests: impl Iterator<Item = &'a Vm>) -> BTreeMap<HostId, Count> {
    let mut counts: BTreeMap<HostId, Count> = BTreeMap::new();
    for vm in guests {
        counts.entry(vm.host).or_default().add(Count::of(vm));
    }
    counts
}
