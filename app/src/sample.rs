//! Made-up objects for tests and for looking at pages without a server.
use crate::Boot;
use std::collections::BTreeMap;
use uuid::Uuid;
use wxa_model::{
    Action, Bytes, ConsoleKind, Disk, Grant, GuestLogging, GuestType, Host, HostFacts, HostId, HostSample,
    Link, Nic, Object, PowerState, Site, SiteId, Task, TaskId, TaskOutcome, UnixMillis, UserId, Vm, VmId,
    VmRole, VmSample,
};
use wxa_wire::{InventoryView, SessionView, sample_frame};

/// The moment at which everything here is looked at.
pub const NOW: UnixMillis = UnixMillis(1_795_440_000_000);

/// A site.
pub fn site(n: u128, name: &str) -> Site {
    Site {
        id: SiteId(Uuid::from_u128(n)),
        name: name.into(),
    }
}

/// A host in site 1.
pub fn host(n: u128, link: Link) -> Host {
    Host {
        id: HostId(Uuid::from_u128(n)),
        site: SiteId(Uuid::from_u128(1)),
        name: format!("xen-{n}"),
        address: format!("root@xen-{n}.example:22"),
        link,
        last_word: Some(UnixMillis(NOW.0.saturating_sub(360_000))),
        facts: Some(HostFacts {
            hostname: format!("xen-{n}"),
            xen_version: "4.17.5".into(),
            kernel: "6.1.0-42-amd64".into(),
            cpus: 16,
            threads_per_core: 2,
            cpu_mhz: 2400,
            memory_total: Bytes::mib(64 << 10),
            memory_free: Bytes::mib(22 << 10),
            scheduler: "credit2".into(),
            booted_at: Some(UnixMillis(NOW.0.saturating_sub(86_400_000 * 12))),
            guest_logging: GuestLogging::On,
        }),
        tags: vec![],
    }
}

/// A VM on host 1.
pub fn vm(n: u128, name: &str, power: PowerState) -> Vm {
    let runs = power != PowerState::Halted;
    Vm {
        id: VmId(Uuid::from_u128(n)),
        host: HostId(Uuid::from_u128(1)),
        name: name.into(),
        role: VmRole::Guest,
        power,
        guest_type: Some(if n.is_multiple_of(3) {
            GuestType::Pv
        } else {
            GuestType::Pvh
        }),
        vcpus: 2,
        memory: Bytes::mib(2048 << (n % 4)),
        memory_max: Bytes::mib(2048 << (n % 4)),
        xen_uuid: Some(Uuid::from_u128(n << 64 | n)),
        native_id: runs.then(|| n.to_string()),
        config_path: Some(format!("/etc/xen/{name}.cfg")),
        config_problem: None,
        autostart: n.is_multiple_of(2),
        started_at: runs.then_some(UnixMillis(NOW.0.saturating_sub(777_600_000))),
        disks: vec![Disk {
            device: "xvda".into(),
            target: format!("/dev/vg0/{name}"),
            format: "raw".into(),
            writable: true,
        }],
        nics: vec![Nic {
            mac: format!("00:16:3e:00:00:{n:02x}"),
            bridge: "xenbr0".into(),
        }],
        consoles: vec![ConsoleKind::Pv],
        tags: vec![name.split('-').next().unwrap_or("x").to_owned()],
    }
}

/// A reboot of `vm` that is 40 % done.
pub fn task(n: u128, vm: &Vm) -> Task {
    Task {
        id: TaskId(Uuid::from_u128(n)),
        action: Action::VmReboot,
        vm: vm.id,
        vm_name: vm.name.clone(),
        host: vm.host,
        by: "ops".into(),
        started_at: UnixMillis(NOW.0.saturating_sub(48_000)),
        ended_at: None,
        step: "waiting for the guest".into(),
        percent: Some(40),
        outcome: None,
    }
}

