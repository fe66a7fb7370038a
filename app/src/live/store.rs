//! The tables as signals: one per VM, one per list of the others, one version for all measurements.
use super::{
    rings::Rings,
    tables::{Applied, Tables, Touched},
};
use leptos::prelude::*;
use std::{collections::BTreeMap, sync::Arc};
use wxa_model::{
    Host, HostId, HostSample, PoolTask, PowerState, Site, SiteId, Task, Vm, VmId, VmRole, VmSample,
};
use wxa_wire::{InventoryView, LiveFrame};

/// How the live socket stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// The first paint: the socket is not open yet.
    #[default]
    Opening,
    /// Frames arrive.
    Live,
    /// Lost; tried again by itself.
    Lost,
}

/// Signal of one VM; none once it is gone.
type VmSignal = ArcRwSignal<Option<Arc<Vm>>>;

/// What pages read.
#[derive(Clone, Copy)]
pub struct Live {
    data: StoredValue<Data>,
    /// Sites by name.
    pub sites: RwSignal<Vec<Arc<Site>>>,
    /// Hosts by name.
    pub hosts: RwSignal<Vec<Arc<Host>>>,
    /// Tasks, newest first.
    pub tasks: RwSignal<Vec<Arc<Task>>>,
    /// What others do on pools, newest first.
    pub pool_tasks: RwSignal<Vec<Arc<PoolTask>>>,
    /// Counts up when any VM changed; the lists read it, single rows read [`Live::vm`].
    pub vms_version: RwSignal<u64>,
    /// Counts up with every frame of measurements.
    pub samples_version: RwSignal<u64>,
    /// The socket.
    pub link: RwSignal<Link>,
    /// The server runs another build than the page.
    pub other_build: RwSignal<bool>,
    /// The VMs whose measurements the page shows, where there are too many for all.
    pub wish: RwSignal<Vec<VmId>>,
}

#[derive(Default)]
struct Data {
    tables: Tables,
    signals: BTreeMap<VmId, VmSignal>,
    rings: Rings,
}

impl Live {
    /// From the first paint's data.
    pub fn new(inventory: Option<InventoryView>, samples: &[u8]) -> Self {
        let live = Self {
            data: StoredValue::new(Data::default()),
            sites: RwSignal::default(),
            hosts: RwSignal::default(),
            tasks: RwSignal::default(),
            pool_tasks: RwSignal::default(),
            vms_version: RwSignal::default(),
            samples_version: RwSignal::default(),
            link: RwSignal::default(),
            other_build: RwSignal::new(false),
            wish: RwSignal::default(),
        };
        if let Some(view) = inventory {
            let touched = live.with_data(|data| data.tables.replace(view.epoch, view.revision, view.objects));
            live.announce(touched);
        }
        live.with_data(|data| data.rings.take(samples));
        live
    }

    fn with_data<T>(&self, f: impl FnOnce(&mut Data) -> T) -> T
    where
        T: Default,
    {
        self.data.try_update_value(f).unwrap_or_default()
    }

    /// Takes in a frame; false when everything must be asked for anew.
    pub fn apply(&self, frame: LiveFrame) -> bool {
        match self.with_data(|data| Some(data.tables.apply(frame))) {
            Some(Applied::Changed(touched)) => self.announce(touched),
            Some(Applied::Nothing) => {}
            Some(Applied::Lost) | None => return false,
        }
        true
    }

    /// Takes in a frame of measurements.
    pub fn apply_samples(&self, frame: &[u8]) {
        if self.with_data(|data| data.rings.take(frame)) {
            self.samples_version.update(|n| *n += 1);
        }
    }

    /// Epoch and revision of what we have, to go on from.
    pub fn cursor(&self) -> (u64, u64) {
        self.with_data(|data| (data.tables.epoch, data.tables.revision))
    }

    /// Forgets where we are, so that the next hello brings everything.
    pub fn lose_cursor(&self) {
        self.with_data(|data| {
            data.tables.epoch = 0;
            data.tables.revision = 0;
        });
    }

