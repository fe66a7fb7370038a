//! Adding and keeping hosts.
use axum::http::StatusCode;
use wxa_model::{Link, PowerState, Transport, Trust};
use wxa_sim::SimHost;
use wxa_testkit::TestApp;
use wxa_wire::{
    CredentialParams, HostAddParams, HostProbeParams, HostTrustParams, KeyOwner, SecretText, operation as op,
    operation::NoId,
};

async fn spare() -> SimHost {
    SimHost::start(super::fleet::host("xen-9"))
        .await
        .expect("a simulated host")
}

fn password(text: &str) -> CredentialParams {
    CredentialParams::Password {
        password: SecretText(text.into()),
    }
}

fn params(host: &SimHost, fingerprint: &str) -> HostAddParams {
    HostAddParams {
        name: String::new(),
        site: "Lab".into(),
        transport: Transport::Ssh,
        address: host.address().ip().to_string(),
        port: host.address().port(),
        user: "root".into(),
        credential: password("xen"),
        fingerprint: fingerprint.into(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_is_probed_tested_added_and_its_guests_appear() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let host = spare().await;
    let probe = HostProbeParams {
        transport: Transport::Ssh,
        address: "127.0.0.1".into(),
        port: host.address().port(),
        jump: None,
        known_hosts: String::new(),
    };
    let key = admin.call::<op::HostProbe>(NoId, probe).await.expect("a key");
    assert_eq!(key.fingerprint, host.fingerprint());

    let facts = admin
        .call::<op::HostTest>(NoId, params(&host, &key.fingerprint))
        .await
        .expect("it answers");
    assert_eq!(facts.hostname, "xen-9");
    let mut live = admin.live().await;
    let added = admin
        .call::<op::HostAdd>(NoId, params(&host, &key.fingerprint))
        .await
        .expect("added");
    live.wait_until("its guests are seen", |live| {
        let up = live.host(added.host).is_some_and(|host| host.link == Link::Up);
        up && live.objects.values().any(|object| {
            matches!(object, wxa_model::Object::Vm(vm) if vm.name == "web-01" && vm.power == PowerState::Running)
        })
    })
    .await;

    let again = admin
        .call::<op::HostAdd>(NoId, params(&host, &key.fingerprint))
        .await
        .expect_err("it is there");
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    admin
        .call::<op::HostRemove>(added.host, ())
        .await
        .expect("removed");
    live.wait_until("it is gone", |live| live.host(added.host).is_none())
        .await;
    assert!(
        !live
            .objects
            .values()
            .any(|object| matches!(object, wxa_model::Object::Vm(_))),
        "with its guests"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_key_or_a_wrong_password_adds_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let host = spare().await;
    let other = format!("SHA256:{}", "A".repeat(43));
    let wrong_key = admin
        .call::<op::HostAdd>(NoId, params(&host, &other))
        .await
        .expect_err("another key");
    assert_eq!(wrong_key.body.field.as_deref(), Some("fingerprint"));
    let wrong = HostAddParams {
        credential: password("guess"),
        ..params(&host, &host.fingerprint())
    };
    let wrong = admin
        .call::<op::HostAdd>(NoId, wrong)
        .await
        .expect_err("a wrong password");
    assert_eq!(wrong.body.field.as_deref(), Some("credential"));
    assert!(
        app.core()
            .host_list(&wxa_core::Ctx::command_line())
            .await
            .expect("hosts")
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_key_stops_everything_until_it_is_trusted() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (host, id) = app.host(0);
    let mut live = admin.live().await;
    host.change_host_key().await;
    host.cut().await;
    live.wait_until("the change is shown", |live| {
        live.host(id)
            .is_some_and(|host| matches!(host.link, Link::KeyChanged { .. }))
    })
    .await;
    let refused = admin
        .call::<op::VmStart>(app.vm_id("build-01"), ())
        .await
        .expect_err("nothing is sent");
    assert_eq!(refused.status, StatusCode::CONFLICT);

    let trust = HostTrustParams {
        fingerprint: host.fingerprint(),
        of: KeyOwner::Host,
        ..HostTrustParams::default()
    };
    admin.call::<op::HostTrustKey>(id, trust).await.expect("trusted");
    live.wait_until("it is up again", |live| {
        live.host(id).is_some_and(|host| host.link == Link::Up)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_host_keeps_its_guests_and_says_how_old_they_are() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (host, id) = app.host(0);
    let vm = app.vm_id("web-01");
    let mut live = admin.live().await;
    host.refuse().await;
    host.cut().await;
    live.wait_until("it is down", |live| {
        live.host(id)
            .is_some_and(|host| matches!(host.link, Link::Down { .. }) && host.last_word.is_some())
    })
    .await;
    assert_eq!(
        live.power(vm),
        Some(PowerState::Running),
        "what was last seen stays"
    );
    host.accept().await;
    live.wait_until("it is up again", |live| {
        live.host(id).is_some_and(|host| host.link == Link::Up)
    })
    .await;
}
