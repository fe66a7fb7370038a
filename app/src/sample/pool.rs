//! A XAPI pool of two members with VMs in every state that only pools have, and what it tells when it is looked at.
use super::{NOW, host, sample_of, vm};
use uuid::Uuid;
use wxa_model::{
    Bytes, ConsoleKind, GuestInfo, GuestType, Host, HostDetails, HostFacts, HostId, HostKind, HostSample,
    Link, NoConsole, Object, PoolDetails, PowerState, Told, UnixMillis, Vm, VmId, VmRole,
    host_details::DetailsAt,
    pool_details::{MessageAbout, PoolMessage, PoolNetwork, PoolSnapshot, Repository},
};
use wxa_wire::{HostDetailsView, sample_frame::SampleRow};

const PRODUCT: &str = "XCP-ng 8.3.0";

/// A pool in site 1.
pub fn pool(n: u128, name: &str) -> Host {
    Host {
        kind: HostKind::Pool,
        name: name.into(),
        address: format!("root@{name}.example:443"),
        facts: Some(HostFacts {
            hostname: name.into(),
            product: PRODUCT.into(),
            uuid: Some(Uuid::from_u128(n << 64 | n)),
            ..HostFacts::default()
        }),
        config_dir: String::new(),
        ..host(n, Link::Up)
    }
}

/// A member of pool `of`, in the same site.
pub fn member(n: u128, of: u128, name: &str) -> Host {
    let plain = host(n, Link::Up);
    let facts = plain.facts.clone().map(|facts| HostFacts {
        hostname: name.into(),
        xen_version: "4.17.5-3".into(),
        kernel: "4.19.0+1".into(),
        product: PRODUCT.into(),
        uuid: Some(Uuid::from_u128(n << 64 | n)),
        ..facts
    });
    Host {
        kind: HostKind::Member {
            pool: HostId(Uuid::from_u128(of)),
        },
        name: name.into(),
        address: format!("{name}.example"),
        facts,
        config_dir: String::new(),
        ..plain
    }
}

/// The pool `prod` with its members and VMs, and what they use.
pub(super) fn objects(rows: &mut Vec<SampleRow>) -> Vec<Object> {
    let mut first = member(21, 20, "xcp-01");
    let mut second = member(22, 20, "xcp-02");
    if let Some(facts) = &mut first.facts {
        facts.coordinator = true;
    }
    if let Some(facts) = &mut second.facts {
        facts.maintenance = true;
    }
    for (n, cpu) in [(21, 4.0), (22, 1.0)] {
        let used = HostSample {
            cpu: Some(cpu),
            memory_used: Some(Bytes::mib(30 << 10)),
            ..HostSample::default()
        };
        rows.push(SampleRow::Host(HostId(Uuid::from_u128(n)), used));
    }
    let vms = [
        ("erp-01", PowerState::Running, 21),
        ("erp-db", PowerState::Running, 21),
        ("desk-07", PowerState::Suspended, 20),
        ("files-01", PowerState::Paused, 22),
        ("archive", PowerState::Halted, 20),
    ];
    let mut objects = vec![
        Object::Host(pool(20, "prod")),
        Object::Host(first),
        Object::Host(second),
    ];
    for (n, (name, power, on)) in (40u128..).zip(vms) {
        let one = pooled(n, name, power, on);
        if power == PowerState::Running {
            rows.push(SampleRow::Vm(one.id, sample_of(n, 0)));
        }
        objects.push(Object::Vm(one));
    }
    for on in [21u128, 22] {
        let mut dom0 = pooled(100 + on, "Control domain", PowerState::Running, on);
        dom0.role = VmRole::ControlDomain;
        (dom0.consoles, dom0.no_console) = (vec![ConsoleKind::Pv, ConsoleKind::Graphical], None);
        objects.push(Object::Vm(dom0));
    }
    objects
}

/// A VM as XAPI tells it: no definition file, and no text console unless it is PV.
fn pooled(n: u128, name: &str, power: PowerState, on: u128) -> Vm {
    let pv = name == "erp-db";
    let runs = matches!(power, PowerState::Running | PowerState::Paused);
    Vm {
        host: HostId(Uuid::from_u128(on)),
        guest_type: Some(if pv { GuestType::Pv } else { GuestType::Hvm }),
        config_path: None,
        native_id: runs.then(|| n.to_string()),
        guest: runs.then(|| GuestInfo {
            os: "Debian GNU/Linux 12 (bookworm)".into(),
            addresses: vec![format!("10.20.1.{n}"), format!("2001:db8::{n:x}")],
            tools: "8.4.0".into(),
        }),
        consoles: [(ConsoleKind::Pv, pv), (ConsoleKind::Graphical, runs)]
            .into_iter()
            .filter_map(|(kind, has)| has.then_some(kind))
            .collect(),
        no_console: (!pv).then_some(NoConsole::NoSsh),
        ..vm(n, name, power)
    }
}

