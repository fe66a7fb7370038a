//! Whose VMs a connection may tell measurements of: those that are at home there, as the inventory says. A host that names a VM of
//! another one would write its charts and what it used.
use crate::inventory::Published;
use wxa_model::{HostId, SampleBatch, VmId};

/// Leaves out of a batch what is about VMs that are not at home on the connection to `through`.
pub(crate) fn only_own(batch: &mut SampleBatch, through: HostId, published: &Published) {
    let is_own = |vm: VmId| {
        published
            .vm(vm)
            .is_some_and(|(_, place)| place.reached_through() == Some(through))
    };
    batch.vms.retain(|(vm, _)| is_own(*vm));
    batch.parts.retain(|part| part.vm.is_none_or(is_own));
}

#[cfg(test)]
mod tests {
    use crate::test_driver::{Bench, Script, batch, record, soon, until, vm, vm_id};
    use uuid::Uuid;
    use wxa_driver::DriverEvent;
    use wxa_model::{HostId, Metric, Part, PartSample, PowerState};

    #[tokio::test(start_paused = true)]
    async fn a_host_cannot_tell_measurements_of_another_hosts_vm() {
        let mut bench = Bench::start().await;
        let live = &bench.live;
        bench.script.listed(vec![vm(1, PowerState::Running)]).await;
        let other = HostId(Uuid::from_u128(77));
        let mut liar = Script::new();
        let mut second = record(other);
        second.name = "xen-2".into();
        live.hosts.attach(second, liar.driver.clone()).await;
        let mut own = vm(2, PowerState::Running);
        own.host = other;
        let watching = liar.listed(vec![own]).await;
        until(&live.inventory, |now| {
            now.vm(vm_id(1)).is_some() && now.vm(vm_id(2)).is_some()
        })
        .await;

        let mut told = batch(other, 5000, &[vm_id(1), vm_id(2), vm_id(3)]).batch;
        let part = |vm| PartSample {
            vm,
            part: Part::Cpu(0),
            values: vec![(Metric::Cpu, 0.5)],
        };
        told.parts = vec![part(None), part(Some(vm_id(1))), part(Some(vm_id(2)))];
        let mut stream = live.samples.inner_stream();
        watching.say(DriverEvent::Samples(told)).await;
        let kept = soon(stream.recv()).await.unwrap();
        let vms: Vec<_> = kept.batch.vms.iter().map(|(vm, _)| *vm).collect();
        assert_eq!(vms, [vm_id(2)], "neither another's nor an unknown one");
        let latest = live.samples.latest();
        let latest = latest.iter().find(|told| told.host == other).unwrap();
        assert_eq!(latest.batch.parts, [part(None), part(Some(vm_id(2)))]);
        assert!(live.samples.vm_spans(None, vm_id(1)).is_empty());
        bench.stop().await;
    }
}
