//! XAPI pools: looked at, tested, added, acted on, watched while members go.
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use wxa_model::{
    GuestType, Host, HostId, HostKind, Link, Object, PowerState, TaskOutcome, Transport, Trust, Vm, VmRole,
};
use wxa_sim::xapi::{PoolConfig, SimPool};
use wxa_testkit::{Client, LiveClient, TestApp};
use wxa_wire::{
    ConsoleQuery, CredentialParams, ErrorCode, HostAddParams, HostDetailsQuery, HostProbeParams,
    HostSetParams, SecretText, TagsParams, close, operation as op, operation::NoId,
};

pub(crate) async fn lab() -> SimPool {
    let mut config = PoolConfig::new("lab", 7);
    config.vms = 24;
    SimPool::start(config).await.expect("a simulated pool")
}

pub(super) fn password(text: &str) -> CredentialParams {
    CredentialParams::Password {
        password: SecretText(text.into()),
    }
}

/// By its n-th member.
pub(super) fn params(pool: &SimPool, n: usize) -> HostAddParams {
    let address = pool.tls_address(n).expect("a member");
    HostAddParams {
        name: "Production".into(),
        site: "Lab".into(),
        transport: Transport::Xapi,
        address: address.ip().to_string(),
        port: address.port(),
        user: "root".into(),
        credential: password("xen"),
        fingerprint: pool.fingerprint_of(n).expect("a member").into(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    }
}

pub(crate) async fn added(admin: &Client, pool: &SimPool) -> (HostId, LiveClient) {
    let added = admin
        .call::<op::HostAdd>(NoId, params(pool, 0))
        .await
        .expect("added");
    let mut live = admin.live().await;
    live.wait_until("it is up", |live| {
        live.host(added.host).is_some_and(|host| host.link == Link::Up)
    })
    .await;
    (added.host, live)
}

pub(crate) fn members(live: &LiveClient, pool: HostId) -> Vec<Host> {
    let hosts = live.objects.values().filter_map(|object| match object {
        Object::Host(host) if host.kind == HostKind::Member { pool } => Some(host.clone()),
        _ => None,
    });
    hosts.collect()
}

/// A call of another client of the pool.
pub(crate) async fn xapi(pool: &SimPool, method: &str, params: Value) -> Value {
    let body = json!({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).to_string();
    let request = format!(
        "POST /jsonrpc HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let address = pool.http_address(0).expect("a member");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("an answer");
    let (_, body) = text.split_once("\r\n\r\n").expect("a body");
    let answer: Value = serde_json::from_str(body).expect("JSON");
    answer.get("result").cloned().expect("a result")
}

/// One that has a text console and runs.
fn running(live: &LiveClient) -> Vm {
    let found = live.objects.values().find_map(|object| match object {
        Object::Vm(vm)
            if vm.role == VmRole::Guest
                && vm.power == PowerState::Running
                && matches!(vm.guest_type, Some(GuestType::Pv | GuestType::Pvh)) =>
        {
            Some(vm.clone())
        }
        _ => None,
    });
    found.expect("a running VM")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_is_looked_at_tested_and_added_and_its_members_and_vms_appear() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let probe = HostProbeParams {
        transport: Transport::Xapi,
        address: params(&pool, 0).address,
        port: params(&pool, 0).port,
        jump: None,
        known_hosts: String::new(),
    };
    let shown = admin
        .call::<op::HostProbe>(NoId, probe)
        .await
        .expect("a certificate");
    assert_eq!(
        (shown.fingerprint.as_str(), shown.algorithm.as_str()),
        (pool.fingerprint(), "x509")
    );
    let facts = admin
        .call::<op::HostTest>(NoId, params(&pool, 0))
        .await
        .expect("it answers");
    assert!(facts.uuid.is_some() && !facts.product.is_empty(), "{facts:?}");

    let (id, live) = added(&admin, &pool).await;
    let members = members(&live, id);
    assert_eq!(members.len(), 2, "{members:?}");
    assert!(members.iter().all(|member| member.link == Link::Up));
    let on_them = live.objects.values().filter(|object| match object {
        Object::Vm(vm) => vm.host == id || members.iter().any(|member| member.id == vm.host),
        _ => false,
    });
    assert!(on_them.count() >= 24);

    let details = admin
        .call::<op::HostDetailsGet>(id, HostDetailsQuery::default())
        .await
        .expect("details");
    let told = details
        .known
        .expect("they are told")
        .details
        .pool
        .expect("of a pool");
    assert!(
        told.repositories.get().is_some_and(|all| !all.is_empty()),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_pool_added_twice_by_two_member_addresses_is_refused_by_its_name() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    added(&admin, &pool).await;
    let again = admin
        .call::<op::HostAdd>(NoId, params(&pool, 1))
        .await
        .expect_err("it is there");
    assert_eq!(again.body.field.as_deref(), Some("address"));
    assert!(
        again.body.message.contains("added already, as Production"),
        "{:?}",
        again.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cloned_lab_with_the_same_uuids_in_another_site_is_listed_beside_its_original() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (original, mut live) = added(&admin, &pool).await;
    let listed = |live: &LiveClient| {
        let vms = live
            .objects
            .values()
            .filter(|object| matches!(object, Object::Vm(_)));
        vms.count()
    };
    let alone = listed(&live);
    let elsewhere = HostAddParams {
        site: "Elsewhere".into(),
        ..params(&pool, 1)
    };
    let clone = admin
        .call::<op::HostAdd>(NoId, elsewhere)
        .await
        .expect("added")
        .host;
    live.wait_until("both are listed", |live| {
        live.host(clone).is_some_and(|host| host.link == Link::Up) && listed(live) == 2 * alone
    })
    .await;
    assert_eq!(members(&live, original).len(), members(&live, clone).len());

    let tagged = members(&live, clone).swap_remove(0).id;
    let tags = TagsParams {
        add: vec!["copy".into()],
        remove: vec![],
    };
    admin.call::<op::HostSetTags>(tagged, tags).await.expect("tagged");
    live.wait_until("the clone's is", |live| {
        live.host(tagged).is_some_and(|host| host.tags == ["copy"])
    })
    .await;
    assert!(
        members(&live, original)
            .iter()
            .all(|member| member.tags.is_empty())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_certificate_a_wrong_password_and_what_is_of_ssh_add_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    for (change, field) in [
        (
            HostAddParams {
                fingerprint: ["00"; 32].join(":"),
                ..params(&pool, 0)
            },
            "fingerprint",
        ),
        (
            HostAddParams {
                fingerprint: format!("SHA256:{}", "A".repeat(43)),
                ..params(&pool, 0)
            },
            "fingerprint",
        ),
        (
            HostAddParams {
                credential: password("guess"),
                ..params(&pool, 0)
            },
            "credential",
        ),
        (
            HostAddParams {
                credential: CredentialParams::Agent {},
                ..params(&pool, 0)
            },
            "credential",
        ),
    ] {
        let refused = admin
            .call::<op::HostAdd>(NoId, change)
            .await
            .expect_err("refused");
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        assert_eq!(refused.body.field.as_deref(), Some(field), "{refused:?}");
    }
    let sites = admin.live().await.objects;
    assert!(sites.is_empty(), "{sites:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_operate_a_pool_suspends_resumes_and_resets_what_is_on_its_members() {
    let app = TestApp::start().await;
    let pool = lab().await;
    let (id, _) = added(&app.admin().await, &pool).await;
    let operator = app.operator_on(id).await;
    let mut live = operator.live().await;
    live.wait_until("it is up", |live| {
        live.host(id).is_some_and(|host| host.link == Link::Up)
    })
    .await;
    let vm = running(&live);
    for action in ["suspend", "resume", "reset"] {
        let accepted = match action {
            "suspend" => operator.call::<op::VmSuspend>(vm.id, ()).await,
            "resume" => operator.call::<op::VmResume>(vm.id, ()).await,
            _ => operator.call::<op::VmReset>(vm.id, ()).await,
        };
        let task = accepted.expect("accepted").task;
        live.wait_until("the task is done", |live| {
            live.task(task)
                .is_some_and(|task| task.outcome == Some(TaskOutcome::Done))
        })
        .await;
        let wanted = match action {
            "suspend" => PowerState::Suspended,
            _ => PowerState::Running,
        };
        live.wait_until("its pool says so", |live| live.power(vm.id) == Some(wanted))
            .await;
        assert_eq!(live.task(task).map(|task| task.host), Some(id));
    }
    assert_eq!(live.snapshots, 1, "all of it came as deltas");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_blocked_on_the_pool_is_refused_with_the_words_of_who_blocked_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (_, mut live) = added(&admin, &pool).await;
    let vm = running(&live);
    let session = xapi(&pool, "session.login_with_password", json!(["root", "xen"])).await;
    let found = xapi(&pool, "VM.get_by_name_label", json!([session, vm.name])).await;
    let blocked = json!([session, found[0], "clean_shutdown", "Ask the ERP team"]);
    xapi(&pool, "VM.add_to_blocked_operations", blocked).await;
    live.wait_until("it is told", |live| {
        live.objects
            .values()
            .any(|object| matches!(object, Object::Vm(one) if one.id == vm.id && !one.refused.is_empty()))
    })
    .await;
    let refused = admin
        .call::<op::VmShutdown>(vm.id, ())
        .await
        .expect_err("it is blocked");
    assert_eq!(
        (refused.status, refused.body.code),
        (StatusCode::CONFLICT, ErrorCode::Conflict)
    );
    assert_eq!(
        refused.body.refusal.expect("a refusal").sentence,
        "It is blocked on the pool: Ask the ERP team."
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_pools_do_is_refused_on_plain_xen() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let refused = app
        .admin()
        .await
        .call::<op::VmSuspend>(app.vm_id("web-01"), ())
        .await
        .expect_err("plain Xen");
    assert_eq!(
        (refused.status, refused.body.code),
        (StatusCode::CONFLICT, ErrorCode::Conflict)
    );
    assert_eq!(
        refused.body.refusal.expect("a refusal").sentence,
        "This host cannot suspend."
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_administers_a_pool_works_at_a_members_own_console_and_operators_do_not() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (id, live) = added(&admin, &pool).await;
    let member = members(&live, id).swap_remove(0);
    let domain = live.objects.values().find_map(|object| match object {
        Object::Vm(vm) if vm.host == member.id && vm.role == VmRole::ControlDomain => Some(vm.id),
        _ => None,
    });
    let domain = domain.expect("a control domain");
    let query = ConsoleQuery::default();
    let mut console = admin.console(domain, &query).await;
    console.connected().await;
    console.type_text("\r").await;
    console.wait_for("login:").await;

    let operator = app.operator_on(id).await;
    let refused = operator.console(domain, &query).await.closed().await;
    assert_eq!(refused.code, Some(close::FORBIDDEN), "{refused:?}");
    let rows = app.audit().await;
    let opened = rows
        .iter()
        .find(|row| row.what == "console_open" && row.by == "admin")
        .expect("on record");
    assert_eq!(opened.on, format!("{} (the host itself)", member.name));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_goes_is_shown_as_gone_and_one_cannot_change_it_alone() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (id, mut live) = added(&admin, &pool).await;
    let follower = pool.addresses().nth(1).expect("a second member").to_string();
    let member = members(&live, id)
        .into_iter()
        .find(|member| member.address == follower)
        .expect("it is listed");
    let set = HostSetParams {
        name: Some("x".into()),
        ..HostSetParams::default()
    };
    let refused = admin
        .call::<op::HostSet>(member.id, set)
        .await
        .expect_err("it is its pool's");
    assert_eq!(refused.status, StatusCode::CONFLICT);

    live.wish(Vec::new()).await;
    live.wait_until("it is measured", |live| {
        live.host_samples.contains_key(&member.id)
    })
    .await;
    pool.cut_host(1);
    live.wait_until("its pool does not hear from it", |live| {
        live.host(member.id)
            .is_some_and(|host| matches!(&host.link, Link::Down { why, .. } if why.contains("Its pool")))
    })
    .await;
    assert!(live.host(id).is_some_and(|host| host.link == Link::Up));
    pool.restore_host(1);
    live.wait_until("it is back", |live| {
        live.host(member.id).is_some_and(|host| host.link == Link::Up)
    })
    .await;

    admin.call::<op::HostRemove>(id, ()).await.expect("removed");
    live.wait_until("all of it is gone", |live| {
        !live
            .objects
            .values()
            .any(|object| matches!(object, Object::Host(_) | Object::Vm(_)))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pools_own_tags_are_shown_and_give_nobody_a_right() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (_, mut live) = added(&admin, &pool).await;
    let vm = running(&live);
    assert!(!vm.pool_tags.is_empty() && vm.tags.is_empty(), "{vm:?}");
    let session = xapi(&pool, "session.login_with_password", json!(["root", "xen"])).await;
    let found = xapi(&pool, "VM.get_by_uuid", json!([session, vm.xen_uuid])).await;
    xapi(&pool, "VM.add_tags", json!([session, found, "Crew"])).await;
    live.wait_until("it is told", |live| {
        live.vm(vm.id)
            .is_some_and(|vm| vm.pool_tags.iter().any(|tag| tag == "Crew"))
    })
    .await;
    let crew = app
        .signed_in(
            "crew",
            wxa_model::Role::Admin,
            wxa_model::Scope::Tag("crew".into()),
        )
        .await;
    let refused = crew.call::<op::VmPause>(vm.id, ()).await.expect_err("no right");
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_pool_reports_is_told_with_what_it_is_about() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (id, live) = added(&admin, &pool).await;
    let vm = running(&live);
    let session = xapi(&pool, "session.login_with_password", json!(["root", "xen"])).await;
    let told = json!([session, "BACKUP_FAILED", 2, "VM", vm.xen_uuid, "No space left"]);
    xapi(&pool, "message.create", told).await;
    let query = || HostDetailsQuery {
        age: Some(wxa_wire::DetailsAge::Now),
    };
    wxa_testkit::wait_until("the message is told", || async {
        let view = admin
            .call::<op::HostDetailsGet>(id, query())
            .await
            .expect("details");
        let details = view.known.expect("told").details.pool.expect("of a pool");
        let found = details
            .messages
            .into_iter()
            .find(|one| one.name == "BACKUP_FAILED");
        found
            .filter(|one| {
                (one.priority, one.body.as_str()) == (2, "No space left")
                    && one.about == wxa_model::pool_details::MessageAbout::Vm(vm.id)
                    && one.at.is_some()
            })
            .ok_or("not yet")
    })
    .await;
}
