//! Which measurements a tab wishes, and the frames that answer it.
use std::collections::{BTreeMap, HashMap, HashSet};
use wxa_core::{Core, Ctx, HostBatch};
use wxa_model::{HostId, HostSample, UnixMillis, VmId, VmSample};
use wxa_wire::{
    Measure, SampleWish, rank_frame,
    sample_frame::{self, SampleRow},
};

/// How many VMs or hosts a tab may wish for.
const MOST: usize = 500;
/// For how many of them at a time the last minute is sent: more than a screen shows.
const MOST_BEFORE: usize = 100;
/// Of more VMs than these each is sent every other second at most, where the tab takes that.
const FEW: usize = 20;
/// Every other second, in milliseconds, with some room for a host that measures every second.
const SPARED: u64 = 1_500;
/// Between two frames of hosts that are not shown, in ticks of the socket.
const HOSTS_EVERY: u32 = 2;

/// What a tab shows; nothing at first.
#[derive(Debug, Default)]
pub(super) struct Wish {
    vms: Option<HashSet<VmId>>,
    /// These hosts, where not all are wished as they are measured.
    hosts: Option<HashSet<HostId>>,
    rank: Option<Measure>,
    /// When something of each host was sent, where that is spared.
    sent: HashMap<HostId, UnixMillis>,
    /// What hosts used that are not shown.
    aside: BTreeMap<HostId, (UnixMillis, HostSample)>,
    ticks: u32,
}

impl Wish {
    /// None when it is too much.
    pub(super) fn new(wish: SampleWish) -> Option<Self> {
        let (vms, hosts, rank) = match wish {
            SampleWish::Nothing => return Some(Self::default()),
            SampleWish::Vms(vms) => (vms, None, None),
            SampleWish::Shown { vms, hosts, rank } => (vms, Some(hosts), rank),
        };
        if vms.len() > MOST || hosts.as_ref().is_some_and(|hosts| hosts.len() > MOST) {
            return None;
        }
        Some(Self {
            vms: Some(vms.into_iter().collect()),
            hosts: hosts.map(|hosts| hosts.into_iter().collect()),
            rank,
            ..Self::default()
        })
    }

    /// Whether a VM is among what is wished.
    pub(super) fn wants(&self, vm: VmId) -> bool {
        self.vms.as_ref().is_some_and(|vms| vms.contains(&vm))
    }

    /// What was put aside for the wish before is sent with this one.
    pub(super) fn after(mut self, before: Self) -> Self {
        self.aside = before.aside;
        self.ticks = before.ticks;
        self
    }

    /// The last minute of those that `before` did not wish for, oldest first: their charts do not begin empty.
    pub(super) fn minute_before(&self, before: &Self, core: &Core, ctx: &Ctx) -> Vec<Vec<u8>> {
        let new = self.vms.iter().flatten().filter(|vm| !before.wants(**vm));
        let mut moments: BTreeMap<UnixMillis, Vec<SampleRow>> = BTreeMap::new();
        for vm in new.take(MOST_BEFORE) {
            // A VM that is not to be seen, or gone, has no last minute.
            for (at, sample) in core.samples_recent(ctx, *vm).unwrap_or_default() {
                moments.entry(at).or_default().push(SampleRow::Vm(*vm, sample));
            }
        }
        moments
            .iter()
            .map(|(at, rows)| sample_frame::encode(*at, rows))
            .collect()
    }

    /// The binary frame for a batch (already cut down to what the caller may see); none when nothing in it is wished now.
    pub(super) fn frame(&mut self, batch: &HostBatch) -> Option<Vec<u8>> {
        self.vms.as_ref()?;
        let at = batch.batch.at;
        let mut rows = Vec::new();
        if self
            .hosts
            .as_ref()
            .is_none_or(|hosts| hosts.contains(&batch.host))
        {
            rows.push(SampleRow::Host(batch.host, batch.batch.host));
        } else {
            self.aside.insert(batch.host, (at, batch.batch.host));
        }
        if !self.is_spared(batch.host, at) {
            let wished = batch.batch.vms.iter().filter(|(vm, _)| self.wants(*vm));
            let before = rows.len();
            rows.extend(wished.map(|(vm, sample)| SampleRow::Vm(*vm, *sample)));
            if rows.len() > before {
                self.sent.insert(batch.host, at);
            }
        }
        (!rows.is_empty()).then(|| sample_frame::encode(at, &rows))
    }

    fn is_spared(&self, host: HostId, at: UnixMillis) -> bool {
        let many = self.vms.as_ref().is_some_and(|vms| vms.len() > FEW);
        let just_sent = self.sent.get(&host).is_some_and(|sent| at.since(*sent) < SPARED);
        self.hosts.is_some() && many && just_sent
    }

