//! What the tree shows, as a flat list of rows: site > pool > member > VM, plain hosts beside pools. Pure.
mod siblings;
#[cfg(test)]
mod tests;

use crate::live::tables::{Count, Guests};
use std::{collections::BTreeMap, sync::Arc};
use wxa_model::{Host, HostId, HostKind, Link, Site, SiteId, Vm, VmId};

/// Up to how many VMs hosts and pools are unfolded until somebody folds them.
const FEW_VMS: usize = 60;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A site.
    Site(SiteId),
    /// A plain host, a pool or a pool's member.
    Host(HostId),
    /// A VM.
    Vm(VmId),
}

/// How a row looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A site.
    Site,
    /// A host that stands alone.
    Host,
    /// A pool.
    Pool,
    /// A host in a pool.
    Member {
        /// It speaks for its pool.
        coordinator: bool,
        /// It takes no new VMs.
        maintenance: bool,
    },
    /// A VM.
    Vm,
}

/// A row: what, how many VMs below it, what is wrong there, and whether it is unfolded (none for leaves).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it stands for.
    pub node: Node,
    /// How it looks.
    pub look: Look,
    /// How deep it is, from 1 for sites.
    pub level: u8,
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

/// The rows. `toggled` are those that differ from their default: sites are open, hosts and pools too while there are few
/// VMs. What is folded costs no more than its counts, however many VMs it holds.
pub fn rows(
    sites: &[Arc<Site>],
    hosts: &[Arc<Host>],
    guests: &Guests,
    toggled: &[Node],
    filter: &str,
) -> Vec<Row> {
    let mut on: BTreeMap<HostId, Vec<&Arc<Vm>>> = BTreeMap::new();
    for vm in guests.by_name() {
        on.entry(vm.host).or_default().push(vm);
    }
    let planted = Planted {
        hosts,
        on,
        counts: guests.counts(),
        toggled,
        filter: filter.trim().to_lowercase(),
        few: are_few(guests.counts()),
    };
    let mut rows: Vec<Row> = sites.iter().flat_map(|site| planted.site(site)).collect();
    siblings::count(&mut rows);
    rows
}

/// Whether there are so few VMs that hosts and pools are unfolded until somebody folds them.
pub fn are_few(counts: &BTreeMap<HostId, Count>) -> bool {
    counts.values().map(|count| count.all).sum::<usize>() <= FEW_VMS
}

/// Whether a site, host or pool is unfolded.
pub fn is_open(node: Node, toggled: &[Node], few: bool) -> bool {
    let by_itself = few || matches!(node, Node::Site(_));
    by_itself != toggled.contains(&node)
}

/// What is below a row.
#[derive(Clone, Copy, Default)]
struct Sum {
    vms: usize,
    critical: usize,
    warnings: usize,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.vms += other.vms;
        self.critical += other.critical;
        self.warnings += other.warnings;
    }
}

/// Everything the rows are made of.
struct Planted<'a> {
    hosts: &'a [Arc<Host>],
    on: BTreeMap<HostId, Vec<&'a Arc<Vm>>>,
    counts: &'a BTreeMap<HostId, Count>,
    toggled: &'a [Node],
    filter: String,
    few: bool,
}

impl Planted<'_> {
    fn found(&self, name: &str) -> bool {
        name.to_lowercase().contains(&self.filter)
    }

    fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    fn is_open(&self, node: Node) -> bool {
        self.is_filtered() || is_open(node, self.toggled, self.few)
    }

    /// The rows of a site; none where nothing in it passes the filter.
    fn site(&self, site: &Site) -> Vec<Row> {
        let named = self.found(&site.name);
        let mut sum = Sum::default();
        let mut below = Vec::new();
        for host in self.hosts.iter().filter(|host| host.site == site.id) {
            // A member is below its pool; one whose pool is not seen stands alone.
            let pool = host.kind.pool();
            let inside = pool.is_some_and(|pool| self.hosts.iter().any(|one| one.id == pool));
            if !inside {
                let (its, rows) = self.host(host, 2, named);
                sum.add(its);
                below.extend(rows);
            }
        }
        if self.is_filtered() && below.is_empty() && !named {
            return Vec::new();
        }
        let open = self.is_open(Node::Site(site.id));
        let row = row(Node::Site(site.id), Look::Site, 1, &site.name, sum, Some(open));
        std::iter::once(row)
            .chain(below.into_iter().filter(|_| open))
            .collect()
    }

    /// What is below a host, a pool or a member, and its rows; no rows where nothing passes the filter. `named` is
    /// whether something above it does.
    fn host(&self, host: &Host, level: u8, named: bool) -> (Sum, Vec<Row>) {
        let named = named || self.found(&host.name);
        let mut sum = Sum::default();
        let mut below = Vec::new();
        let members = self
            .hosts
            .iter()
            .filter(|one| host.kind == HostKind::Pool && one.kind == HostKind::Member { pool: host.id });
        for member in members {
            let (mut its, rows) = self.host(member, level + 1, named);
            if !host.link.is_up() {
                // A pool's link is its members' too: that is one thing to look at.
                let mirrored = of_link(&member.link);
                its.critical = its.critical.saturating_sub(mirrored.critical);
                its.warnings = its.warnings.saturating_sub(mirrored.warnings);
            }
            sum.add(its);
            below.extend(rows);
        }
        let count = self.counts.get(&host.id).copied().unwrap_or_default();
        sum.vms += count.all;
        sum.critical += count.crashed;
        sum.add(of_link(&host.link));
        let own = self.on.get(&host.id).map_or(&[][..], Vec::as_slice);
        if !named && below.is_empty() && !own.iter().any(|vm| self.found(&vm.name)) {
            return (sum, Vec::new());
        }
        let node = Node::Host(host.id);
        let open = self.is_open(node);
        let shown = own.iter().filter(|vm| open && (named || self.found(&vm.name)));
        let vms = shown.map(|vm| {
            row(
                Node::Vm(vm.id),
                Look::Vm,
                level + 1,
                &vm.name,
                Sum::default(),
                None,
            )
        });
        let row = row(node, look(host), level, &host.name, sum, Some(open));
        let rows = std::iter::once(row)
            .chain(below.into_iter().chain(vms).filter(|_| open))
            .collect();
        (sum, rows)
    }
}

/// What is wrong with the connection itself.
fn of_link(link: &Link) -> Sum {
    let (critical, warnings) = match link {
        Link::Up | Link::Connecting => (0, 0),
        Link::Down { .. } => (0, 1),
        Link::Unauthenticated { .. }
        | Link::KeyChanged { .. }
        | Link::OtherPool { .. }
        | Link::JumpKeyChanged { .. } => (1, 0),
    };
    Sum {
        vms: 0,
        critical,
        warnings,
    }
}

fn look(host: &Host) -> Look {
    let facts = host.facts.as_ref();
    match host.kind {
        HostKind::Plain => Look::Host,
        HostKind::Pool => Look::Pool,
        HostKind::Member { .. } => Look::Member {
            coordinator: facts.is_some_and(|facts| facts.coordinator),
            maintenance: facts.is_some_and(|facts| facts.maintenance),
        },
    }
}

fn row(node: Node, look: Look, level: u8, name: &str, sum: Sum, open: Option<bool>) -> Row {
    Row {
        node,
        look,
        level,
        name: name.to_owned(),
        count: sum.vms,
        critical: sum.critical,
        warnings: sum.warnings,
        open,
        place: (0, 0),
    }
}
