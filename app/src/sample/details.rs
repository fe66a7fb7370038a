//! A made-up close look at a host: something in every table, something wrong, something untold.
use wxa_model::{
    Bytes, HostDetails, Told, VmId,
    host_details::{
        CpuPool, DetailsAt, DomainVcpus, FileSystem, LinkKind, Machine, NetLink, NumaNode, Package, Volume,
        VolumeGroup, VolumeKind, Xen,
    },
};
use wxa_wire::HostDetailsView;

/// As it was told a moment ago; `vif` is the VM at the end of the guest's link.
pub fn details(vif: VmId) -> HostDetailsView {
    HostDetailsView {
        known: Some(DetailsAt {
            at: super::NOW,
            details: of(vif),
        }),
        problem: None,
    }
}

fn of(vif: VmId) -> HostDetails {
    let gib = |n: u64| Bytes(n << 30);
    let link = |name: &str, kind, master: &str, vm| NetLink {
        name: name.into(),
        kind,
        up: Some(true),
        mac: "52:54:00:00:0a:01".into(),
        mtu: 1500,
        master: master.into(),
        vm,
    };
    HostDetails {
        xen: Told::Told(Xen {
            version: "4.17.5".into(),
            command_line: "dom0_mem=4096M,max:4096M".into(),
            capabilities: vec!["pv".into(), "hvm".into(), "hap".into()],
            kernel: "6.1.0-28-amd64".into(),
            cpus: 32,
            sockets: 2,
            cores_per_socket: 8,
            threads_per_core: 2,
            memory_total: gib(128),
            memory_free: gib(20),
            nodes: vec![NumaNode {
                id: 0,
                memory: gib(64),
                free: gib(10),
                cpus: 16,
            }],
            ..Xen::default()
        }),
        machine: Told::Told(Machine {
            cpu_model: "AMD EPYC 7443P 24-Core Processor".into(),
            load: Some([0.2, 0.1, 0.1]),
            wants_reboot: true,
            ..Machine::default()
        }),
        packages: Told::Told(vec![Package {
            name: "xen-utils-4.17".into(),
            version: "4.17.5-1".into(),
        }]),
        pools: Told::Told(vec![CpuPool {
            name: "Pool-0".into(),
            cpus: 32,
            list: "0-31".into(),
            scheduler: "credit2".into(),
            domains: 7,
        }]),
        vcpus: Told::Told(vec![DomainVcpus {
            name: "Domain-0".into(),
            online: 4,
            all: 4,
            may_run_on: vec!["0-3".into()],
        }]),
        groups: Told::Told(vec![VolumeGroup {
            name: "vg0".into(),
            size: gib(2000),
            free: gib(700),
            volumes: 12,
            disks: 1,
        }]),
        volumes: Told::Told(vec![Volume {
            group: "vg0".into(),
            name: "web-01".into(),
            size: gib(20),
            kind: VolumeKind::Plain,
            pool: String::new(),
            origin: String::new(),
            used_percent: None,
            open: true,
        }]),
        filesystems: Told::Told(vec![FileSystem {
            source: "/dev/sdb1".into(),
            kind: "xfs".into(),
            mount: "/srv/xen".into(),
            size: gib(1000),
            used: gib(970),
            available: gib(30),
        }]),
        links: Told::Told(vec![
            link("eth0", LinkKind::Card, "xenbr0", None),
            link("xenbr0", LinkKind::Bridge, "", None),
            link("vif9.0", LinkKind::Guest, "xenbr0", Some(vif)),
        ]),
        complaints: Told::Told(vec!["<b>IO_PAGE_FAULT</b>".into()]),
        skew: Told::Untold("The host has no program `date`.".into()),
        pool: None,
    }
}
