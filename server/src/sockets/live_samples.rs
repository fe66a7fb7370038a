//! Which measurements a tab wishes, and the frame that answers it.
use std::collections::{BTreeMap, HashSet};
use wxa_core::{Core, Ctx, HostBatch};
use wxa_model::{UnixMillis, VmId};
use wxa_wire::{
    SampleWish,
    sample_frame::{self, SampleRow},
};

/// How many VMs a tab may wish for.
const MOST: usize = 500;
/// For how many of them at a time the last minute is sent: more than a screen shows.
const MOST_BEFORE: usize = 100;

/// What a tab shows; nothing at first.
#[derive(Debug, Default)]
pub(super) struct Wish {
    vms: Option<HashSet<VmId>>,
}

impl Wish {
    /// None when it is too much.
    pub(super) fn new(wish: SampleWish) -> Option<Self> {
        match wish {
            SampleWish::Nothing => Some(Self::default()),
            SampleWish::Vms(vms) if vms.len() <= MOST => Some(Self {
                vms: Some(vms.into_iter().collect()),
            }),
            SampleWish::Vms(_) => None,
        }
    }

    /// The last minute of those that `before` did not wish for, oldest first: their charts do not begin empty.
    pub(super) fn minute_before(&self, before: &Self, core: &Core, ctx: &Ctx) -> Vec<Vec<u8>> {
        let known = |vm: &VmId| before.vms.as_ref().is_some_and(|vms| vms.contains(vm));
        let new = self.vms.iter().flatten().filter(|vm| !known(vm));
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

    /// The binary frame for a batch (already cut down to what the caller may see); none when nothing is wished.
    pub(super) fn frame(&self, batch: &HostBatch) -> Option<Vec<u8>> {
        let vms = self.vms.as_ref()?;
        let mut rows = vec![SampleRow::Host(batch.host, batch.batch.host)];
        let wished = batch.batch.vms.iter().filter(|(vm, _)| vms.contains(vm));
        rows.extend(wished.map(|(vm, sample)| SampleRow::Vm(*vm, *sample)));
        Some(sample_frame::encode(batch.batch.at, &rows))
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
        let wish = Wish::new(SampleWish::Vms(vec![vm(2)])).expect("not too much");
        let (at, rows) = sample_frame::decode(&wish.frame(&batch).expect("a frame")).expect("decodable");
        assert_eq!(at, UnixMillis(5));
        assert!(matches!(rows.as_slice(), [SampleRow::Host(..), SampleRow::Vm(id, _)] if *id == vm(2)));
        assert!(Wish::new(SampleWish::Vms(vec![vm(1); MOST + 1])).is_none());
    }
}
