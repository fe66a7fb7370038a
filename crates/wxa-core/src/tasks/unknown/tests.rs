//! What a host's word means for a task of unknown outcome.
use super::*;
use crate::test_driver::{HOST, SITE, vm};
use uuid::Uuid;
use wxa_model::{HostKind, Link, TaskId, UnixMillis};

fn host(link: Link, last_word: u64) -> Host {
    Host {
        id: HOST,
        kind: HostKind::Plain,
        site: SITE,
        name: "xen-1".into(),
        address: String::new(),
        link,
        last_word: Some(UnixMillis(last_word)),
        facts: None,
        config_dir: String::new(),
        tags: vec![],
        notes: String::new(),
    }
}

fn task(action: Action) -> Task {
    let shown = vm(1, PowerState::Halted);
    Task {
        id: TaskId(Uuid::nil()),
        action,
        vm: shown.id,
        vm_name: shown.name,
        host: HOST,
        on: None,
        by: String::new(),
        started_at: UnixMillis(10),
        ended_at: Some(UnixMillis(20)),
        step: String::new(),
        percent: None,
        outcome: Some(TaskOutcome::Unknown { why: String::new() }),
        cancel: wxa_model::Cancel::No,
    }
}

const BEFORE: u64 = 15;
const AFTER: u64 = 25;

#[test]
fn what_was_wanted_is_news_at_once() {
    let up = host(Link::Up, BEFORE);
    let running = vm(1, PowerState::Running);
    let start = task(Action::VmStart);
    assert_eq!(word(&start, None, Some(&running), &up).as_deref(), Some(RUNNING));
    let resolved = Task {
        step: RUNNING.into(),
        ..start
    };
    assert_eq!(
        word(
            &resolved,
            None,
            Some(&vm(1, PowerState::Halted)),
            &host(Link::Up, AFTER)
        ),
        None,
        "it stays"
    );
}

#[test]
fn what_was_not_wanted_counts_only_when_the_host_was_heard_anew() {
    let halted = vm(1, PowerState::Halted);
    let start = task(Action::VmStart);
    assert_eq!(word(&start, None, Some(&halted), &host(Link::Up, BEFORE)), None);
    assert_eq!(
        word(&start, None, Some(&halted), &host(Link::Connecting, AFTER)),
        None
    );
    assert_eq!(
        word(&start, None, Some(&halted), &host(Link::Up, AFTER)).as_deref(),
        Some(HALTED)
    );
    let gone = word(&start, None, None, &host(Link::Up, AFTER));
    assert_eq!(gone.as_deref(), Some("The host does not list it any more."));
}

#[test]
fn a_reboot_is_seen_by_another_run_of_the_guest() {
    let up = host(Link::Up, BEFORE);
    let same = vm(1, PowerState::Running);
    let (reboot, reset) = (task(Action::VmReboot), task(Action::VmReset));
    assert_eq!(word(&reboot, Some("1"), Some(&same), &up), None);
    assert_eq!(word(&reset, Some("1"), Some(&same), &up), None);
    let other = Vm {
        native_id: Some("2".into()),
        ..same
    };
    assert_eq!(
        word(&reboot, Some("1"), Some(&other), &up).as_deref(),
        Some(RUNNING)
    );
    assert_eq!(
        word(&reset, Some("1"), Some(&other), &up).as_deref(),
        Some(RUNNING)
    );
}

#[test]
fn a_suspended_guest_is_what_suspending_wanted_and_a_running_one_what_resuming_wanted() {
    let up = host(Link::Up, BEFORE);
    let (suspended, running) = (vm(1, PowerState::Suspended), vm(1, PowerState::Running));
    let said = |action, vm| word(&task(action), None, Some(vm), &up);
    assert_eq!(said(Action::VmSuspend, &running), None);
    assert_eq!(said(Action::VmSuspend, &suspended).as_deref(), Some(SUSPENDED));
    assert_eq!(said(Action::VmResume, &suspended), None);
    assert_eq!(said(Action::VmResume, &running).as_deref(), Some(RUNNING));
}
