//! Serial consoles of HVM guests in pools: their members reached over SSH, with keys that somebody confirmed.
use axum::http::StatusCode;
use serde_json::json;
use wxa_model::{ConsoleKind, GuestType, HostId, NoConsole, Object, PowerState, Vm};
use wxa_sim::xapi::{MemberSsh, PoolConfig, SimPool};
use wxa_testkit::{Client, LiveClient, TestApp};
use wxa_wire::{
    ConsoleQuery, ConsoleStatus, PoolSshKey, PoolSshLookParams, PoolSshParams, PoolSshView, close,
    operation as op,
};

use super::pool::{added, members, password, xapi};

async fn lab() -> SimPool {
    let mut config = PoolConfig::new("lab", 7);
    config.vms = 24;
    config.ssh = MemberSsh::Port(0);
    SimPool::start(config).await.expect("a simulated pool")
}

fn port(pool: &SimPool) -> u16 {
    pool.ssh(0).expect("a member").address().port()
}

async fn look(admin: &Client, pool: &SimPool, id: HostId) -> PoolSshView {
    let params = PoolSshLookParams { port: port(pool) };
    admin
        .call::<op::PoolSshLook>(id, params)
        .await
        .expect("they are looked at")
}

/// The keys that the members show, as a person would confirm them.
async fn confirmed(admin: &Client, pool: &SimPool, id: HostId) -> PoolSshParams {
    let seen = look(admin, pool, id).await;
    let keys = seen.members.into_iter().map(|member| PoolSshKey {
        host: member.host,
        fingerprint: member.shown.expect("it answers"),
    });
    PoolSshParams {
        user: "root".into(),
        port: port(pool),
        credential: Some(password("xen")),
        keys: keys.collect(),
    }
}

async fn set_up(admin: &Client, pool: &SimPool, id: HostId) {
    let params = confirmed(admin, pool, id).await;
    admin.call::<op::PoolSshSet>(id, params).await.expect("kept");
}

/// A running HVM guest of which `is` holds.
fn hvm(live: &LiveClient, is: impl Fn(&Vm) -> bool) -> Option<Vm> {
    live.objects.values().find_map(|object| match object {
        Object::Vm(vm)
            if vm.guest_type == Some(GuestType::Hvm) && vm.power == PowerState::Running && is(vm) =>
        {
            Some(vm.clone())
        }
        _ => None,
    })
}

