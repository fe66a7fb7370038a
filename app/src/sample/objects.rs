//! Sites, plain hosts, VMs and tasks.
use super::NOW;
use uuid::Uuid;
use wxa_model::{
    Action, Bytes, Cancel, ConsoleKind, Disk, GuestLogging, GuestType, Host, HostFacts, HostId, HostKind,
    Link, Nic, PoolTask, PoolWork, PowerState, Site, SiteId, Task, TaskId, UnixMillis, Vm, VmId, VmRole,
};

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
        kind: HostKind::Plain,
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
            ..HostFacts::default()
        }),
        config_dir: "/etc/xen".into(),
        tags: vec![],
        notes: String::new(),
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
            size: (!n.is_multiple_of(3)).then(|| Bytes::mib(20_480)),
        }],
        nics: vec![Nic {
            mac: format!("00:16:3e:00:00:{n:02x}"),
            bridge: "xenbr0".into(),
        }],
        consoles: vec![ConsoleKind::Pv],
        no_console: None,
        understood: None,
        pool_tags: Vec::new(),
        guest: None,
        refused: Vec::new(),
        tags: vec![name.split('-').next().unwrap_or("x").to_owned()],
        notes: String::new(),
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
        on: None,
        by: "ops".into(),
        started_at: UnixMillis(NOW.0.saturating_sub(48_000)),
        ended_at: None,
        step: "waiting for the guest".into(),
        percent: Some(40),
        outcome: None,
        cancel: Cancel::No,
    }
}

/// A migration on pool 20 by Xen Orchestra, 40 % done, that can be cancelled.
pub fn pool_task(n: u128) -> PoolTask {
    let pool = HostId(Uuid::from_u128(20));
    let native_id = format!("OpaqueRef:{}", Uuid::from_u128(n));
    PoolTask {
        id: TaskId::of_pool(pool, &native_id),
        native_id,
        name: "Async.VM.pool_migrate".into(),
        work: Some(PoolWork::Migrate),
        vm: None,
        vm_name: "erp-01".into(),
        host: pool,
        by: "Xen Orchestra".into(),
        started_at: UnixMillis(NOW.0.saturating_sub(20_000)),
        ended_at: None,
        percent: Some(40),
        outcome: None,
        cancel: Cancel::Yes,
    }
}
