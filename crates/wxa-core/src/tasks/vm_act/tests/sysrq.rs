//! SysRq keys: which key reaches the driver, who may send one, and what is on record.
use super::*;
use wxa_model::{SysrqKey, VmAct};

fn crash() -> VmAct {
    VmAct::sysrq(vm_id(1), SysrqKey::new('c').unwrap())
}

#[tokio::test]
async fn the_key_reaches_the_driver_and_is_on_record() {
    let (core, mut script, _watching) = core_with(PowerState::Running).await;
    core.vm_act_on(&operator(), crash()).await.unwrap();
    let call = soon(script.performs.recv()).await.unwrap();
    assert_eq!((call.action, call.key), (Action::VmSysrq, crash().key));
    call.end.send(Ok(())).unwrap();
    let row = ended_row(&core, "vm_sysrq").await;
    assert_eq!(
        (row.on.as_str(), row.outcome),
        ("vm-1 (SysRq c)", Some(AuditOutcome::Done))
    );
    core.stop().await;
}

#[tokio::test]
async fn whoever_may_only_look_sends_no_key() {
    let (core, mut script, _watching) = core_with(PowerState::Running).await;
    let viewer = who(Role::Viewer, Scope::Host(HOST));
    let error = core.vm_act_on(&viewer, crash()).await.unwrap_err();
    assert!(matches!(error, Error::Forbidden), "{error:?}");
    assert!(script.performs.try_recv().is_err(), "nothing reached the host");
    core.stop().await;
}

#[tokio::test]
async fn a_key_goes_with_that_act_only_and_that_act_with_a_key() {
    let (core, mut script, _watching) = core_with(PowerState::Running).await;
    let pause = VmAct {
        action: Action::VmPause,
        ..crash()
    };
    for act in [VmAct::new(Action::VmSysrq, vm_id(1)), pause] {
        let error = core.vm_act_on(&operator(), act).await.unwrap_err();
        assert!(matches!(error, Error::Invalid { field: "key", .. }), "{error:?}");
    }
    assert!(script.performs.try_recv().is_err(), "nothing reached the host");
    core.stop().await;
}

#[tokio::test]
async fn a_guest_that_hangs_while_it_is_asked_to_shut_down_can_be_sent_a_key() {
    let (core, mut script, _watching) = core_with(PowerState::Running).await;
    core.vm_act(&operator(), Action::VmShutdown, vm_id(1))
        .await
        .unwrap();
    let waiting = soon(script.performs.recv()).await.unwrap();
    core.vm_act_on(&operator(), crash()).await.unwrap();
    let call = soon(script.performs.recv()).await.unwrap();
    assert_eq!(call.action, Action::VmSysrq);
    call.end.send(Ok(())).unwrap();
    ended_row(&core, "vm_sysrq").await;
    assert!(!waiting.end.is_closed(), "the shutdown goes on waiting");
    waiting.end.send(Ok(())).unwrap();
    ended_row(&core, "vm_shutdown").await;
    core.stop().await;
}
