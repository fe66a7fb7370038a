//! Families of VMs: by Xen Orchestra's names (`xcp_vm_…`) where it has one for the same thing, else `xen_vm_…`.
use wxa_model::{Metric, Part};

use super::{
    family::{Family, Label, Values},
    labels::power_state,
};

pub(super) fn families() -> Vec<Family> {
    let of = |metric: Metric| {
        Values::Vms(Box::new(move |vm, _| {
            vm.sample.and_then(|sample| sample.get(metric)).map(f64::from)
        }))
    };
    let mut all = vec![
        Family::gauge(
            "xcp_vm_status",
            "",
            "1 for every VM; power_state says what it is doing.",
            Values::VmState(|vm| ("power_state", power_state(vm.power))),
        ),
        Family::gauge(
            "xcp_vm_uptime_seconds",
            "seconds",
            "Time since the VM's run began.",
            Values::Vms(Box::new(|vm, page| {
                Some(page.now.since(vm.started_at?) as f64 / 1000.0)
            })),
        ),
        Family::gauge(
            "xcp_vm_memory_bytes",
            "bytes",
            Metric::Memory.meaning(),
            of(Metric::Memory),
        ),
        Family::gauge(
            "xcp_vm_cpu_usage",
            "",
            "Share of all its virtual CPUs that a VM uses, 0 to 1.",
            Values::Vms(Box::new(|vm, _| {
                let used = vm.sample?.cpu?;
                (vm.vcpus > 0).then(|| f64::from(used) / f64::from(vm.vcpus))
            })),
        ),
        Family::gauge(
            "xcp_vm_cpu_core_usage",
            "",
            "Share of one virtual CPU that is used, 0 to 1.",
            Values::VmParts(core, Metric::Cpu),
        ),
    ];
    let by_disk = [
        ("xcp_vm_disk_throughput_read_bytes", "bytes", Metric::DiskRead),
        ("xcp_vm_disk_throughput_write_bytes", "bytes", Metric::DiskWrite),
        ("xcp_vm_disk_iops_read", "", Metric::DiskReadOps),
        ("xcp_vm_disk_iops_write", "", Metric::DiskWriteOps),
        ("xcp_vm_disk_latency_seconds", "seconds", Metric::DiskLatency),
    ];
    all.extend(by_disk.map(|(name, unit, metric)| {
        Family::gauge(name, unit, metric.meaning(), Values::VmParts(disk, metric))
    }));
    let by_interface = |name, metric: Metric| {
        Family::gauge(
            name,
            "bytes_per_second",
            metric.meaning(),
            Values::VmParts(interface, metric),
        )
    };
    all.push(by_interface(
        "xen_vm_interface_receive_bytes_per_second",
        Metric::NetRx,
    ));
    all.push(by_interface(
        "xen_vm_interface_transmit_bytes_per_second",
        Metric::NetTx,
    ));
    // The memory has its name above, and a control domain's load is its host's.
    let whole = Metric::ALL
        .into_iter()
        .filter(|metric| !matches!(metric, Metric::Memory | Metric::Load));
    all.extend(whole.map(|metric| Family::of("vm", metric, of(metric))));
    all
}

fn core(part: &Part) -> Option<Label> {
    match part {
        Part::Cpu(number) => Some(("core", number.to_string())),
        Part::Disk(_) | Part::Nic(_) | Part::Storage(_) => None,
    }
}

fn disk(part: &Part) -> Option<Label> {
    match part {
        Part::Disk(name) => Some(("device", name.clone())),
        Part::Cpu(_) | Part::Nic(_) | Part::Storage(_) => None,
    }
}

fn interface(part: &Part) -> Option<Label> {
    match part {
        Part::Nic(name) => Some(("vif", name.clone())),
        Part::Cpu(_) | Part::Disk(_) | Part::Storage(_) => None,
    }
}