    fn announce(&self, touched: Touched) {
        // Values first, signals after: what runs because of a signal sees the whole change.
        let changed = self.with_data(|data| {
            for id in &touched.stopped {
                data.rings.forget(*id);
            }
            touched
                .vms
                .iter()
                .filter_map(|id| Some((data.signals.get(id)?.clone(), data.tables.vms.get(id).cloned())))
                .collect::<Vec<_>>()
        });
        if touched.sites {
            let mut sites: Vec<_> = self.with_data(|data| data.tables.sites.values().cloned().collect());
            sites.sort_by(|a, b| a.name.cmp(&b.name));
            self.sites.set(sites);
        }
        if touched.hosts {
            let mut hosts: Vec<_> = self.with_data(|data| data.tables.hosts.values().cloned().collect());
            hosts.sort_by(|a, b| natural(&a.name, &b.name));
            self.hosts.set(hosts);
        }
        if touched.tasks {
            let mut tasks: Vec<_> = self.with_data(|data| data.tables.tasks.values().cloned().collect());
            tasks.sort_by_key(|task| std::cmp::Reverse((task.is_running(), task.started_at)));
            self.tasks.set(tasks);
        }
        if touched.pool_tasks {
            let mut tasks: Vec<_> = self.with_data(|data| data.tables.pool_tasks.values().cloned().collect());
            tasks.sort_by_key(|task| std::cmp::Reverse((task.is_running(), task.started_at)));
            self.pool_tasks.set(tasks);
        }
        for (signal, vm) in changed {
            signal.set(vm);
        }
        if !touched.vms.is_empty() {
            self.vms_version.update(|n| *n += 1);
        }
    }

    /// The signal of a VM, for as long as the caller's owner lives.
    pub fn vm(&self, id: VmId) -> RwSignal<Option<Arc<Vm>>> {
        self.shared_vm(id).into()
    }

    fn shared_vm(&self, id: VmId) -> VmSignal {
        self.with_data(|data| {
            let now = data.tables.vms.get(&id).cloned();
            Some(
                data.signals
                    .entry(id)
                    .or_insert_with(|| ArcRwSignal::new(now))
                    .clone(),
            )
        })
        .unwrap_or_else(|| ArcRwSignal::new(None))
    }

    /// All guests, as they are now; control domains are left out. Tracks [`Live::vms_version`].
    pub fn guests(&self) -> Vec<Arc<Vm>> {
        self.vms_version.track();
        self.with_data(|data| {
            let guests = data.tables.vms.values().filter(|vm| vm.role == VmRole::Guest);
            guests.cloned().collect()
        })
    }

    /// How many guests on any of `places` run, and how many there are. Tracks [`Live::vms_version`].
    pub fn count_at(&self, places: &[HostId]) -> (usize, usize) {
        self.vms_version.track();
        self.with_data(|data| {
            let guests = data.tables.vms.values().filter(|vm| vm.role == VmRole::Guest);
            guests
                .filter(|vm| places.contains(&vm.host))
                .fold((0, 0), |(running, all), vm| {
                    (running + usize::from(vm.power == PowerState::Running), all + 1)
                })
        })
    }

    /// Those of `ids` that are still there, in the same order. Tracks [`Live::vms_version`].
    pub fn these(&self, ids: &[VmId]) -> Vec<Arc<Vm>> {
        self.vms_version.track();
        self.with_data(|data| {
            ids.iter()
                .filter_map(|id| data.tables.vms.get(id).cloned())
                .collect()
        })
    }

    /// The control domain of a host. Tracks [`Live::vms_version`].
    pub fn control_domain(&self, host: HostId) -> Option<Arc<Vm>> {
        self.vms_version.track();
        self.with_data(|data| {
            let mut all = data.tables.vms.values();
            all.find(|vm| vm.host == host && vm.role == VmRole::ControlDomain)
                .cloned()
        })
    }

    /// A host. Tracks [`Live::hosts`].
    pub fn host(&self, id: HostId) -> Option<Arc<Host>> {
        self.hosts
            .with(|hosts| hosts.iter().find(|host| host.id == id).cloned())
    }

    /// A site. Tracks [`Live::sites`].
    pub fn site(&self, id: SiteId) -> Option<Arc<Site>> {
        self.sites
            .with(|sites| sites.iter().find(|site| site.id == id).cloned())
    }