/// What pool `prod` told a moment ago: a repository that is nearly full, one that a member lost, two networks.
pub fn pool_details() -> HostDetailsView {
    const WHY: &str = "A pool does not tell that.";
    let told = HostDetails {
        xen: Told::Untold(WHY.into()),
        machine: Told::Untold(WHY.into()),
        packages: Told::Untold(WHY.into()),
        pools: Told::Untold(WHY.into()),
        vcpus: Told::Untold(WHY.into()),
        groups: Told::Untold(WHY.into()),
        volumes: Told::Untold(WHY.into()),
        filesystems: Told::Untold(WHY.into()),
        links: Told::Untold(WHY.into()),
        complaints: Told::Untold(WHY.into()),
        skew: Told::Untold(WHY.into()),
        pool: Some(PoolDetails {
            repositories: Told::Told(repositories()),
            networks: Told::Told(networks()),
            templates: Told::Told(vec!["debian-12-base".into()]),
            default_templates: vec!["Debian Bookworm 12".into(), "Other install media".into()],
            snapshots: Told::Told(vec![PoolSnapshot {
                name: "before the update".into(),
                of: "erp-01".into(),
                taken_at: Some(UnixMillis(NOW.0.saturating_sub(86_400_000))),
            }]),
            messages: messages(),
        }),
    };
    HostDetailsView {
        known: Some(DetailsAt {
            at: NOW,
            details: told,
        }),
        problem: None,
    }
}

fn messages() -> Vec<PoolMessage> {
    let message = |name: &str, body: &str, priority, about, minutes: u64| PoolMessage {
        name: name.into(),
        body: body.into(),
        priority,
        about,
        at: Some(UnixMillis(NOW.0.saturating_sub(minutes * 60_000))),
    };
    vec![
        message(
            "VM_CRASHED",
            "VM 'erp-01' crashed <again>",
            2,
            MessageAbout::Vm(VmId(Uuid::from_u128(40))),
            3,
        ),
        message(
            "HOST_CLOCK_SKEW_DETECTED",
            "The clock of xcp-02 is behind.",
            3,
            MessageAbout::Host(HostId(Uuid::from_u128(22))),
            90,
        ),
        message("POOL_MASTER_TRANSITION", "", 5, MessageAbout::Pool, 300),
    ]
}

fn repositories() -> Vec<Repository> {
    let gib = |n: u64| Bytes(n << 30);
    vec![
        Repository {
            name: "nfs-fast".into(),
            description: "shelf <2>".into(),
            kind: "nfs".into(),
            shared: true,
            size: gib(1000),
            used: gib(930),
            promised: gib(1400),
            disks: 31,
            default: true,
            attached: vec!["xcp-01".into()],
            detached: vec!["xcp-02".into()],
            ..Repository::default()
        },
        Repository {
            name: "local".into(),
            kind: "lvm".into(),
            size: gib(200),
            used: gib(20),
            promised: gib(20),
            disks: 2,
            attached: vec!["xcp-01".into()],
            ..Repository::default()
        },
        Repository {
            name: "images".into(),
            kind: "iso".into(),
            iso: true,
            shared: true,
            attached: vec!["xcp-01".into(), "xcp-02".into()],
            ..Repository::default()
        },
    ]
}

fn networks() -> Vec<PoolNetwork> {
    vec![
        PoolNetwork {
            name: "Pool-wide network".into(),
            bridge: "xenbr0".into(),
            mtu: 1500,
            interfaces: vec!["xcp-01: eth0".into(), "xcp-02: eth0".into()],
            management: true,
            vm_interfaces: 4,
            ..PoolNetwork::default()
        },
        PoolNetwork {
            name: "storage".into(),
            bridge: "xapi1".into(),
            vlan: Some(40),
            mtu: 9000,
            interfaces: vec!["xcp-01: eth1".into()],
            ..PoolNetwork::default()
        },
    ]
}
