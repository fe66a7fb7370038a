//! The VM list: which VMs, in which order, and what can be narrowed by. Pure.
use crate::{
    filter::{Filter, Subject},
    live::store::natural,
    text::{T, t},
};
use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};
use wxa_model::{Vm, VmSample};

/// A VM with what is known around it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The VM.
    pub vm: Arc<Vm>,
    /// The key of its shown state.
    pub state: &'static str,
    /// Its host's name; empty for a VM that is on a pool but on none of its members.
    pub host: String,
    /// Its pool's name; empty for a VM of a plain host.
    pub pool: String,
    /// The tags of its host, and of that one's pool.
    pub host_tags: Vec<String>,
    /// Its site's name.
    pub site: String,
    /// What it used last.
    pub sample: VmSample,
}

impl Item {
    /// Whether it passes.
    pub fn passes(&self, filter: &Filter) -> bool {
        let id = self.vm.id.to_string();
        filter.matches(&Subject {
            name: &self.vm.name,
            state: self.state,
            host: &self.host,
            pool: &self.pool,
            site: &self.site,
            guest: match self.vm.guest_type {
                Some(wxa_model::GuestType::Pv) => "pv",
                Some(wxa_model::GuestType::Pvh) => "pvh",
                Some(wxa_model::GuestType::Hvm) => "hvm",
                None => "",
            },
            memory: self.vm.memory.0,
            vcpus: self.vm.vcpus,
            addresses: self.vm.guest.as_ref().map_or(&[], |guest| &guest.addresses),
            tags: &self.vm.tags,
            pool_tags: &self.vm.pool_tags,
            host_tags: &self.host_tags,
            id: &id,
        })
    }
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// Name, as people count.
    #[default]
    Name,
    /// State's word.
    State,
    /// Host's name.
    Host,
    /// Pool's name.
    Pool,
    /// CPU use.
    Cpu,
    /// Memory.
    Memory,
    /// Disk rates together.
    Disk,
    /// Network rates together.
    Net,
    /// How long it runs.
    Uptime,
}

/// What to sort by, and which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Largest first.
    pub down: bool,
}

impl Column {
    /// All, in the order in which they stand.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::State,
        Self::Host,
        Self::Pool,
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Net,
        Self::Uptime,
    ];

    /// In the address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::State => "state",
            Self::Host => "host",
            Self::Pool => "pool",
            Self::Cpu => "cpu",
            Self::Memory => "mem",
            Self::Disk => "disk",
            Self::Net => "net",
            Self::Uptime => "uptime",
        }
    }

    /// In the head of the table.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => t(T::ColName),
            Self::State => t(T::ColState),
            Self::Host => t(T::ColHost),
            Self::Pool => t(T::ColPool),
            Self::Cpu => t(T::ColCpu),
            Self::Memory => t(T::ColMemory),
            Self::Disk => t(T::ColDisk),
            Self::Net => t(T::ColNet),
            Self::Uptime => t(T::ColUptime),
        }
    }

    /// Whether it holds numbers, which stand at the right and begin with the largest.
    pub fn is_number(self) -> bool {
        !matches!(self, Self::Name | Self::State | Self::Host | Self::Pool)
    }

    /// Whether its order changes with every measurement.
    pub fn is_measured(self) -> bool {
        matches!(self, Self::Cpu | Self::Disk | Self::Net)
    }
}

impl Sort {
    /// From the address: `cpu`, or `-cpu` for the largest first.
    pub fn parse(text: &str) -> Self {
        let (down, slug) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        match Column::ALL.into_iter().find(|column| column.slug() == slug) {
            Some(column) => Self { column, down },
            None => Self::default(),
        }
    }

    /// For the address; empty for the default.
    pub fn text(self) -> String {
        if self == Self::default() {
            return String::new();
        }
        format!("{}{}", if self.down { "-" } else { "" }, self.column.slug())
    }

    /// What a click on the head of `column` does.
    pub fn toggled(self, column: Column) -> Self {
        if self.column == column {
            Self {
                column,
                down: !self.down,
            }
        } else {
            Self {
                column,
                down: column.is_number(),
            }
        }
    }

    /// The order of two items; those with the same value stand by name.
    pub fn order(self, a: &Item, b: &Item) -> Ordering {
        let name = || natural(&a.vm.name, &b.vm.name).then_with(|| a.vm.id.cmp(&b.vm.id));
        let order = match self.column {
            Column::Name => name(),
            Column::State => a.state.cmp(b.state),
            Column::Host => natural(&a.host, &b.host),
            Column::Pool => natural(&a.pool, &b.pool).then_with(|| natural(&a.host, &b.host)),
            Column::Cpu => number(cpu(a), cpu(b)),
            Column::Memory => a.vm.memory.cmp(&b.vm.memory),
            Column::Disk => number(disk(a), disk(b)),
            Column::Net => number(net(a), net(b)),
            // Started earlier is up for longer.
            Column::Uptime => match (a.vm.started_at, b.vm.started_at) {
                (Some(a), Some(b)) => b.cmp(&a),
                (a, b) => a.is_some().cmp(&b.is_some()),
            },
        };
        let order = if self.down { order.reverse() } else { order };
        order.then_with(name)
    }
}

/// As it is shown: a share of the CPUs it has.
fn cpu(item: &Item) -> Option<f32> {
    crate::format::cpu_share(item.sample.cpu, item.vm.vcpus)
}

fn disk(item: &Item) -> Option<f32> {
    crate::format::sum(item.sample.disk_read, item.sample.disk_write)
}

fn net(item: &Item) -> Option<f32> {
    crate::format::sum(item.sample.net_rx, item.sample.net_tx)
}

fn number(a: Option<f32>, b: Option<f32>) -> Ordering {
    a.unwrap_or(-1.0).total_cmp(&b.unwrap_or(-1.0))
}