/// A page's boot data: two sites, four hosts in every condition, and VMs in every state.
pub fn boot() -> Boot {
    let mut objects = vec![
        Object::Site(site(1, "Frankfurt")),
        Object::Site(site(2, "Vienna")),
    ];
    let down = Link::Down {
        since: UnixMillis(NOW.0.saturating_sub(360_000)),
        why: "no answer within 5 s (connection timed out)".into(),
        retry_at: UnixMillis(NOW.0 + 12_000),
    };
    let changed = Link::KeyChanged {
        pinned: "SHA256:2uIOsLDpd6vWcNV0xvdzGaWTM6Qpl9OKEkRyHkJxmbo".into(),
        seen: "SHA256:Zt9gYVjc4p2n0y7rU0fXvYbq0oNQyH6o9y1o6Cw3q1k".into(),
    };
    objects.push(Object::Host(host(1, Link::Up)));
    objects.push(Object::Host(host(2, Link::Up)));
    objects.push(Object::Host(host(3, down)));
    objects.push(Object::Host(Host {
        site: SiteId(Uuid::from_u128(2)),
        ..host(4, changed)
    }));
    let names = [
        ("web-01", PowerState::Running, 1),
        ("web-02", PowerState::Running, 1),
        ("db-01", PowerState::Running, 1),
        ("db-02", PowerState::Running, 2),
        ("cache-01", PowerState::Running, 2),
        ("legacy-erp", PowerState::Paused, 2),
        ("queue-01", PowerState::Crashed, 2),
        ("report-01", PowerState::Suspended, 1),
        ("win-ad-old", PowerState::Halted, 1),
        ("build-01", PowerState::Running, 3),
        ("build-02", PowerState::Running, 3),
        ("mail-01", PowerState::Running, 1),
        ("mon-01", PowerState::Running, 2),
        ("ldap-01", PowerState::Running, 1),
        ("dr-01", PowerState::Halted, 4),
    ];
    let mut rows = Vec::new();
    let mut vms = Vec::new();
    for (n, (name, power, on)) in (10u128..).zip(names) {
        let mut one = vm(n, name, power);
        one.host = HostId(Uuid::from_u128(on));
        if power == PowerState::Running {
            rows.push(sample_frame::SampleRow::Vm(one.id, sample_of(n, 0)));
        }
        vms.push(one);
    }
    for on in [1u128, 2, 3] {
        let mut dom0 = vm(100 + on, "Domain-0", PowerState::Running);
        dom0.host = HostId(Uuid::from_u128(on));
        dom0.role = VmRole::ControlDomain;
        vms.push(dom0);
        let used = HostSample {
            cpu: Some(3.5 + on as f32),
            memory_used: Some(Bytes::mib(42 << 10)),
        };
        rows.push(sample_frame::SampleRow::Host(HostId(Uuid::from_u128(on)), used));
    }
    objects.extend(tasks(&vms).into_iter().map(Object::Task));
    objects.extend(vms.into_iter().map(Object::Vm));
    Boot {
        build: "sample".into(),
        now: NOW,
        session: Some(SessionView {
            user: UserId(Uuid::from_u128(1)),
            name: "ops".into(),
            grants: vec![Grant::admin_everywhere()],
        }),
        inventory: Some(InventoryView {
            epoch: 1,
            revision: 1,
            now: NOW,
            objects,
        }),
        samples: sample_frame::encode(NOW, &rows),
        replies: BTreeMap::new(),
        theme: String::new(),
        vendor: BTreeMap::new(),
        problem: None,
    }
}

/// What VM `n` used `ago` ticks before now.
pub fn sample_of(n: u128, ago: u32) -> VmSample {
    let wave = ((n as f32) * 1.7 + ago as f32 * 0.4).sin() * 0.3 + 0.5;
    VmSample {
        cpu: Some(wave * 1.6),
        memory: Some(Bytes::mib(2048)),
        disk_read: Some(wave * 4e6),
        disk_write: Some(wave * 9e6),
        net_rx: Some(wave * 2e6),
        net_tx: Some(wave * 7e5),
    }
}

fn tasks(vms: &[Vm]) -> Vec<Task> {
    let of = |n: usize| {
        vms.get(n)
            .cloned()
            .unwrap_or_else(|| vm(1, "vm", PowerState::Running))
    };
    let ended = |n, on: usize, action, outcome| Task {
        action,
        outcome: Some(outcome),
        percent: None,
        step: String::new(),
        started_at: UnixMillis(NOW.0 - 600_000),
        ended_at: Some(UnixMillis(NOW.0 - 597_000)),
        ..task(n, &of(on))
    };
    vec![
        task(1, &of(3)),
        ended(
            2,
            6,
            Action::VmStart,
            TaskOutcome::Failed {
                why: "xl: libxl: error: Domain 12: unable to add disk devices".into(),
            },
        ),
        ended(3, 0, Action::VmReboot, TaskOutcome::Done),
    ]
}
