//! Starting and stopping on one folder: records, key and lock.
use super::test_core::{KEY, TestCore};
use super::*;
use crate::{AuditOutcome, AuditTarget, Credential, Ctx, NewHost};
use std::{fs, os::unix::fs::PermissionsExt as _};
use uuid::Uuid;
use wxa_model::{Action, HostId, Object, Task, TaskId, TaskOutcome, Transport, Trust, VmId};

fn new_host() -> NewHost {
    NewHost {
        name: String::new(),
        site: String::new(),
        transport: Transport::Ssh,
        address: "xen.example".into(),
        port: 22,
        user: "root".into(),
        credential: Credential::Password("right".into()),
        fingerprint: KEY.into(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    }
}

#[tokio::test]
async fn everything_in_the_folder_is_for_the_owner_only() {
    let core = TestCore::start().await;
    for entry in fs::read_dir(core.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
    core.stop().await;
}

#[tokio::test]
async fn a_second_server_is_refused_and_the_command_line_is_not() {
    let core = TestCore::start().await;
    let error = Core::start(core.config()).await.unwrap_err();
    assert!(matches!(error, StartError::AlreadyRunning { .. }), "{error:?}");
    let command_line = Core::open(core.config()).await.unwrap();
    assert!(command_line.setup_needed().await.unwrap());
    command_line.stop().await;
    let core = core.restarted().await;
    core.stop().await;
}

#[tokio::test]
async fn what_a_killed_run_left_open_is_ended_as_unknown() {
    let core = TestCore::start().await;
    drop(
        core.audit_begin(&Ctx::command_line(), "vm_start", AuditTarget::installation())
            .await
            .unwrap(),
    );
    let task = Task {
        id: TaskId(Uuid::from_u128(1)),
        action: Action::VmStart,
        vm: VmId(Uuid::from_u128(2)),
        vm_name: "web".into(),
        host: HostId(Uuid::from_u128(3)),
        on: None,
        by: "ada".into(),
        started_at: core.now(),
        ended_at: None,
        step: String::new(),
        percent: None,
        outcome: None,
        cancel: wxa_model::Cancel::No,
    };
    core.inner.store.task_put(&task).await.unwrap();

    // Beside a running server, the command line leaves its records alone.
    let command_line = Core::open(core.config()).await.unwrap();
    assert_eq!(core.inner.store.task_list(1).await.unwrap()[0].outcome, None);
    command_line.stop().await;

    let core = core.restarted().await;
    let entry = core
        .audit_list(&Ctx::command_line(), crate::AuditFilter::default())
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (entry.outcome, entry.ended_at),
        (Some(AuditOutcome::Unknown), None)
    );
    assert_eq!(entry.detail, STOPPED_IN_THE_MIDDLE);
    let unknown = TaskOutcome::Unknown {
        why: STOPPED_IN_THE_MIDDLE.into(),
    };
    assert_eq!(
        core.inner.store.task_list(1).await.unwrap()[0].outcome,
        Some(unknown.clone())
    );
    core.live().inventory.settled().await;
    let view = core.inventory_view(&Ctx::command_line());
    assert!(
        view.objects
            .iter()
            .any(|object| matches!(object, Object::Task(t) if t.outcome == Some(unknown.clone()))),
        "{view:?}"
    );
    core.stop().await;
}

#[tokio::test]
async fn a_lost_or_foreign_key_is_noticed_when_it_matters() {
    let core = TestCore::start().await;
    let key = core.folder.path().join("sealing.key");
    core.stop().await;
    // Nothing is sealed yet: a new key does.
    fs::remove_file(&key).unwrap();
    let core = core.restarted().await;
    core.host_add(&Ctx::command_line(), new_host()).await.unwrap();
    core.stop().await;

    let good = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    let error = Core::start(core.config()).await.unwrap_err();
    assert!(matches!(error, StartError::KeyMissing { .. }), "{error:?}");
    assert!(!key.exists(), "a new key would hide the loss");

    SealingKey::create(&key).unwrap();
    let error = Core::start(core.config()).await.unwrap_err();
    assert!(matches!(error, StartError::KeyWrong { .. }), "{error:?}");

    fs::write(&key, good).unwrap();
    let core = core.restarted().await;
    core.stop().await;
}

#[tokio::test]
async fn stopping_twice_is_stopping() {
    let core = TestCore::start().await;
    assert_ne!(core.epoch(), 0);
    core.stop().await;
    core.stop().await;
}

#[tokio::test]
async fn how_hosts_stand_is_recorded_over_a_restart() {
    use wxa_model::{
        UnixMillis,
        status::{Standing, Watched},
    };
    let core = TestCore::start().await;
    let (host, _) = core.host_add(&Ctx::command_line(), new_host()).await.unwrap();
    let of = Watched::Host(host);
    let up = async |core: &TestCore, since: UnixMillis| {
        let mut changes = core.inner.status.changes();
        let is_up = |standings: &Arc<crate::Standings>| standings.of(of).standing == Standing::Up;
        let told = changes.wait_for(is_up).await.unwrap().clone();
        assert_eq!(told.of(of).since, Some(since));
    };
    let begun = core.now();
    up(&core, begun).await;
    core.clock.advance(Duration::from_secs(4));
    core.stop().await;
    core.clock.advance(Duration::from_secs(2));
    let next = Core::start(core.config()).await.unwrap();
    let core = TestCore { core: next, ..core };
    let again = core.now();
    up(&core, again).await;
    core.clock.advance(Duration::from_secs(1));
    let spans = core.inner.status.spans_of(&[of], UnixMillis(0), core.now()).await;
    let told: Vec<_> = spans.unwrap()[&of]
        .iter()
        .map(|span| (span.from, span.until.since(span.from)))
        .collect();
    assert_eq!(told, [(begun, 4_000), (again, 1_000)]);
    core.stop().await;
}
