//! Acting on a VM through core's front door: rights, refusals, records.
use crate::{
    AuditEntry, AuditFilter, AuditOutcome, Ctx, Error,
    core::test_core::TestCore,
    test_driver::{HOST, SITE, Script, Watching, record, soon, until, vm, vm_id},
};
use std::time::{Duration, Instant};
use wxa_driver::{DriverEvent, ErrorKind};
use wxa_model::{Action, Grant, PowerState, RefusalCode, Role, Scope, Site, SiteId, TaskOutcome};

mod sysrq;

async fn core_with(power: PowerState) -> (TestCore, Script, Watching) {
    let core = TestCore::start().await;
    let mut script = Script::new();
    let live = core.live();
    live.inventory
        .put_site(Site {
            id: SITE,
            name: "Home".into(),
        })
        .await;
    live.hosts.attach(record(HOST), script.driver.clone()).await;
    let watching = script.listed(vec![vm(1, power)]).await;
    until(&live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link.is_up())
    })
    .await;
    (core, script, watching)
}

fn who(role: Role, scope: Scope) -> Ctx {
    Ctx {
        name: "ada".into(),
        grants: [Grant { role, scope }].into(),
        ..Ctx::anonymous("192.0.2.1", "r")
    }
}

fn operator() -> Ctx {
    who(Role::Operator, Scope::Host(HOST))
}

/// The row of the act, once it has ended.
async fn ended_row(core: &TestCore, what: &str) -> AuditEntry {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let rows = core
            .audit_list(&Ctx::command_line(), AuditFilter::default())
            .await
            .unwrap();
        match rows.iter().find(|row| row.what == what) {
            Some(row) if row.ended_at.is_some() => return row.clone(),
            _ => assert!(Instant::now() < deadline, "not in time: {rows:#?}"),
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_act_is_audited_listed_and_recorded() {
    let (core, mut script, _watching) = core_with(PowerState::Halted).await;
    let id = core.vm_act(&operator(), Action::VmStart, vm_id(1)).await.unwrap();
    let running = core
        .live()
        .inventory
        .now()
        .task(id)
        .cloned()
        .expect("it is listed when the caller has its id");
    assert_eq!(
        (running.by.as_str(), running.vm_name.as_str(), running.outcome),
        ("ada", "vm-1", None)
    );

    soon(script.performs.recv())
        .await
        .unwrap()
        .end
        .send(Ok(()))
        .unwrap();
    let row = ended_row(&core, "vm_start").await;
    assert_eq!(
        (row.by.as_str(), row.from.as_str(), row.on.as_str()),
        ("ada", "192.0.2.1", "vm-1")
    );
    assert_eq!(
        (row.on_id, row.outcome),
        (vm_id(1).to_string(), Some(AuditOutcome::Done))
    );
    let listed = core.task_list(&operator(), 10).await.unwrap();
    assert_eq!(
        (listed[0].id, listed[0].outcome.clone()),
        (id, Some(TaskOutcome::Done))
    );
    assert_eq!(
        core.inner.store.task_list(10).await.unwrap()[0].outcome,
        Some(TaskOutcome::Done)
    );
    core.stop().await;
}

#[tokio::test]
async fn a_failure_is_audited_with_the_hosts_words() {
    let (core, mut script, _watching) = core_with(PowerState::Halted).await;
    core.vm_act(&operator(), Action::VmStart, vm_id(1)).await.unwrap();
    let refused = wxa_driver::Error::new(ErrorKind::Refused { code: "1".into() }, "no memory left");
    soon(script.performs.recv())
        .await
        .unwrap()
        .end
        .send(Err(refused))
        .unwrap();
    let row = ended_row(&core, "vm_start").await;
    assert_eq!(
        (row.outcome, row.detail.as_str()),
        (Some(AuditOutcome::Failed), "no memory left")
    );
    core.stop().await;
}

#[tokio::test]
async fn whoever_may_not_is_told_no_more_than_it_may_see() {
    let (core, mut script, _watching) = core_with(PowerState::Halted).await;
    let act = |ctx| {
        let core = core.core.clone();
        async move { core.vm_act(&ctx, Action::VmStart, vm_id(1)).await.unwrap_err() }
    };
    let elsewhere = Scope::Site(SiteId(uuid::Uuid::from_u128(99)));
    assert!(matches!(
        act(who(Role::Viewer, Scope::Everything)).await,
        Error::Forbidden
    ));
    assert!(matches!(
        act(who(Role::Admin, elsewhere.clone())).await,
        Error::NotFound
    ));
    assert!(matches!(
        act(Ctx::anonymous("192.0.2.1", "r")).await,
        Error::NotFound
    ));
    assert!(
        core.vm_commands(&who(Role::Admin, elsewhere.clone()), vm_id(1))
            .is_err()
    );
    assert_eq!(
        core.task_list(&who(Role::Admin, elsewhere), 10).await.unwrap(),
        []
    );
    assert!(script.performs.try_recv().is_err(), "nothing reached the host");
    core.stop().await;
}

#[tokio::test]
async fn what_is_not_possible_now_is_refused_with_the_buttons_sentence() {
    let (core, mut script, watching) = core_with(PowerState::Running).await;
    let refusal = |error| match error {
        Error::Conflict(refusal) => refusal,
        other => panic!("{other:?}"),
    };
    let error = core
        .vm_act(&operator(), Action::VmStart, vm_id(1))
        .await
        .unwrap_err();
    assert_eq!(refusal(error).sentence, "It is already running.");

    core.vm_act(&operator(), Action::VmPause, vm_id(1)).await.unwrap();
    let error = core
        .vm_act(&operator(), Action::VmPause, vm_id(1))
        .await
        .unwrap_err();
    assert_eq!(refusal(error).code, RefusalCode::Busy);
    soon(script.performs.recv())
        .await
        .unwrap()
        .end
        .send(Ok(()))
        .unwrap();
    ended_row(&core, "vm_pause").await;

    watching.lose(ErrorKind::Unreachable, "no route");
    until(&core.live().inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| !host.link.is_up())
    })
    .await;
    let error = core
        .vm_act(&operator(), Action::VmPowerOff, vm_id(1))
        .await
        .unwrap_err();
    assert_eq!(refusal(error).code, RefusalCode::HostDown);
    core.stop().await;
}

