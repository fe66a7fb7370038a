//! The matrix of rules, snapshotted so that every sentence is read in review.
use super::*;
use crate::{Bytes, HostId, RefusedAction, SiteId, UnixMillis, VmId};
use expect_test::expect;
use uuid::Uuid;

fn host(link: Link) -> Host {
    Host {
        id: HostId(Uuid::nil()),
        kind: HostKind::Plain,
        site: SiteId(Uuid::nil()),
        name: "xen-1".into(),
        address: "root@xen-1:22".into(),
        link,
        last_word: None,
        facts: None,
        config_dir: String::new(),
        tags: vec![],
        notes: String::new(),
    }
}

fn vm(power: PowerState) -> Vm {
    Vm {
        id: VmId(Uuid::nil()),
        host: HostId(Uuid::nil()),
        name: "web-01".into(),
        role: VmRole::Guest,
        power,
        guest_type: None,
        vcpus: 1,
        memory: Bytes::mib(128),
        memory_max: Bytes::mib(128),
        xen_uuid: None,
        native_id: None,
        config_path: Some("/etc/xen/web-01.cfg".into()),
        config_problem: None,
        autostart: false,
        started_at: None,
        disks: vec![],
        nics: vec![],
        consoles: vec![],
        no_console: None,
        understood: None,
        pool_tags: Vec::new(),
        guest: None,
        refused: Vec::new(),
        tags: vec![],
        notes: String::new(),
    }
}

fn sentence(action: Action, vm: &Vm, host: &Host, pending: Option<Action>) -> String {
    match vm_action(action, vm, host, pending, &CanAll) {
        Ok(()) => "ok".into(),
        Err(refusal) => refusal.sentence,
    }
}

