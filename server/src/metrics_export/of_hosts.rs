//! Families of hosts: by Xen Orchestra's names (`xcp_host_…`) where it has one for the same thing, else `xen_host_…`.
//!
//! Where its name says another thing than its value is (rates as counters, `…_bytes_total`), ours is taken: decision 0035.
use wxa_core::MeasuredHost;
use wxa_model::{Metric, Part};

use super::family::{Family, Label, Values};

pub(super) fn families() -> Vec<Family> {
    let of = |metric: Metric| {
        Values::Hosts(Box::new(move |host, _| {
            host.sample.and_then(|sample| sample.get(metric)).map(f64::from)
        }))
    };
    let mut all = vec![
        Family::gauge(
            "xcp_host_status",
            "",
            "1 for every host; power_state says whether it is heard.",
            Values::HostState(|host| ("power_state", if host.is_up { "Running" } else { "Unknown" })),
        ),
        Family::gauge(
            "xcp_host_uptime_seconds",
            "seconds",
            "Time since the host booted.",
            Values::Hosts(Box::new(|host, page| {
                let booted = host.booted_at.filter(|_| host.is_up)?;
                Some(page.now.since(booted) as f64 / 1000.0)
            })),
        ),
        Family::gauge(
            "xcp_host_load_average",
            "",
            Metric::Load.meaning(),
            of(Metric::Load),
        ),
        Family::gauge(
            "xcp_host_cpu_average",
            "",
            "Share of all CPUs that is used, 0 to 1.",
            Values::Hosts(Box::new(cpu_share)),
        ),
        Family::gauge(
            "xcp_host_cpu_core_usage",
            "",
            "Share of one CPU that is used, 0 to 1.",
            Values::HostParts(core, Metric::Cpu),
        ),
        Family::gauge(
            "xcp_host_memory_total_bytes",
            "bytes",
            "Memory that Xen manages.",
            Values::Hosts(Box::new(|host, _| {
                (host.memory_total > 0).then_some(host.memory_total as f64)
            })),
        ),
        Family::gauge(
            "xcp_host_memory_free_bytes",
            "bytes",
            "Memory that neither domains nor Xen use.",
            Values::Hosts(Box::new(|host, _| {
                let used = host.sample?.memory_used?.0;
                (host.memory_total > 0).then(|| host.memory_total.saturating_sub(used) as f64)
            })),
        ),
        Family::gauge(
            "xcp_host_network_aggregated_receive_bytes",
            "bytes",
            Metric::NetRx.meaning(),
            of(Metric::NetRx),
        ),
        Family::gauge(
            "xcp_host_network_aggregated_transmit_bytes",
            "bytes",
            Metric::NetTx.meaning(),
            of(Metric::NetTx),
        ),
    ];
    let by_store = [
        ("xcp_host_disk_throughput_read_bytes", "bytes", Metric::DiskRead),
        ("xcp_host_disk_throughput_write_bytes", "bytes", Metric::DiskWrite),
        ("xcp_host_disk_iops_read", "", Metric::DiskReadOps),
        ("xcp_host_disk_iops_write", "", Metric::DiskWriteOps),
        ("xcp_host_disk_latency_seconds", "seconds", Metric::DiskLatency),
    ];
    all.extend(by_store.map(|(name, unit, metric)| {
        Family::gauge(name, unit, metric.meaning(), Values::HostParts(store, metric))
    }));
    let by_interface = |name, metric: Metric| {
        Family::gauge(
            name,
            "bytes_per_second",
            metric.meaning(),
            Values::HostParts(interface, metric),
        )
    };
    all.push(by_interface(
        "xen_host_interface_receive_bytes_per_second",
        Metric::NetRx,
    ));
    all.push(by_interface(
        "xen_host_interface_transmit_bytes_per_second",
        Metric::NetTx,
    ));
    all.extend(
        [
            Metric::Cpu,
            Metric::MemoryUsed,
            Metric::DiskRead,
            Metric::DiskWrite,
        ]
        .map(|metric| Family::of("host", metric, of(metric))),
    );
    all
}

fn cpu_share(host: &MeasuredHost, _: &super::Page) -> Option<f64> {
    let used = host.sample?.cpu?;
    (host.cpus > 0).then(|| f64::from(used) / f64::from(host.cpus))
}

fn core(part: &Part) -> Option<Label> {
    match part {
        Part::Cpu(number) => Some(("core", number.to_string())),
        Part::Disk(_) | Part::Nic(_) | Part::Storage(_) => None,
    }
}

fn store(part: &Part) -> Option<Label> {
    match part {
        Part::Storage(name) => Some(("sr", name.clone())),
        Part::Cpu(_) | Part::Disk(_) | Part::Nic(_) => None,
    }
}

fn interface(part: &Part) -> Option<Label> {
    match part {
        Part::Nic(name) => Some(("interface", name.clone())),
        Part::Cpu(_) | Part::Disk(_) | Part::Storage(_) => None,
    }
}
