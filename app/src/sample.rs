//! Made-up objects for tests and for looking at pages without a server.
#![cfg_attr(
    not(feature = "ssr"),
    allow(
        dead_code,
        reason = "whole pages are rendered with the server's features only"
    )
)]
pub mod details;

use crate::{Boot, routes};
use std::collections::BTreeMap;
use uuid::Uuid;
use wxa_model::{
    Action, AuditId, Bytes, ConsoleKind, Disk, Grant, GuestLogging, GuestType, Host, HostFacts, HostId,
    HostKind, HostSample, Link, Nic, Object, PowerState, Role, Scope, SessionId, Site, SiteId, Task, TaskId,
    TaskOutcome, TokenId, UnixMillis, UserId, Vm, VmId, VmRole, VmSample,
};
use wxa_wire::{
    AuditCheckView, AuditView, InventoryView, SessionEntry, SessionView, SystemView, TokenView, UserView,
    sample_frame, system,
};

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
        }],
        nics: vec![Nic {
            mac: format!("00:16:3e:00:00:{n:02x}"),
            bridge: "xenbr0".into(),
        }],
        consoles: vec![ConsoleKind::Pv],
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
        preferences: wxa_model::Preferences::default(),
        texts: Vec::new(),
        vendor: BTreeMap::new(),
        problem: None,
    }
}

/// An account's id.
pub fn user_id(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

/// Puts accounts, sessions and API tokens among a page's replies.
pub fn with_users(boot: &mut Boot) {
    let grant = |role, scope| Grant { role, scope };
    let user = |n, name: &str, grants: Vec<Grant>| UserView {
        id: user_id(n),
        name: name.into(),
        grants,
        created_at: NOW,
        last_seen_at: Some(UnixMillis(NOW.0 - 120_000)),
        disabled_at: None,
        has_password: true,
    };
    let on_host = grant(Role::Operator, Scope::Host(HostId(Uuid::from_u128(1))));
    let in_site = grant(Role::Viewer, Scope::Site(SiteId(Uuid::from_u128(1))));
    let tagged = grant(Role::Viewer, Scope::Tag("lab".into()));
    let mut eve = user(3, "eve", vec![tagged.clone()]);
    eve.disabled_at = Some(UnixMillis(NOW.0 - 86_400_000));
    let mut new = user(4, "zoe", vec![]);
    (new.has_password, new.last_seen_at) = (false, None);
    let ops = user(1, "ops", vec![Grant::admin_everywhere()]);
    let users = vec![user(2, "ada", vec![on_host, in_site]), eve, ops, new];
    let session = |n, agent: &str| SessionEntry {
        id: SessionId(Uuid::from_u128(n)),
        from: "192.0.2.7".into(),
        agent: agent.into(),
        created_at: UnixMillis(NOW.0 - 3_600_000),
        last_seen_at: UnixMillis(NOW.0 - 60_000),
        expires_at: UnixMillis(NOW.0 + 3_600_000),
        current: n == 1,
    };
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let token = TokenView {
        id: TokenId(Uuid::from_u128(1)),
        name: "backup".into(),
        grant: tagged,
        created_at: NOW,
        expires_at: UnixMillis(NOW.0 + 86_400_000 * 30),
        last_used_at: None,
        last_used_from: String::new(),
    };
    for user in [None, Some(user_id(2))] {
        let sessions = vec![
            session(if user.is_none() { 1 } else { 2 }, firefox),
            session(3, "curl/8.14.1"),
        ];
        boot.replies.insert(routes::sessions_url(user), json(&sessions));
        boot.replies
            .insert(routes::tokens_url(user), json(&vec![token.clone()]));
    }
    boot.replies.insert(routes::USERS_URL.into(), json(&users));
}

fn json(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
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

/// The same with the reply to a GET of `url`.
pub fn boot_with(url: &str, reply: &impl serde::Serialize) -> Boot {
    let mut boot = boot();
    if let Ok(reply) = serde_json::to_value(reply) {
        boot.replies.insert(url.to_owned(), reply);
    }
    boot
}

/// A row of the audit log.
pub fn audit_row(number: u64, what: &str, outcome: Option<&str>) -> AuditView {
    AuditView {
        id: AuditId(Uuid::from_u128(u128::from(number))),
        number,
        at: UnixMillis(NOW.0 - 60_000),
        by: "ada".into(),
        from: "192.0.2.7".into(),
        request_id: "r-17".into(),
        what: what.into(),
        on: "web-01".into(),
        on_id: vm(10, "web-01", PowerState::Running).id.to_string(),
        ended_at: outcome.map(|_| UnixMillis(NOW.0 - 59_000)),
        outcome: outcome.map(Into::into),
        detail: "It is already running.".into(),
    }
}

/// A check that found nothing.
pub fn audit_check() -> AuditCheckView {
    AuditCheckView {
        at: NOW,
        intact: true,
        rows: 1234,
        older: 0,
        links: 2467,
        head: Some(format!("2467:{}", "ab".repeat(32))),
        end_was_noted: true,
        breaks: Vec::new(),
        break_count: 0,
    }
}

/// A server that is well.
pub fn system() -> SystemView {
    SystemView {
        version: "0.1.0".into(),
        site_build: "sample".into(),
        now: NOW,
        started_at: UnixMillis(NOW.0 - 86_400_000),
        process: system::ProcessView {
            pid: 4711,
            memory_bytes: Some(41 << 20),
            memory_most_bytes: Some(52 << 20),
            threads: Some(6),
            open_files: Some(31),
        },
        data: system::DataView {
            folder: "/var/lib/webxenadmin".into(),
            disk_free_bytes: Some(12 << 30),
            disk_bytes: Some(40 << 30),
            database_bytes: 3 << 20,
            wal_bytes: 4 << 20,
            database: Some(system::DatabaseView {
                schema_version: 2,
                page_bytes: 4096,
                pages: 768,
                free_pages: 3,
                audit_rows: 1234,
                tasks: 321,
            }),
        },
        workers: vec![system::WorkerView {
            name: "host xen-1".into(),
            state: system::WorkerStateView::Running,
            restarts: 1,
            last_failure: None,
        }],
        hosts: vec![system::HostFeedView {
            id: HostId(Uuid::from_u128(1)),
            name: "xen-1".into(),
            link: Link::Up,
            last_word: Some(NOW),
            events: 120_000,
            events_per_minute: 42,
            waiting: 0,
            most_waiting: 17,
            room: 256,
            lost: 2,
        }],
        sockets: system::SocketsView {
            live: 1,
            console: 2,
            bytes_out: 9 << 20,
            bytes_in: 4096,
            too_slow: 1,
            users: vec![system::UserSocketsView {
                name: "ops".into(),
                live: 1,
                console: 2,
                bytes_out: 1 << 20,
                bytes_in: 512,
            }],
        },
        queues: vec![system::QueueView {
            name: "measurements".into(),
            waiting: 0,
            room: 256,
            dropped: 3,
        }],
        consoles: 2,
        tls: None,
        audit: Some(audit_check()),
    }
}
