//! The tables as signals: one per VM, one per list of the others, one version for all measurements.
mod details;
mod lists;

use super::{
    outline::Outline,
    rings::Rings,
    tables::{Applied, Count, Guests, Tables, Touched},
};
use crate::sorted;
use leptos::prelude::*;
use lists::Lists;
use std::{collections::BTreeMap, sync::Arc};
pub use wxa_model::order::natural;
use wxa_model::{Host, HostId, HostSample, PoolTask, Site, SiteId, Task, Vm, VmId, VmRole, VmSample};
use wxa_wire::{
    InventoryView, LiveFrame, Measure,
    index_frame::{self, IndexFrame},
};

/// The most VMs a wish may name, or a watch.
pub const MOST_WISHED: usize = 500;

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
    /// The hosts whose measurements the page shows as they are made; those of others come every few seconds.
    pub wish_hosts: RwSignal<Vec<HostId>>,
    /// The measurement that the page's list is in the order of.
    pub rank: RwSignal<Option<Measure>>,
    /// Counts up when the numbers of all VMs came, by which such a list is in order.
    pub ranks_version: RwSignal<u64>,
    /// Whether all VMs are known, in brief at least: a page of a large installation comes with those in sight only, and with
    /// counts of the others ([`Outline`]).
    pub whole: RwSignal<bool>,
    /// How often the page shows each VM with its details.
    pub(super) watching: RwSignal<BTreeMap<VmId, usize>>,
    /// Counts up when lists were made anew and are to rest for a moment; see [`Live::rested`].
    pub(super) rests: RwSignal<u64>,
}