#[tokio::test]
async fn what_cannot_be_recorded_does_not_happen() {
    let (core, mut script, _watching) = core_with(PowerState::Halted).await;
    core.inner.store.close().await;
    let error = core
        .vm_act(&operator(), Action::VmStart, vm_id(1))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Internal(_)), "{error:?}");
    assert!(script.performs.try_recv().is_err(), "nothing reached the host");
    assert!(!core.readiness().await.ready);
    core.stop().await;
}

#[tokio::test]
async fn an_act_outlives_its_caller_and_a_stopped_server_says_that_it_does_not_know() {
    let (core, mut script, _watching) = core_with(PowerState::Halted).await;
    {
        let ctx = operator();
        let mut asked = Box::pin(core.vm_act(&ctx, Action::VmStart, vm_id(1)));
        assert!(futures::poll!(&mut asked).is_pending());
        // The caller goes away here.
    }
    let _call = soon(script.performs.recv()).await.unwrap();
    let store = core.reopened_after_stop().await;
    let task = store.task_list(1).await.unwrap().remove(0);
    let why = "The server was stopped meanwhile.".into();
    assert_eq!(task.outcome, Some(TaskOutcome::Unknown { why }));
}

#[tokio::test]
async fn the_commands_are_those_of_the_hosts_driver() {
    let (core, _script, watching) = core_with(PowerState::Halted).await;
    let commands = core.vm_commands(&operator(), vm_id(1)).unwrap();
    assert_eq!(commands[0], (Action::VmStart, "xl vm_start".to_owned()));
    watching.say(DriverEvent::Gone(vm_id(1))).await;
    until(&core.live().inventory, |now| now.vm(vm_id(1)).is_none()).await;
    assert!(matches!(
        core.vm_commands(&operator(), vm_id(1)),
        Err(Error::NotFound)
    ));
    core.stop().await;
}
