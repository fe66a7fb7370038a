//! A whole inventory as it comes with a page.
use super::{NOW, host, pool, site, task, vm};
use crate::Boot;
use std::collections::BTreeMap;
use uuid::Uuid;
use wxa_model::{
    Action, Bytes, Grant, Host, HostId, HostSample, Link, Object, PowerState, SiteId, Task, TaskOutcome,
    UnixMillis, UserId, Vm, VmRole, VmSample,
};
use wxa_wire::{InventoryView, SessionView, sample_frame};

/// A page's boot data: two sites, four hosts in every condition, a pool, and VMs in every state.
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
            ..HostSample::default()
        };
        rows.push(sample_frame::SampleRow::Host(HostId(Uuid::from_u128(on)), used));
    }
    objects.extend(tasks(&vms).into_iter().map(Object::Task));
    objects.extend(pool::objects(&mut rows));
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
        index: Vec::new(),
        outline: None,
        samples: sample_frame::encode(NOW, &rows),
        replies: BTreeMap::new(),
        preferences: wxa_model::Preferences::default(),
        texts: Vec::new(),
        guest: None,
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
        ..VmSample::default()
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
    if let Ok(reply) = serde_json::value::to_raw_value(reply) {
        boot.replies.insert(url.to_owned(), reply);
    }
    boot
}
