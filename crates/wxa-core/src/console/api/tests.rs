//! Opening a console through core's front door: rights, kinds, the audit row.
use super::*;
use crate::{
    AuditFilter, AuditOutcome,
    core::test_core::TestCore,
    test_driver::{HOST, SITE, Script, record, soon, until, vm, vm_id},
};
use wxa_model::{Grant, PowerState, Role, Scope, Site, SiteId};

async fn core_with(vms: Vec<Vm>) -> (TestCore, Script) {
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
    let _watching = script.listed(vms).await;
    until(&live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.facts.is_some())
    })
    .await;
    (core, script)
}

fn who(role: Role, scope: Scope) -> Ctx {
    Ctx {
        name: "ada".into(),
        grants: [Grant { role, scope }].into(),
        ..Ctx::anonymous("192.0.2.1", "r")
    }
}

#[tokio::test]
async fn opening_is_audited_and_needs_the_right_to_it() {
    let (core, _script) = core_with(vec![vm(1, PowerState::Halted)]).await;
    let operator = who(Role::Operator, Scope::Host(HOST));
    let mut viewer = core.console_open(&operator, vm_id(1), None, None).await.unwrap();
    assert!(matches!(
        soon(viewer.next()).await,
        Some(crate::ViewerItem::Begin { .. })
    ));
    let rows = core
        .audit_list(&Ctx::command_line(), AuditFilter::default())
        .await
        .unwrap();
    assert_eq!(
        (rows[0].what.as_str(), rows[0].on.as_str(), rows[0].outcome),
        ("console_open", "vm-1", None),
        "it is still open"
    );

    let looks = who(Role::Viewer, Scope::Everything);
    assert!(matches!(
        core.console_open(&looks, vm_id(1), None, None).await,
        Err(Error::Forbidden)
    ));
    let elsewhere = who(Role::Admin, Scope::Site(SiteId(uuid::Uuid::from_u128(99))));
    assert!(matches!(
        core.console_open(&elsewhere, vm_id(1), None, None).await,
        Err(Error::NotFound)
    ));
    core.stop().await;
    while soon(viewer.next()).await.is_some() {}
}

#[tokio::test]
async fn the_row_of_a_console_ends_when_the_console_does_and_says_how() {
    let (core, _script) = core_with(vec![vm(1, PowerState::Halted)]).await;
    let operator = who(Role::Operator, Scope::Host(HOST));
    let newest = async || {
        let rows = core
            .audit_list(&Ctx::command_line(), AuditFilter::default())
            .await;
        rows.unwrap().remove(0)
    };
    let viewer = core.console_open(&operator, vm_id(1), None, None).await.unwrap();
    core.clock.advance(std::time::Duration::from_secs(200));
    viewer.leave("The session ended.").await;
    let row = newest().await;
    assert_eq!(
        (row.outcome, row.detail.as_str()),
        (Some(AuditOutcome::Done), "The session ended.")
    );
    assert_eq!(row.ended_at.map(|ended| ended.since(row.at)), Some(200_000));

    drop(core.console_open(&operator, vm_id(1), None, None).await.unwrap());
    // Stopping waits for what is under way, the end of the row included.
    let store = core.reopened_after_stop().await;
    let rows = store.audit_list(&AuditFilter::default(), 1).await.unwrap();
    assert_eq!(
        (rows[0].outcome, rows[0].detail.as_str()),
        (Some(AuditOutcome::Done), "The viewer left.")
    );
}

#[tokio::test]
async fn there_is_no_console_of_the_host_itself_or_of_a_kind_that_is_not_there() {
    let dom0 = Vm {
        role: VmRole::ControlDomain,
        ..vm(0, PowerState::Running)
    };
    let (core, _script) = core_with(vec![dom0, vm(1, PowerState::Running)]).await;
    let operator = who(Role::Operator, Scope::Everything);
    let refused = core.console_open(&operator, vm_id(0), None, None).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    let refused = core
        .console_open(&operator, vm_id(1), Some(ConsoleKind::Graphical), None)
        .await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    core.stop().await;
}

#[tokio::test]
async fn the_console_of_a_host_itself_takes_its_administrator_and_is_on_record_by_its_name() {
    let dom0 = Vm {
        role: VmRole::ControlDomain,
        consoles: vec![ConsoleKind::Pv],
        ..vm(0, PowerState::Running)
    };
    let (core, _script) = core_with(vec![dom0, vm(1, PowerState::Running)]).await;
    let operator = who(Role::Operator, Scope::Everything);
    assert!(matches!(
        core.console_open(&operator, vm_id(0), None, None).await,
        Err(Error::Forbidden)
    ));
    drop(core.console_open(&operator, vm_id(1), None, None).await.unwrap());
    let admin = who(Role::Admin, Scope::Host(HOST));
    drop(core.console_open(&admin, vm_id(0), None, None).await.unwrap());
    let rows = core
        .audit_list(&Ctx::command_line(), AuditFilter::default())
        .await
        .unwrap();
    let name = core.live().inventory.now().host(HOST).unwrap().0.name.clone();
    assert_eq!(rows[0].on, format!("{name} (the host itself)"));
    core.stop().await;
}
