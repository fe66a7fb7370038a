//! What the tree shows, as a flat list of rows: site > host > VM. Pure.
use crate::live::store::natural;
use std::sync::Arc;
use wxa_model::{Host, HostId, Link, PowerState, Site, SiteId, Vm, VmId};

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A site.
    Site(SiteId),
    /// A host.
    Host(HostId),
    /// A VM.
    Vm(VmId),
}

/// A row: what, how many VMs below it, what is wrong there, and whether it is unfolded (none for leaves).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it stands for.
    pub node: Node,
    /// Its name.
    pub name: String,
    /// VMs below it.
    pub count: usize,
    /// Crashed VMs and hosts that must be looked at.
    pub critical: usize,
    /// Hosts that are not heard.
    pub warnings: usize,
    /// Whether its children show; none for a VM.
    pub open: Option<bool>,
    /// Which of how many siblings it is, from 1: not all of them need to exist on the page.
    pub place: (usize, usize),
}

/// The rows. `toggled` are those that differ from their default: sites are open, hosts too while there are few VMs.
pub fn rows(
    sites: &[Arc<Site>],
    hosts: &[Arc<Host>],
    vms: &[Arc<Vm>],
    toggled: &[Node],
    filter: &str,
) -> Vec<Row> {
    let filter = filter.trim().to_lowercase();
    let filtering = !filter.is_empty();
    let hosts_open = vms.len() <= 60;
    let found = |name: &str| name.to_lowercase().contains(&filter);
    let mut rows = Vec::new();
    for site in sites {
        let at = rows.len();
        let mut sum = (0, 0, 0);
        let site_open = filtering || !toggled.contains(&Node::Site(site.id));
        let mut below = Vec::new();
        for host in hosts.iter().filter(|host| host.site == site.id) {
            let whole = found(&host.name) || found(&site.name);
            let mut own: Vec<_> = vms.iter().filter(|vm| vm.host == host.id).collect();
            let (critical, warnings) = wrong(host, &own);
            sum = (sum.0 + own.len(), sum.1 + critical, sum.2 + warnings);
            let count = own.len();
            if filtering && !whole {
                own.retain(|vm| found(&vm.name));
                if own.is_empty() {
                    continue;
                }
            }
            own.sort_by(|a, b| natural(&a.name, &b.name));
            let open = filtering || (hosts_open != toggled.contains(&Node::Host(host.id)));
            below.push(Row {
                node: Node::Host(host.id),
                name: host.name.clone(),
                count,
                critical,
                warnings,
                open: Some(open),
                place: (0, 0),
            });
            if open {
                below.extend(own.into_iter().map(|vm| Row {
                    node: Node::Vm(vm.id),
                    name: vm.name.clone(),
                    count: 0,
                    critical: 0,
                    warnings: 0,
                    open: None,
                    place: (0, 0),
                }));
            }
        }
        if filtering && below.is_empty() && !found(&site.name) {
            continue;
        }
        if site_open {
            rows.append(&mut below);
        }
        rows.insert(
            at,
            Row {
                node: Node::Site(site.id),
                name: site.name.clone(),
                count: sum.0,
                critical: sum.1,
                warnings: sum.2,
                open: Some(site_open),
                place: (0, 0),
            },
        );
    }
    count_siblings(&mut rows);
    rows
}

/// Tells each row which of its siblings it is. Siblings follow each other, with only what is below them between.
fn count_siblings(rows: &mut [Row]) {
    let level = |row: &Row| match row.node {
        Node::Site(_) => 0,
        Node::Host(_) => 1,
        Node::Vm(_) => 2,
    };
    let mut groups: [Vec<usize>; 3] = Default::default();
    for at in 0..=rows.len() {
        let depth = rows.get(at).map_or(0, level);
        // Whatever is deeper than this row ends here; at the end everything does.
        let ending = if at == rows.len() { 0 } else { depth + 1 };
        for group in groups.iter_mut().skip(ending) {
            let all = group.len();
            for (n, member) in std::mem::take(group).into_iter().enumerate() {
                if let Some(row) = rows.get_mut(member) {
                    row.place = (n + 1, all);
                }
            }
        }
        if let Some(group) = groups.get_mut(depth).filter(|_| at < rows.len()) {
            group.push(at);
        }
    }
}

fn wrong(host: &Host, vms: &[&Arc<Vm>]) -> (usize, usize) {
    let crashed = vms.iter().filter(|vm| vm.power == PowerState::Crashed).count();
    match host.link {
        Link::Up | Link::Connecting => (crashed, 0),
        Link::Down { .. } => (crashed, 1),
        Link::Unauthenticated { .. } | Link::KeyChanged { .. } | Link::JumpKeyChanged { .. } => {
            (crashed + 1, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{host, site, vm};

    fn tree(toggled: &[Node], filter: &str) -> Vec<String> {
        let down = Link::Down {
            since: wxa_model::UnixMillis(0),
            why: String::new(),
            retry_at: wxa_model::UnixMillis(0),
        };
        let sites = [Arc::new(site(1, "Vienna")), Arc::new(site(2, "Empty"))];
        let hosts = [Arc::new(host(1, Link::Up)), Arc::new(host(2, down))];
        let vms = [
            Arc::new(vm(1, "web-10", PowerState::Running)),
            Arc::new(vm(2, "web-9", PowerState::Crashed)),
        ];
        rows(&sites, &hosts, &vms, toggled, filter)
            .into_iter()
            .map(|row| format!("{} {} {}/{}", row.name, row.count, row.critical, row.warnings))
            .collect()
    }

    #[test]
    fn sites_hold_hosts_hold_vms_with_what_is_wrong_below() {
        assert_eq!(
            tree(&[], ""),
            [
                "Vienna 2 1/1",
                "xen-1 2 1/0",
                "web-9 0 0/0",
                "web-10 0 0/0",
                "xen-2 0 0/1",
                "Empty 0 0/0"
            ]
        );
    }

    #[test]
    fn rows_know_which_of_their_siblings_they_are() {
        let sites = [Arc::new(site(1, "Vienna")), Arc::new(site(2, "Empty"))];
        let hosts = [Arc::new(host(1, Link::Up)), Arc::new(host(2, Link::Up))];
        let vms: Vec<_> = (1..=3)
            .map(|n| Arc::new(vm(n, &format!("web-{n}"), PowerState::Running)))
            .collect();
        let places: Vec<_> = rows(&sites, &hosts, &vms, &[], "")
            .into_iter()
            .map(|row| (row.name, row.place))
            .collect();
        let expected = [
            ("Vienna", (1, 2)),
            ("xen-1", (1, 2)),
            ("web-1", (1, 3)),
            ("web-2", (2, 3)),
            ("web-3", (3, 3)),
            ("xen-2", (2, 2)),
            ("Empty", (2, 2)),
        ];
        assert_eq!(places, expected.map(|(name, place)| (name.to_owned(), place)));
    }

    #[test]
    fn a_filter_unfolds_what_it_finds() {
        let folded = [Node::Site(site(1, "").id)];
        assert_eq!(tree(&folded, ""), ["Vienna 2 1/1", "Empty 0 0/0"]);
        assert_eq!(
            tree(&folded, "WEB-10"),
            ["Vienna 2 1/1", "xen-1 2 1/0", "web-10 0 0/0"]
        );
        assert_eq!(tree(&[], "empty"), ["Empty 0 0/0"]);
        assert_eq!(tree(&[], "nothing"), Vec::<String>::new());
    }
}
