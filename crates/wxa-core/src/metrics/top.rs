//! Which VMs use most now, by the latest measurement of each host.
use crate::{Core, Ctx, inventory::Published};
use wxa_model::{HostId, Key, TopBy, UnixMillis, Vm, VmId, VmRole, VmSample, top::top};

/// Top lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Top {
    /// End of the newest interval that is in it; 0 when nothing is measured.
    pub at: UnixMillis,
    /// One for each of what was asked for, in that order; largest first.
    pub lists: Vec<(TopBy, Vec<TopVm>)>,
}

/// A VM in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct TopVm {
    /// Which.
    pub vm: VmId,
    /// Its name.
    pub name: String,
    /// Where it runs.
    pub host: HostId,
    /// How much, in the unit of what is ranked by.
    pub value: f32,
    /// The most it can be, where that is known.
    pub most: Option<f32>,
}

impl Core {
    /// The `most` VMs that use most, for each of `by`, among those that the caller may see. Control domains are no VMs of
    /// anybody's and left out.
    pub fn metrics_top(&self, ctx: &Ctx, by: &[TopBy], most: usize) -> Top {
        let published = self.live().inventory.now();
        let batches = self.samples_latest(ctx);
        let at = batches.iter().map(|batch| batch.batch.at).max();
        let samples: Vec<(&Vm, VmSample)> = batches
            .iter()
            .flat_map(|batch| {
                batch
                    .batch
                    .vms
                    .iter()
                    .map(move |(vm, sample)| (batch.host, *vm, *sample))
            })
            .filter_map(|(host, vm, sample)| Some((guest(&published, ctx, host, vm)?, sample)))
            .collect();
        let list = |by: TopBy| {
            let ranked = top(samples.iter().map(|(vm, sample)| (*vm, by.of(sample))), most);
            (
                by,
                ranked.into_iter().map(|(vm, value)| row(vm, by, value)).collect(),
            )
        };
        Top {
            at: at.unwrap_or_default(),
            lists: by.iter().copied().map(list).collect(),
        }
    }
}

/// The guest that a row is about; none for what the caller may not see, or has left that host meanwhile.
fn guest<'a>(published: &'a Published, ctx: &Ctx, host: HostId, vm: VmId) -> Option<&'a Vm> {
    let (found, _) = published.vm(vm)?;
    let fits = found.host == host && found.role == VmRole::Guest;
    (fits && published.sees(&ctx.grants, Key::Vm(vm))).then_some(found)
}

fn row(vm: &Vm, by: TopBy, value: f32) -> TopVm {
    TopVm {
        vm: vm.id,
        name: vm.name.clone(),
        host: vm.host,
        value,
        most: match by {
            TopBy::Cpu => Some(vm.vcpus as f32),
            TopBy::Memory => Some(vm.memory_max.max(vm.memory).0 as f32),
            TopBy::Disk | TopBy::DiskOps | TopBy::DiskLatency | TopBy::Network => None,
        },
    }
}