/// A term to narrow by, with how many it would leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// As it is typed.
    pub term: String,
    /// How many VMs have it.
    pub count: usize,
    /// Whether it names something wrong.
    pub bad: bool,
}

/// States and hosts to narrow by.
pub fn facets(items: &[Item]) -> Vec<Facet> {
    const STATES: [&str; 7] = [
        "running",
        "crashed",
        "unknown",
        "paused",
        "suspended",
        "stopping",
        "halted",
    ];
    let mut facets: Vec<Facet> = STATES
        .into_iter()
        .map(|state| Facet {
            term: crate::filter::term("state", state),
            count: items.iter().filter(|item| item.state == state).count(),
            bad: state == "crashed",
        })
        .filter(|facet| facet.count > 0)
        .collect();
    facets.extend(place_facets(items, "pool", |item| &item.pool));
    facets.extend(place_facets(items, "host", |item| &item.host));
    facets.extend(tag_facets(items));
    facets
}

/// Pools or hosts, as people count, where there is more than one to choose from; at most eight.
fn place_facets(items: &[Item], key: &str, name: fn(&Item) -> &str) -> Vec<Facet> {
    const MOST: usize = 8;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for item in items {
        *counts.entry(name(item)).or_default() += 1;
    }
    // Without a pool is a choice beside one pool, but has no term.
    if counts.len() < 2 {
        return Vec::new();
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().filter(|(name, _)| !name.is_empty()).collect();
    names.sort_by(|a, b| natural(a.0, b.0));
    let facet = |(name, count): (&str, usize)| Facet {
        term: crate::filter::term(key, name),
        count,
        bad: false,
    };
    names.into_iter().take(MOST).map(facet).collect()
}

/// The tags that several VMs have, the most frequent first; at most six.
fn tag_facets(items: &[Item]) -> Vec<Facet> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let of = |item: &Item| {
        item.vm
            .tags
            .iter()
            .chain(item.vm.other_pool_tags())
            .cloned()
            .collect::<Vec<_>>()
    };
    for tag in items.iter().flat_map(of) {
        *counts.entry(tag.to_lowercase()).or_default() += 1;
    }
    let mut tags: Vec<(String, usize)> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
    tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let facet = |(tag, count): (String, usize)| Facet {
        term: crate::filter::term("tag", &tag),
        count,
        bad: false,
    };
    tags.into_iter().take(6).map(facet).collect()
}

/// Which rows of a long list exist: those in sight and some around them.
pub fn window(count: usize, row_px: f64, scrolled_px: f64, height_px: f64) -> (usize, usize) {
    const FEW: usize = 200;
    const AROUND: usize = 12;
    if count <= FEW || row_px <= 0.0 {
        return (0, count);
    }
    let first = ((scrolled_px / row_px) as usize)
        .saturating_sub(AROUND)
        .min(count);
    let shown = (height_px / row_px).ceil() as usize + 2 * AROUND;
    // Steps of four keep the rows from being looked at anew with every pixel.
    let first = first / 4 * 4;
    (first, (first + shown + 4).min(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::vm;
    use wxa_model::PowerState;

    fn item(n: u128, name: &str, cpu: Option<f32>) -> Item {
        Item {
            vm: Arc::new(vm(n, name, PowerState::Running)),
            state: "running",
            host: format!("xen-{}", n % 2),
            pool: if n == 4 { "prod".into() } else { String::new() },
            host_tags: vec![],
            site: "Vienna".into(),
            sample: VmSample {
                cpu,
                ..VmSample::default()
            },
        }
    }

    #[test]
    fn sorting_is_by_column_then_by_name() {
        let mut items = [
            item(1, "web-10", Some(0.1)),
            item(2, "web-9", None),
            item(3, "db", Some(0.9)),
            item(4, "app", None),
        ];
        let mut names = |sort: &str| -> Vec<String> {
            items.sort_by(|a, b| Sort::parse(sort).order(a, b));
            items.iter().map(|item| item.vm.name.clone()).collect()
        };
        assert_eq!(names(""), ["app", "db", "web-9", "web-10"]);
        assert_eq!(names("-name"), ["web-10", "web-9", "db", "app"]);
        assert_eq!(names("-cpu"), ["db", "web-10", "app", "web-9"]);
        assert_eq!(names("host"), ["app", "web-9", "db", "web-10"]);
    }

    #[test]
    fn the_address_knows_the_order() {
        assert_eq!(Sort::parse("-cpu").text(), "-cpu");
        assert_eq!(Sort::parse("nonsense").text(), "");
        assert_eq!(Sort::default().toggled(Column::Cpu).text(), "-cpu");
        assert_eq!(Sort::default().toggled(Column::Name).text(), "-name");
    }

    #[test]
    fn facets_count_what_is_there() {
        let facets = facets(&[item(1, "a", None), item(2, "b", None), item(4, "c", None)]);
        let shown: Vec<_> = facets
            .iter()
            .map(|facet| (facet.term.as_str(), facet.count))
            .collect();
        assert_eq!(
            shown,
            [
                ("state:running", 3),
                ("pool:prod", 1),
                ("host:xen-0", 2),
                ("host:xen-1", 1)
            ]
        );
    }

    #[test]
    fn only_rows_in_sight_exist_in_a_long_list() {
        assert_eq!(window(150, 32.0, 900.0, 600.0), (0, 150));
        assert_eq!(window(3000, 32.0, 0.0, 640.0), (0, 48));
        let (first, end) = window(3000, 32.0, 32_000.0, 640.0);
        assert!(first <= 1000 && end >= 1020 && end - first < 60, "{first}..{end}");
        assert_eq!(window(3000, 32.0, 1e9, 640.0).1, 3000);
    }
}