#[test]
fn every_action_in_every_state() {
    use PowerState::*;
    let up = |action| Host {
        kind: match Action::POOL.contains(&action) {
            true => HostKind::Pool,
            false => HostKind::Plain,
        },
        ..host(Link::Up)
    };
    let mut table = String::new();
    for action in Action::ALL {
        for power in [Running, Paused, Suspended, Halted, Crashed, Stopping] {
            let state = format!("{power:?}");
            table += &format!(
                "{:<12} {state:<9} {}\n",
                action.name(),
                sentence(action, &vm(power), &up(action), None)
            );
        }
    }
    expect![[r#"
        vm_start     Running   It is already running.
        vm_start     Paused    It is paused: unpause it instead.
        vm_start     Suspended It is suspended: resume it instead.
        vm_start     Halted    ok
        vm_start     Crashed   It crashed and is kept for inspection: power it off first.
        vm_start     Stopping  It is still stopping: wait, or power it off.
        vm_shutdown  Running   ok
        vm_shutdown  Paused    It is paused and cannot answer: unpause it first, or power it off.
        vm_shutdown  Suspended It is suspended.
        vm_shutdown  Halted    It is not running.
        vm_shutdown  Crashed   It crashed and cannot answer: power it off.
        vm_shutdown  Stopping  It is already stopping.
        vm_reboot    Running   ok
        vm_reboot    Paused    It is paused and cannot answer: unpause it first, or power it off.
        vm_reboot    Suspended It is suspended.
        vm_reboot    Halted    It is not running.
        vm_reboot    Crashed   It crashed and cannot answer: power it off.
        vm_reboot    Stopping  It is already stopping.
        vm_pause     Running   ok
        vm_pause     Paused    It is already paused.
        vm_pause     Suspended It is suspended.
        vm_pause     Halted    It is not running.
        vm_pause     Crashed   It crashed and cannot answer: power it off.
        vm_pause     Stopping  It is already stopping.
        vm_unpause   Running   It is not paused.
        vm_unpause   Paused    ok
        vm_unpause   Suspended It is not paused.
        vm_unpause   Halted    It is not paused.
        vm_unpause   Crashed   It is not paused.
        vm_unpause   Stopping  It is not paused.
        vm_suspend   Running   ok
        vm_suspend   Paused    It is paused and cannot answer: unpause it first.
        vm_suspend   Suspended It is suspended.
        vm_suspend   Halted    It is not running.
        vm_suspend   Crashed   It crashed and cannot answer: power it off.
        vm_suspend   Stopping  It is already stopping.
        vm_resume    Running   It is not suspended.
        vm_resume    Paused    It is not suspended.
        vm_resume    Suspended ok
        vm_resume    Halted    It is not suspended.
        vm_resume    Crashed   It is not suspended.
        vm_resume    Stopping  It is not suspended.
        vm_reset     Running   ok
        vm_reset     Paused    ok
        vm_reset     Suspended It is suspended.
        vm_reset     Halted    It is not running.
        vm_reset     Crashed   It crashed: power it off and start it.
        vm_reset     Stopping  It is already stopping.
        vm_power_off Running   ok
        vm_power_off Paused    ok
        vm_power_off Suspended ok
        vm_power_off Halted    It is not running.
        vm_power_off Crashed   ok
        vm_power_off Stopping  ok
        vm_sysrq     Running   ok
        vm_sysrq     Paused    It is paused and cannot answer: unpause it first.
        vm_sysrq     Suspended It is suspended.
        vm_sysrq     Halted    It is not running.
        vm_sysrq     Crashed   It crashed and cannot answer: power it off.
        vm_sysrq     Stopping  It is already stopping.
    "#]]
    .assert_eq(&table);
}

#[test]
fn plain_xen_is_not_asked_for_what_only_pools_do() {
    let up = host(Link::Up);
    for action in Action::ALL {
        let offered = Action::offered(up.kind).contains(&action);
        let said = sentence(action, &vm(PowerState::Crashed), &up, None);
        assert_eq!(
            said.starts_with("This host cannot"),
            !offered,
            "{action:?}: {said}"
        );
    }
    assert_eq!(
        sentence(Action::VmSuspend, &vm(PowerState::Running), &up, None),
        "This host cannot suspend."
    );
    let member = HostKind::Member {
        pool: HostId(Uuid::nil()),
    };
    assert_eq!(Action::offered(member), Action::POOL);
}

#[test]
fn a_pool_says_why_it_sends_no_sysrq_keys() {
    for kind in [
        HostKind::Pool,
        HostKind::Member {
            pool: HostId(Uuid::nil()),
        },
    ] {
        let pool = Host {
            kind,
            ..host(Link::Up)
        };
        assert_eq!(
            sentence(Action::VmSysrq, &vm(PowerState::Running), &pool, None),
            "A pool sends no SysRq keys: XAPI does not implement it."
        );
    }
}

#[test]
fn the_control_domain_is_never_acted_on() {
    let dom0 = Vm {
        role: VmRole::ControlDomain,
        name: "Domain-0".into(),
        ..vm(PowerState::Running)
    };
    for action in Action::ALL {
        assert_eq!(
            sentence(action, &dom0, &host(Link::Up), None),
            "Domain-0 runs the host itself and cannot be acted on."
        );
    }
}

#[test]
fn what_its_pool_would_refuse_is_refused_with_its_reason() {
    let up = host(Link::Up);
    let refusing = |power| Vm {
        refused: vec![RefusedAction {
            action: Action::VmShutdown,
            why: "Its guest has no tools that would answer: power it off instead.".into(),
        }],
        ..vm(power)
    };
    let said = vm_action(
        Action::VmShutdown,
        &refusing(PowerState::Running),
        &up,
        None,
        &CanAll,
    );
    assert_eq!(
        said,
        Err(Refusal::new(
            RefusalCode::NotSupported,
            "Its guest has no tools that would answer: power it off instead."
        ))
    );
    assert_eq!(
        sentence(Action::VmPowerOff, &refusing(PowerState::Running), &up, None),
        "ok"
    );
    assert_eq!(
        sentence(Action::VmShutdown, &refusing(PowerState::Halted), &up, None),
        "It is not running."
    );
}

#[test]
fn nothing_is_done_on_a_host_that_is_not_heard() {
    let running = vm(PowerState::Running);
    let mut sentences = String::new();
    for link in [
        Link::Connecting,
        Link::Down {
            since: UnixMillis(0),
            why: "timed out".into(),
            retry_at: UnixMillis(0),
        },
        Link::Unauthenticated { why: "denied".into() },
        Link::KeyChanged {
            pinned: "SHA256:a".into(),
            seen: "SHA256:b".into(),
        },
    ] {
        sentences += &sentence(Action::VmShutdown, &running, &host(link), None);
        sentences.push('\n');
    }
    expect![[r#"
        xen-1 is being connected.
        xen-1 cannot be reached.
        xen-1 refuses the stored credentials.
        xen-1 shows another host key than the confirmed one.
    "#]]
    .assert_eq(&sentences);
}

#[test]
fn one_act_at_a_time_but_a_deaf_guest_can_be_powered_off() {
    let up = host(Link::Up);
    let running = vm(PowerState::Running);
    assert_eq!(
        sentence(Action::VmReboot, &running, &up, Some(Action::VmShutdown)),
        "Shutting down is already under way."
    );
    assert_eq!(
        sentence(Action::VmPowerOff, &running, &up, Some(Action::VmShutdown)),
        "ok"
    );
    assert_eq!(
        sentence(Action::VmPowerOff, &running, &up, Some(Action::VmPause)),
        "Pausing is already under way."
    );
    assert_eq!(
        sentence(Action::VmSysrq, &running, &up, Some(Action::VmReboot)),
        "ok"
    );
    assert_eq!(
        sentence(Action::VmSysrq, &running, &up, Some(Action::VmSysrq)),
        "Sending SysRq is already under way."
    );
}

#[test]
fn a_vm_without_a_readable_definition_is_not_started() {
    let up = host(Link::Up);
    let broken = Vm {
        config_problem: Some("line 3: a quote is not closed".into()),
        ..vm(PowerState::Halted)
    };
    let lost = Vm {
        config_path: None,
        ..vm(PowerState::Halted)
    };
    assert_eq!(
        sentence(Action::VmStart, &broken, &up, None),
        "Its definition /etc/xen/web-01.cfg cannot be read: line 3: a quote is not closed"
    );
    assert_eq!(
        sentence(Action::VmStart, &lost, &up, None),
        "There is no definition file to start it from."
    );
}