#[derive(Default)]
struct Data {
    tables: Tables,
    signals: BTreeMap<VmId, VmSignal>,
    rings: Rings,
    outline: Outline,
    lists: Lists,
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
            wish_hosts: RwSignal::default(),
            rank: RwSignal::default(),
            ranks_version: RwSignal::default(),
            whole: RwSignal::new(true),
            watching: RwSignal::default(),
            rests: RwSignal::default(),
        };
        if let Some(view) = inventory {
            let touched = live.with_data(|data| data.tables.replace(view.epoch, view.revision, view.objects));
            live.announce(touched);
        }
        live.with_data(|data| data.rings.take(samples));
        live
    }

    /// The same with VMs in brief, all of them, or with an outline those in sight.
    pub fn with_index(self, index: &[u8], outline: Option<Outline>) -> Self {
        let Some(frame) = index_frame::decode(index) else {
            return self;
        };
        let touched = self.with_data(|data| {
            let touched = data.tables.add_briefs(frame.vms);
            if let Some(outline) = &outline {
                data.tables.guests.are_counted(outline.counts());
                data.outline = outline.clone();
            }
            touched
        });
        self.whole.set(outline.is_none());
        self.announce(touched);
        self
    }

    /// What is said about VMs that are not known yet; meant for while [`Live::whole`] is not.
    pub fn outline(&self) -> Outline {
        self.with_data(|data| data.outline.clone())
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

    /// Takes in a frame of the index; false when everything must be asked for anew.
    pub fn apply_index(&self, frame: IndexFrame) -> bool {
        let is_whole = frame.head.from.is_none();
        match self.with_data(|data| Some(data.tables.apply_index(frame))) {
            Some(Applied::Changed(touched)) => {
                self.announce(touched);
                if is_whole && !self.whole.get_untracked() {
                    self.whole.set(true);
                    self.vms_version.update(|n| *n += 1);
                }
                true
            }
            Some(Applied::Nothing) => true,
            Some(Applied::Lost) | None => false,
        }
    }

    /// Takes in a frame of measurements, for [`Live::show_samples`]; false when it is none.
    pub fn take_samples(&self, frame: &[u8]) -> bool {
        self.with_data(|data| data.rings.take(frame))
    }

    /// Shows the measurements that [`Live::take_samples`] took in.
    pub fn show_samples(&self) {
        self.samples_version.update(|n| *n += 1);
    }

    /// Takes in the numbers of all VMs by which a list is in order.
    pub fn apply_ranks(&self, frame: &[u8]) {
        if self.with_data(|data| data.rings.take_ranks(frame)) {
            self.ranks_version.update(|n| *n += 1);
        }
    }

    /// Whether there are so many VMs that measurements come of those in sight only. Tracks [`Live::vms_version`].
    pub fn is_large(&self) -> bool {
        self.guest_count() > MOST_WISHED
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
            sorted::sort_by(&mut sites, |a, b| a.name.cmp(&b.name));
            self.sites.set(sites);
        }
        if touched.hosts {
            let mut hosts: Vec<_> = self.with_data(|data| data.tables.hosts.values().cloned().collect());
            sorted::sort_by(&mut hosts, |a, b| natural(&a.name, &b.name));
            self.hosts.set(hosts);
        }
        if touched.tasks {
            let mut tasks: Vec<_> = self.with_data(|data| data.tables.tasks.values().cloned().collect());
            sorted::sort_by(&mut tasks, |a, b| {
                (b.is_running(), b.started_at).cmp(&(a.is_running(), a.started_at))
            });
            self.tasks.set(tasks);
        }
        if touched.pool_tasks {
            let mut tasks: Vec<_> = self.with_data(|data| data.tables.pool_tasks.values().cloned().collect());
            sorted::sort_by(&mut tasks, |a, b| {
                (b.is_running(), b.started_at).cmp(&(a.is_running(), a.started_at))
            });
            self.pool_tasks.set(tasks);
        }
        for (signal, vm) in changed {
            signal.set(vm);
        }
        if touched.lists {
            self.lists_touched();
        }
    }

    /// The signal of a VM, for as long as the caller's owner lives.
    pub fn vm(&self, id: VmId) -> RwSignal<Option<Arc<Vm>>> {
        self.shared_vm(id).into()
    }

    /// A VM as it is now; none once it is gone. Tracks it.
    pub fn vm_now(&self, id: VmId) -> Option<Arc<Vm>> {
        self.shared_vm(id).get()
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

    /// All guests by name, as they are now; control domains are left out. Tracks [`Live::vms_version`].
    pub fn guests(&self) -> Vec<Arc<Vm>> {
        self.with_guests(|guests, _| guests.by_name().to_vec())
            .unwrap_or_default()
    }

    /// The same without a copy of the list, with the latest measurements. `f` must not ask [`Live`] for anything.
    pub fn with_guests<T>(&self, f: impl FnOnce(&Guests, &Rings) -> T) -> Option<T> {
        self.vms_version.track();
        self.with_data(|data| Some(f(&data.tables.guests, &data.rings)))
    }

    /// How many guests are on each host. Tracks [`Live::vms_version`].
    pub fn counts(&self) -> BTreeMap<HostId, Count> {
        self.vms_version.track();
        self.with_data(|data| data.tables.guests.counts().clone())
    }

    /// How many guests there are. Tracks [`Live::vms_version`].
    pub fn guest_count(&self) -> usize {
        self.vms_version.track();
        self.with_data(|data| data.tables.guests.counts().values().map(|count| count.all).sum())
    }

    /// How many guests on any of `places` run, and how many there are. Tracks [`Live::vms_version`].
    pub fn count_at(&self, places: &[HostId]) -> (usize, usize) {
        self.vms_version.track();
        self.with_data(|data| {
            let counts = data.tables.guests.counts();
            let mut sum = Count::default();
            for count in places.iter().filter_map(|place| counts.get(place)) {
                sum.add(*count);
            }
            (sum.running, sum.all)
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
        self.hosts.track();
        self.with_data(|data| data.tables.hosts.get(&id).cloned())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{boot, vm};
    use wxa_model::{Change, Object, PowerState};

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
}