    /// The act under way on a VM. Tracks [`Live::tasks`].
    pub fn pending(&self, id: VmId) -> Option<Arc<Task>> {
        self.tasks.with(|tasks| {
            tasks
                .iter()
                .find(|task| task.vm == id && task.is_running())
                .cloned()
        })
    }

    /// What others do to a VM just now. Tracks [`Live::pool_tasks`].
    pub fn worked_on(&self, id: VmId) -> Option<Arc<PoolTask>> {
        self.pool_tasks.with(|tasks| {
            let mut running = tasks.iter().filter(|task| task.is_running());
            running.find(|task| task.vm == Some(id)).cloned()
        })
    }

    /// The latest measurement of a VM. Tracks [`Live::samples_version`].
    pub fn sample(&self, id: VmId) -> VmSample {
        self.samples_version.track();
        self.with_data(|data| data.rings.vm(id)).unwrap_or_default()
    }

    /// The latest measurement of a host. Tracks [`Live::samples_version`].
    pub fn host_sample(&self, id: HostId) -> HostSample {
        self.samples_version.track();
        self.with_data(|data| data.rings.host(id)).unwrap_or_default()
    }

    /// The last minute of one value of a VM. Tracks [`Live::samples_version`].
    pub fn series(&self, id: VmId, value: fn(&VmSample) -> Option<f32>) -> Vec<f32> {
        self.samples_version.track();
        self.with_data(|data| data.rings.series(id, value))
    }

    /// The last minute of one value of a host. Tracks [`Live::samples_version`].
    pub fn host_series(&self, id: HostId, value: fn(&HostSample) -> Option<f32>) -> Vec<f32> {
        self.samples_version.track();
        self.with_data(|data| data.rings.host_series(id, value))
    }
}

/// Orders names as people do: `xen-2` before `xen-10`, whatever the case.
pub fn natural(a: &str, b: &str) -> std::cmp::Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        match (a.chars().next(), b.chars().next()) {
            (None, None) => return std::cmp::Ordering::Equal,
            (None, _) => return std::cmp::Ordering::Less,
            (_, None) => return std::cmp::Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (number_a, rest_a) = digits(a);
                let (number_b, rest_b) = digits(b);
                match number_a.cmp(&number_b) {
                    std::cmp::Ordering::Equal => (a, b) = (rest_a, rest_b),
                    order => return order,
                }
            }
            (Some(x), Some(y)) => match x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase()) {
                std::cmp::Ordering::Equal => {
                    a = a.get(x.len_utf8()..).unwrap_or_default();
                    b = b.get(y.len_utf8()..).unwrap_or_default();
                }
                order => return order,
            },
        }
    }
}

fn digits(text: &str) -> (u64, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    (number.parse().unwrap_or(u64::MAX), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{boot, vm};
    use wxa_model::{Change, Object};

    #[test]
    fn one_delta_changes_one_signal() {
        let owner = Owner::new();
        owner.with(|| {
            let boot = boot();
            let live = Live::new(boot.inventory, &boot.samples);
            let one = live.guests().first().map(|vm| vm.id);
            let id = one.unwrap_or(vm(10, "x", PowerState::Running).id);
            let signal = live.vm(id);
            let before = live.vms_version.get_untracked();
            let mut changed = vm(10, "renamed", PowerState::Paused);
            changed.id = id;
            assert!(live.apply(LiveFrame::Delta {
                from: 1,
                to: 2,
                changes: vec![Change::Put {
                    object: Object::Vm(changed)
                }],
            }));
            assert_eq!(
                signal.get_untracked().map(|vm| vm.name.clone()),
                Some("renamed".into())
            );
            assert_eq!(live.vms_version.get_untracked(), before + 1);
            assert_eq!(live.cursor(), (1, 2));
            assert!(!live.apply(LiveFrame::Delta {
                from: 9,
                to: 10,
                changes: vec![]
            }));
            assert!(live.guests().iter().all(|vm| vm.name != "Domain-0"));
        });
    }

    #[test]
    fn names_sort_as_people_count() {
        let mut names = vec!["xen-10", "Xen-2", "xen-2a", "db", "xen"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["db", "xen", "Xen-2", "xen-2a", "xen-10"]);
    }
}
