//! Screens: of a pool's VMs, through the server.
use serde_json::{Value, json};
use wxa_core::AuditOutcome;
use wxa_model::{ConsoleKind, GuestType, Object, PowerState, Role, Scope, Vm, VmId};
use wxa_sim::xapi::SimPool;
use wxa_testkit::{LiveClient, TestApp, wait_until};
use wxa_wire::{ConsoleStatus, close, operation as op, operation::NoId};

use super::pool::{added, lab, xapi};

/// A VM with a screen, in that state.
fn hvm(live: &LiveClient, power: PowerState) -> Vm {
    let halted = |object: &Object| match object {
        Object::Vm(vm) if vm.guest_type == Some(GuestType::Hvm) && vm.power == power => Some(vm.clone()),
        _ => None,
    };
    let found = live.objects.values().find_map(|object| match power {
        PowerState::Running => running_hvm(object).cloned(),
        _ => halted(object),
    });
    found.expect("an HVM guest")
}

/// A running VM with a screen that another member has room and disks for, and what `VM.pool_migrate` wants to move it there.
async fn movable(pool: &SimPool, session: &Value, live: &LiveClient) -> (Vm, Value) {
    for vm in live.objects.values().filter_map(running_hvm) {
        let found = xapi(pool, "VM.get_by_uuid", json!([session, vm.xen_uuid])).await;
        let home = xapi(pool, "VM.get_resident_on", json!([session, found])).await;
        let hosts = xapi(pool, "VM.get_possible_hosts", json!([session, found])).await;
        let other = hosts
            .as_array()
            .expect("hosts")
            .iter()
            .find(|host| **host != home);
        if let Some(other) = other {
            return (vm.clone(), json!([session, found, other, {"live": "true"}]));
        }
    }
    panic!("no VM can move");
}

fn running_hvm(object: &Object) -> Option<&Vm> {
    match object {
        Object::Vm(vm)
            if vm.guest_type == Some(GuestType::Hvm)
                && vm.power == PowerState::Running
                && vm.consoles.contains(&ConsoleKind::Graphical) =>
        {
            Some(vm)
        }
        _ => None,
    }
}

/// Rows above the bar that moves by itself.
fn upper(picture: &[u8]) -> &[u8] {
    picture.get(..640 * 300 * 4).expect("a picture")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_types_into_a_screen_and_a_viewer_only_sees_it() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (id, live) = added(&admin, &pool).await;
    let vm = hvm(&live, PowerState::Running);
    let operator = app.operator_on(id).await;
    let mut his = operator.screen(vm.id).await;
    his.begin(1).await;
    assert_eq!(his.size, (640, 400));
    let before = his.picture().await;
    his.key(u32::from('x')).await;
    assert_ne!(
        upper(&his.picture().await),
        upper(&before),
        "what he types is there"
    );

    let viewer = app.viewer().await;
    let mut hers = viewer.screen(vm.id).await;
    hers.begin(1).await;
    let before = hers.picture().await;
    hers.key(u32::from('x')).await;
    assert_eq!(
        upper(&hers.picture().await),
        upper(&before),
        "what she types is not"
    );
    hers.wait_until("both are named", |screen| screen.watchers.len() == 2)
        .await;
    let acts: Vec<bool> = hers.watchers.iter().map(|one| one.acts).collect();
    assert_eq!(acts, [true, false]);
    assert_eq!(hers.watchers.last().map(|one| one.number), Some(hers.you));

    let row = |rows: Vec<wxa_core::AuditEntry>| {
        rows.into_iter()
            .find(|row| row.what == "screen_open" && row.by == "viewer")
    };
    let open = row(app.audit().await).expect("on record");
    assert_eq!((open.on.as_str(), open.outcome), (vm.name.as_str(), None));
    viewer
        .call::<op::SessionDelete>(NoId, ())
        .await
        .expect("signed out");
    assert_eq!(hers.closed().await.code, Some(close::SIGNED_OUT));
    wait_until("the row has ended", || async {
        let row = row(app.audit().await);
        row.clone()
            .filter(|row| row.outcome == Some(AuditOutcome::Done))
            .ok_or(row)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_goes_on_when_its_vm_reboots_and_when_it_moves_to_another_member() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (_, live) = added(&admin, &pool).await;
    let session = xapi(&pool, "session.login_with_password", json!(["root", "xen"])).await;
    let (vm, moves) = movable(&pool, &session, &live).await;
    let mut screen = admin.screen(vm.id).await;
    screen.begin(1).await;
    screen.picture().await;
    admin.call::<op::VmReset>(vm.id, ()).await.expect("accepted");
    screen.begin(2).await;
    screen.picture().await;

    let task = xapi(&pool, "Async.VM.pool_migrate", moves).await;
    wait_until("it has moved", || async {
        let record = xapi(&pool, "task.get_record", json!([session, task])).await;
        match record["status"] == "success" {
            true => Ok(()),
            false => Err(record),
        }
    })
    .await;
    screen.begin(3).await;
    screen.picture().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_screen_of_a_halted_vm_comes_when_it_is_started() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (_, live) = added(&admin, &pool).await;
    let vm = hvm(&live, PowerState::Halted);
    let mut screen = admin.screen(vm.id).await;
    screen
        .wait_until("it waits", |screen| {
            screen.status == Some(ConsoleStatus::NotRunning)
        })
        .await;
    let anywhere = wxa_wire::PlaceParams::default();
    admin
        .call::<op::VmStart>(vm.id, anywhere)
        .await
        .expect("accepted");
    screen.begin(1).await;
    screen.picture().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_rfb_ends_the_socket_and_a_vm_that_is_not_there_has_no_screen() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (_, live) = added(&admin, &pool).await;
    let vm = hvm(&live, PowerState::Running).id;
    let mut screen = admin.screen(vm).await;
    screen.begin(1).await;
    screen.socket().send_bytes(&[99; 20]).await;
    let closed = screen.closed().await;
    assert_eq!(
        (closed.code, closed.reason.as_str()),
        (Some(close::BAD_REQUEST), "A viewer sends no message 99.")
    );
    let mut screen = admin.screen(vm).await;
    screen.socket().send_text("{}").await;
    assert_eq!(screen.closed().await.code, Some(close::BAD_REQUEST));
    let nobody = admin.screen(VmId(uuid::Uuid::nil())).await;
    assert_eq!(nobody.closed().await.code, Some(close::NOT_FOUND));
    let elsewhere = Scope::Tag("elsewhere".into());
    let stranger = app.signed_in("stranger", Role::Admin, elsewhere).await;
    let refused = stranger.screen(vm).await.closed().await;
    assert_eq!(refused.code, Some(close::NOT_FOUND));
}