/// One whose serial port can be opened, once that is told.
async fn with_serial(live: &mut LiveClient) -> Vm {
    let has = |vm: &Vm| vm.has_text_console();
    live.wait_until("serial ports are offered", |live| hvm(live, has).is_some())
        .await;
    hvm(live, has).expect("one")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hvm_guest_says_why_it_has_no_console_and_gets_its_serial_port_once_members_are_reached() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (id, mut live) = added(&admin, &pool).await;
    let vm = hvm(&live, |_| true).expect("an HVM guest");
    assert_eq!(
        (vm.consoles.as_slice(), vm.no_console),
        (&[ConsoleKind::Graphical][..], Some(NoConsole::NoSsh))
    );
    // That there is a screen does not make a terminal of it.
    for kind in [None, Some(ConsoleKind::Graphical)] {
        let asked = ConsoleQuery {
            kind,
            ..ConsoleQuery::default()
        };
        let refused = admin.console(vm.id, &asked).await.closed().await;
        assert_eq!(refused.code, Some(close::BAD_REQUEST), "{refused:?}");
    }

    let before = admin.call::<op::PoolSshGet>(id, ()).await.expect("a view");
    assert_eq!((before.account, before.members.len()), (None, 2));
    set_up(&admin, &pool, id).await;
    let vm = with_serial(&mut live).await;
    let mut console = admin.console(vm.id, &ConsoleQuery::default()).await;
    console.connected().await;
    console.type_text("\r").await;
    console.wait_for("login:").await;

    let kept = look(&admin, &pool, id).await;
    let account = kept.account.clone().expect("it is kept");
    assert_eq!((account.user.as_str(), account.port), ("root", port(&pool)));
    for member in &kept.members {
        assert_eq!(member.pinned, member.shown, "{member:?}");
        assert_eq!((member.usable, &member.problem), (Some(true), &None));
    }
    let text = format!("{kept:?}");
    assert!(!text.contains("xen\""), "no secret comes back: {text}");
    let rows = app.audit().await;
    for what in ["pool_ssh_look", "pool_ssh_set"] {
        assert!(
            rows.iter().any(|row| row.what == what && row.on == "Production"),
            "{what} is on record"
        );
    }

    admin.call::<op::PoolSshRemove>(id, ()).await.expect("forgotten");
    live.wait_until("it has none any more", |live| {
        live.vm(vm.id)
            .is_some_and(|vm| vm.no_console == Some(NoConsole::NoSsh) && !vm.has_text_console())
    })
    .await;
    let after = admin.call::<op::PoolSshGet>(id, ()).await.expect("a view");
    assert!(after.account.is_none() && after.members.iter().all(|member| member.pinned.is_none()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_serial_console_goes_on_at_the_member_that_its_guest_migrates_to() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (id, mut live) = added(&admin, &pool).await;
    set_up(&admin, &pool, id).await;
    let session = xapi(&pool, "session.login_with_password", json!(["root", "xen"])).await;
    with_serial(&mut live).await;
    // One whose disks are shared: it can move.
    let mut found = None;
    for vm in live.objects.values().filter_map(|object| match object {
        Object::Vm(vm) if vm.consoles.contains(&ConsoleKind::Serial) && vm.power == PowerState::Running => {
            Some(vm)
        }
        _ => None,
    }) {
        let this = xapi(&pool, "VM.get_by_uuid", json!([session, vm.xen_uuid])).await;
        let possible = xapi(&pool, "VM.get_possible_hosts", json!([session, this])).await;
        if possible.as_array().is_some_and(|hosts| hosts.len() > 1) {
            found = Some((vm.clone(), this));
            break;
        }
    }
    let (vm, reference) = found.expect("a guest that can move");
    let mut console = admin.console(vm.id, &ConsoleQuery::default()).await;
    console.connected().await;
    console.type_text("okapi-4711").await;
    console.wait_for("okapi-4711").await;
    console.clear();

    let hosts = xapi(&pool, "host.get_all", json!([session])).await;
    let here = xapi(&pool, "VM.get_resident_on", json!([session, reference])).await;
    let hosts = hosts.as_array().expect("a list").clone();
    let there = hosts.iter().find(|host| **host != here).expect("another member");
    xapi(&pool, "VM.pool_migrate", json!([session, reference, there, {}])).await;
    live.wait_until("it is on the other member", |live| {
        live.vm(vm.id).is_some_and(|now| now.host != vm.host)
    })
    .await;
    // What it printed before comes once more there; the attaching has begun anew.
    console.wait_for("Linux version").await;
    console.type_text("zebra-4711").await;
    console.wait_for("zebra-4711").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_with_another_key_gets_nothing_of_ours_until_somebody_confirms_it() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (id, mut live) = added(&admin, &pool).await;
    let asked = confirmed(&admin, &pool, id).await;
    let mut wrong = asked.clone();
    wrong.keys[0].fingerprint = format!("SHA256:{}", "A".repeat(43));
    let refused = admin
        .call::<op::PoolSshSet>(id, wrong)
        .await
        .expect_err("another key");
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.body.field.as_deref(), Some("keys"), "{refused:?}");
    assert!(
        refused.body.message.contains(&asked.keys[0].fingerprint),
        "{refused:?}"
    );

    admin.call::<op::PoolSshSet>(id, asked).await.expect("kept");
    let vm = with_serial(&mut live).await;
    for n in [0, 1] {
        pool.ssh(n).expect("a member").change_host_key().await;
    }
    let mut console = admin.console(vm.id, &ConsoleQuery::default()).await;
    console
        .wait_until("it says so", |console| {
            matches!(&console.status, Some(ConsoleStatus::Failed { why }) if why.contains("another host key"))
        })
        .await;
    assert!(
        live.host(id).is_some_and(|host| host.link.is_up()),
        "the pool itself is as it was"
    );
    let seen = look(&admin, &pool, id).await;
    for member in &seen.members {
        assert_ne!(member.pinned, member.shown);
        assert_eq!(member.usable, None, "nobody signed in there");
    }
    set_up(&admin, &pool, id).await;
    console.connected().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_does_not_answer_keeps_its_key_and_its_console_comes_back() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (id, mut live) = added(&admin, &pool).await;
    let asked = confirmed(&admin, &pool, id).await;
    admin
        .call::<op::PoolSshSet>(id, asked.clone())
        .await
        .expect("kept");
    let vm = with_serial(&mut live).await;
    let on = members(&live, id).into_iter().find(|member| member.id == vm.host);
    let on = on.expect("its member");
    let n = pool
        .addresses()
        .position(|address| address.to_string() == on.address)
        .expect("it is there");
    let shell = pool.ssh(n).expect("its SSH server");
    shell.refuse().await;
    shell.cut().await;
    let mut console = admin.console(vm.id, &ConsoleQuery::default()).await;
    console
        .wait_until("it says so", |console| {
            matches!(console.status, Some(ConsoleStatus::Failed { .. }))
        })
        .await;
    let seen = look(&admin, &pool, id).await;
    let member = seen.members.iter().find(|member| member.host == on.id);
    let member = member.expect("it is listed");
    assert!(member.shown.is_none() && member.problem.is_some(), "{member:?}");
    admin
        .call::<op::PoolSshSet>(id, asked)
        .await
        .expect("what was confirmed before stays while it is away");
    shell.accept().await;
    console.connected().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_or_no_confirmed_key_keeps_nothing() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (id, _) = added(&admin, &pool).await;
    let good = confirmed(&admin, &pool, id).await;
    for (change, field) in [
        (
            PoolSshParams {
                credential: Some(password("guess")),
                ..good.clone()
            },
            "credential",
        ),
        (
            PoolSshParams {
                credential: None,
                ..good.clone()
            },
            "credential",
        ),
        (
            PoolSshParams {
                keys: Vec::new(),
                ..good.clone()
            },
            "keys",
        ),
        (
            PoolSshParams {
                user: "-x".into(),
                ..good.clone()
            },
            "user",
        ),
    ] {
        let refused = admin
            .call::<op::PoolSshSet>(id, change)
            .await
            .expect_err("refused");
        assert_eq!(refused.body.field.as_deref(), Some(field), "{refused:?}");
    }
    let kept = admin.call::<op::PoolSshGet>(id, ()).await.expect("a view");
    assert_eq!(kept.account, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_confirmed_members_are_used_and_a_guest_without_a_serial_port_says_so() {
    let (app, pool) = (TestApp::start().await, lab().await);
    let admin = app.admin().await;
    let (id, mut live) = added(&admin, &pool).await;
    let mut asked = confirmed(&admin, &pool, id).await;
    let left_out = asked.keys.pop().expect("two members").host;
    admin.call::<op::PoolSshSet>(id, asked).await.expect("kept");
    let vm = with_serial(&mut live).await;
    assert_ne!(vm.host, left_out);
    let there = hvm(&live, |vm| vm.host == left_out).expect("a guest on the other member");
    assert_eq!(there.no_console, Some(NoConsole::KeyUnconfirmed));

    let session = xapi(&pool, "session.login_with_password", json!(["root", "xen"])).await;
    let found = xapi(&pool, "VM.get_by_uuid", json!([session, vm.xen_uuid])).await;
    let none = json!([session, found, "hvm_serial", "none"]);
    xapi(&pool, "VM.add_to_platform", none).await;
    live.wait_until("it has none", |live| {
        live.vm(vm.id)
            .is_some_and(|vm| vm.no_console == Some(NoConsole::NoSerialPort))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_of_plain_xen_has_no_members_to_reach() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let refused = app
        .admin()
        .await
        .call::<op::PoolSshGet>(app.host(0).1, ())
        .await
        .expect_err("it is no pool");
    assert_eq!(refused.status, StatusCode::CONFLICT);
}