    /// With each tick: the hosts that were put aside, every second time, and the numbers by which a list is in order.
    pub(super) fn tick(&mut self, core: &Core, ctx: &Ctx) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(HOSTS_EVERY) && !self.aside.is_empty() {
            let aside = std::mem::take(&mut self.aside);
            let at = aside.values().map(|(at, _)| *at).max().unwrap_or_default();
            let row = |(host, (_, sample)): (HostId, (UnixMillis, HostSample))| SampleRow::Host(host, sample);
            frames.push(sample_frame::encode(
                at,
                &aside.into_iter().map(row).collect::<Vec<_>>(),
            ));
        }
        frames.extend(self.ranks(core, ctx));
        frames
    }

    /// One number of every VM, where a list is in the order of one.
    pub(super) fn ranks(&self, core: &Core, ctx: &Ctx) -> Option<Vec<u8>> {
        let measure = self.rank?;
        let latest = core.samples_latest(ctx);
        let all = latest.iter().flat_map(|batch| &batch.batch.vms);
        let values = all.filter_map(|(vm, sample)| Some((*vm, value(measure, sample)?)));
        Some(rank_frame::encode(measure, values))
    }
}

fn value(measure: Measure, sample: &VmSample) -> Option<f32> {
    let sum = |a: Option<f32>, b: Option<f32>| match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (one, other) => one.or(other),
    };
    match measure {
        Measure::Cpu => sample.cpu,
        Measure::Disk => sum(sample.disk_read, sample.disk_write),
        Measure::Net => sum(sample.net_rx, sample.net_tx),
    }
}

/// The frame with everything in `batches` of hosts and of those VMs that `which` picks, for a first paint.
pub(crate) fn samples_of(batches: &[std::sync::Arc<HostBatch>], which: impl Fn(VmId) -> bool) -> Vec<u8> {
    let at = batches
        .iter()
        .map(|batch| batch.batch.at)
        .max()
        .unwrap_or_default();
    let rows: Vec<SampleRow> = batches
        .iter()
        .flat_map(|batch| {
            let vms = batch
                .batch
                .vms
                .iter()
                .filter(|(vm, _)| which(*vm))
                .map(|(vm, sample)| SampleRow::Vm(*vm, *sample));
            std::iter::once(SampleRow::Host(batch.host, batch.batch.host)).chain(vms)
        })
        .collect();
    sample_frame::encode(at, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wxa_model::{HostId, SampleBatch, UnixMillis, VmSample};

    #[test]
    fn only_what_is_wished_is_sent_and_hosts_always() {
        let vm = |n| VmId(Uuid::from_u128(n));
        let batch = HostBatch {
            host: HostId(Uuid::from_u128(9)),
            batch: SampleBatch {
                at: UnixMillis(5),
                vms: vec![(vm(1), VmSample::default()), (vm(2), VmSample::default())],
                ..SampleBatch::default()
            },
        };
        assert_eq!(Wish::default().frame(&batch), None);
        let mut wish = Wish::new(SampleWish::Vms(vec![vm(2)])).expect("not too much");
        let (at, rows) = sample_frame::decode(&wish.frame(&batch).expect("a frame")).expect("decodable");
        assert_eq!(at, UnixMillis(5));
        assert!(matches!(rows.as_slice(), [SampleRow::Host(..), SampleRow::Vm(id, _)] if *id == vm(2)));
        assert!(Wish::new(SampleWish::Vms(vec![vm(1); MOST + 1])).is_none());
    }

    #[test]
    fn of_many_vms_each_comes_every_other_second_and_hosts_that_are_not_shown_later() {
        let vm = |n| VmId(Uuid::from_u128(n));
        let batch = |at| HostBatch {
            host: HostId(Uuid::from_u128(9)),
            batch: SampleBatch {
                at: UnixMillis(at),
                vms: vec![(vm(1), VmSample::default())],
                ..SampleBatch::default()
            },
        };
        let wish = |vms: u128, hosts| SampleWish::Shown {
            vms: (0..vms).map(vm).collect(),
            hosts,
            rank: None,
        };
        let rows = |wish: &mut Wish| -> Vec<usize> {
            let frame = |at| {
                wish.frame(&batch(at)).map_or(0, |frame| {
                    sample_frame::decode(&frame).map_or(0, |(_, rows)| rows.len())
                })
            };
            [1000, 2000, 3000, 4000].map(frame).to_vec()
        };
        let mut list = Wish::new(wish(60, vec![])).expect("not too much");
        assert_eq!(rows(&mut list), [1, 0, 1, 0]);
        assert_eq!(list.aside.len(), 1, "its host is told later");
        let mut page = Wish::new(wish(2, vec![HostId(Uuid::from_u128(9))])).expect("not too much");
        assert_eq!(rows(&mut page), [2, 2, 2, 2]);
    }
}
