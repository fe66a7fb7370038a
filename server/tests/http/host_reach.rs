//! The ways to a host: through a jump host, as the machine that the server runs on, and keys that `known_hosts` confirms.
use axum::http::StatusCode;
use serde_json::json;
use wxa_core::Ctx;
use wxa_model::{KnownHost, Link, Object, Transport};
use wxa_sim::{SimHost, SimHostConfig};
use wxa_testkit::{Client, TestApp, wait_until};
use wxa_wire::{CredentialParams, HostProbeParams, JumpParams, SecretText, operation as op, operation::NoId};

/// A jump host with nothing on it, and a host behind it.
async fn gate_and_host() -> (SimHost, SimHost) {
    let mut gate = SimHostConfig::new("gate", 42);
    gate.user = "jumper".into();
    let gate = SimHost::start(gate).await.expect("a simulated host");
    let host = SimHost::start(super::fleet::host("xen-9"))
        .await
        .expect("a simulated host");
    (gate, host)
}

fn jump(gate: &SimHost) -> JumpParams {
    JumpParams {
        address: gate.address().ip().to_string(),
        port: gate.address().port(),
        user: "jumper".into(),
        credential: CredentialParams::Password {
            password: SecretText("xen".into()),
        },
        fingerprint: gate.fingerprint(),
    }
}

fn probe(host: &SimHost) -> HostProbeParams {
    HostProbeParams {
        transport: Transport::Ssh,
        address: host.address().ip().to_string(),
        port: host.address().port(),
        jump: None,
        known_hosts: String::new(),
    }
}

fn add(host: &SimHost, jump: &JumpParams) -> String {
    json!({
        "address": host.address().ip().to_string(),
        "port": host.address().port(),
        "user": "root",
        "credential": { "password": { "password": "xen" } },
        "fingerprint": host.fingerprint(),
        "jump": jump,
    })
    .to_string()
}

async fn link(app: &TestApp, wanted: impl Fn(&Link) -> bool) {
    wait_until("the link is as it should be", || async {
        let objects = app.core().inventory_view(&Ctx::command_line()).objects;
        let links: Vec<Link> = objects
            .into_iter()
            .filter_map(|object| match object {
                Object::Host(host) => Some(host.link),
                _ => None,
            })
            .collect();
        if links.iter().any(&wanted) {
            Ok(())
        } else {
            Err(links)
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_is_added_through_a_jump_host_and_found_again_after_a_restart() {
    let mut app = TestApp::start().await;
    let admin = app.admin().await;
    let (gate, host) = gate_and_host().await;
    let through = HostProbeParams {
        jump: Some(jump(&gate)),
        ..probe(&host)
    };
    let key = admin.call::<op::HostProbe>(NoId, through).await.expect("a key");
    assert_eq!(key.fingerprint, host.fingerprint());
    let added = admin
        .send("POST", "/api/v1/hosts", Some(&add(&host, &jump(&gate))))
        .await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    link(&app, Link::is_up).await;
    app.restart().await;
    link(&app, Link::is_up).await;

    // The key of the jump host changes: that is said as such, and trusted as such.
    gate.change_host_key().await;
    gate.cut().await;
    let seen = gate.fingerprint();
    link(
        &app,
        |link| matches!(link, Link::JumpKeyChanged { seen: now, .. } if *now == seen),
    )
    .await;
    let admin = admin.on(&app);
    let id = app.core().host_list(&Ctx::command_line()).await.expect("hosts")[0].id;
    let path = format!("/api/v1/hosts/{id}/key");
    let wrong = admin
        .send("PUT", &path, Some(&json!({ "fingerprint": seen }).to_string()))
        .await;
    assert_eq!(
        wrong.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it is not the host's key"
    );
    let trusted = admin
        .send(
            "PUT",
            &path,
            Some(&json!({ "fingerprint": seen, "of": "jump" }).to_string()),
        )
        .await;
    assert_eq!(trusted.status, StatusCode::NO_CONTENT, "{}", trusted.body);
    link(&app, Link::is_up).await;

    // Its credential is replaced by itself, once it works.
    let path = format!("/api/v1/hosts/{id}/jump-credential");
    let wrong = json!({ "password": { "password": "guess" } }).to_string();
    let wrong = admin.send("PUT", &path, Some(&wrong)).await;
    assert!(
        wrong.status.is_client_error() || wrong.status.is_server_error(),
        "{wrong:?}"
    );
    let right = json!(jump(&gate).credential).to_string();
    let right = admin.send("PUT", &path, Some(&right)).await;
    assert_eq!(right.status, StatusCode::NO_CONTENT, "{}", right.body);
    link(&app, Link::is_up).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_the_jump_host_names_its_field() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (gate, host) = gate_and_host().await;
    let good = jump(&gate);
    let cases = [
        (
            JumpParams {
                fingerprint: host.fingerprint(),
                ..good.clone()
            },
            "jump.fingerprint",
        ),
        (
            JumpParams {
                address: "no spaces please".into(),
                ..good.clone()
            },
            "jump.address",
        ),
        (
            JumpParams {
                user: String::new(),
                ..good.clone()
            },
            "jump.user",
        ),
    ];
    for (jump, field) in cases {
        let reply = admin
            .send("POST", "/api/v1/hosts/test", Some(&add(&host, &jump)))
            .await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.body);
        assert!(reply.body.contains(&format!("\"{field}\"")), "{}", reply.body);
    }
    gate.refuse().await;
    let reply = admin
        .send("POST", "/api/v1/hosts", Some(&add(&host, &good)))
        .await;
    assert_eq!(reply.status, StatusCode::BAD_GATEWAY, "{}", reply.body);
    assert!(
        reply.body.contains("The jump host cannot be used"),
        "{}",
        reply.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_hosts_confirms_a_key_or_says_why_not() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (_, host) = gate_and_host().await;
    let port = host.address().port();
    let line = host.public_key();
    let known = |text: String| known(&admin, &host, text);
    assert_eq!(
        known(format!("[127.0.0.1]:{port} {line}")).await,
        Some(KnownHost::Listed { line: 1 })
    );
    assert_eq!(
        known(format!("@revoked * {line}\n[127.0.0.1]:{port} {line}")).await,
        Some(KnownHost::Revoked { line: 1 })
    );
    assert_eq!(
        known(format!("127.0.0.1 {line}")).await,
        Some(KnownHost::Missing { unreadable: None })
    );
    assert_eq!(known(" \n".into()).await, None);
}

async fn known(admin: &Client, host: &SimHost, known_hosts: String) -> Option<KnownHost> {
    let params = HostProbeParams {
        known_hosts,
        ..probe(host)
    };
    admin
        .call::<op::HostProbe>(NoId, params)
        .await
        .expect("a key")
        .known
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn this_machine_is_offered_where_it_can_be_a_host() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ways = admin.call::<op::HostWays>(NoId, ()).await.expect("ways");
    assert_eq!(ways.local, wxa_xl::is_control_domain());
    if ways.local {
        return;
    }
    let reply = admin
        .send("POST", "/api/v1/hosts", Some(r#"{"transport":"local"}"#))
        .await;
    assert_ne!(reply.status, StatusCode::CREATED, "there is no Xen here");
    assert!(
        !reply.status.is_server_error() || reply.status == StatusCode::BAD_GATEWAY,
        "{}",
        reply.body
    );
    let row = app.ended_row("host_add").await;
    assert_eq!(row.on, "this machine");
}
