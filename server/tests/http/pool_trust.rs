//! By what pools are known: authorities, renewed certificates, members over a restart, other pools.
use axum::http::StatusCode;
use wxa_model::{HostId, Link, Transport, Trust};
use wxa_sim::xapi::{Paper, PoolConfig, Signer, SimPool, authority};
use wxa_testkit::{Client, LiveClient, TestApp};
use wxa_wire::{
    CredentialParams, HostAddParams, HostTrustParams, SecretText, operation as op, operation::NoId,
};

const LAB: u64 = 5;

async fn lab(change: impl FnOnce(&mut PoolConfig)) -> SimPool {
    let mut config = PoolConfig::new("lab", 7);
    config.signer = Signer::Authority(LAB);
    change(&mut config);
    SimPool::start(config).await.expect("a simulated pool")
}

fn vouched() -> Trust {
    Trust::Authority {
        certificates: authority(LAB).expect("an authority"),
    }
}

fn params(pool: &SimPool, trust: Trust) -> HostAddParams {
    let address = pool.tls_address(0).expect("a member");
    HostAddParams {
        name: "Production".into(),
        site: "Lab".into(),
        transport: Transport::Xapi,
        address: address.ip().to_string(),
        port: address.port(),
        user: "root".into(),
        credential: CredentialParams::Password {
            password: SecretText("xen".into()),
        },
        fingerprint: match trust {
            Trust::Pin => pool.fingerprint().into(),
            Trust::System | Trust::Authority { .. } => String::new(),
        },
        trust,
        jump: None,
        config_dir: String::new(),
    }
}

async fn added(admin: &Client, params: HostAddParams) -> (HostId, LiveClient) {
    let host = admin.call::<op::HostAdd>(NoId, params).await.expect("added").host;
    let mut live = admin.live().await;
    up(&mut live, host).await;
    (host, live)
}

async fn up(live: &mut LiveClient, host: HostId) {
    live.wait_until("it is up", |live| {
        live.host(host).is_some_and(|host| host.link == Link::Up)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_is_added_by_its_authority_and_a_wrong_certificate_adds_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut pool = lab(|_| {}).await;
    let ended = Paper {
        until: Some((2024, 3, 1)),
        ..Paper::of(Signer::Authority(LAB))
    };
    pool.show(0, &ended).expect("shown");
    let refused = admin
        .call::<op::HostAdd>(NoId, params(&pool, vouched()))
        .await
        .expect_err("it has ended");
    assert_eq!(
        (refused.status, refused.body.field.as_deref()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("trust"))
    );
    assert!(
        refused.body.message.contains("has ended (on 2024-03-01"),
        "{refused:?}"
    );

    pool.show(0, &Paper::of(Signer::Authority(LAB))).expect("shown");
    let (id, _) = added(&admin, params(&pool, vouched())).await;
    let known = admin.call::<op::HostTrustGet>(id, ()).await.expect("known");
    assert_eq!((known.trust, known.fingerprint.as_str()), (vouched(), ""));
    let operator = app.operator_on(id).await;
    let forbidden = operator
        .call::<op::HostTrustGet>(id, ())
        .await
        .expect_err("forbidden");
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_becomes_an_authority_and_a_renewed_certificate_needs_nobody_then() {
    let mut app = TestApp::start().await;
    let admin = app.admin().await;
    let mut pool = lab(|_| {}).await;
    let (id, live) = added(&admin, params(&pool, Trust::Pin)).await;
    let other = HostTrustParams {
        trust: Trust::Authority {
            certificates: authority(LAB + 1).expect("an authority"),
        },
        ..HostTrustParams::default()
    };
    let refused = admin
        .call::<op::HostTrustKey>(id, other)
        .await
        .expect_err("it does not vouch");
    assert_eq!(refused.body.field.as_deref(), Some("trust"), "{refused:?}");
    let change = HostTrustParams {
        trust: vouched(),
        ..HostTrustParams::default()
    };
    admin.call::<op::HostTrustKey>(id, change).await.expect("changed");
    let renewed = Paper {
        issue: 1,
        ..Paper::of(Signer::Authority(LAB))
    };
    pool.show(0, &renewed).expect("shown");
    drop(live);
    // Whoever connects anew sees it: so does a server that starts again.
    app.restart().await;
    up(&mut admin.on(&app).live().await, id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_with_the_coordinator_down_the_new_one_is_found_at_a_kept_member() {
    let mut app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab(|config| config.hosts = 3).await;
    let (id, live) = added(&admin, params(&pool, Trust::Pin)).await;
    let known = admin.call::<op::HostTrustGet>(id, ()).await.expect("known");
    assert_eq!(known.members.len(), 3, "{known:?}");
    assert!(known.members.iter().all(|member| !member.fingerprints.is_empty()));
    drop(live);
    pool.cut_host(0);
    pool.promote(2);
    app.restart().await;
    let mut live = admin.on(&app).live().await;
    up(&mut live, id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_pool_at_the_same_address_is_refused_until_an_administrator_takes_it() {
    let mut app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab(|_| {}).await;
    let (id, live) = added(&admin, params(&pool, vouched())).await;
    let kept = admin.call::<op::HostTrustGet>(id, ()).await.expect("known").pool;
    drop(live);
    // Installed anew: other UUIDs, and the same authority vouches.
    let uuid = uuid::Uuid::from_u128(0xabc);
    pool.become_another(uuid);
    app.restart().await;
    let admin = admin.on(&app);
    let mut live = admin.live().await;
    let other = Link::OtherPool {
        kept: kept.expect("a UUID"),
        seen: uuid,
    };
    live.wait_until("it is refused", |live| {
        live.host(id).is_some_and(|host| host.link == other)
    })
    .await;
    assert_eq!(live.objects.len(), 2, "its site and itself: {:?}", live.objects);
    let take = HostTrustParams {
        pool: Some(uuid),
        ..HostTrustParams::default()
    };
    admin.call::<op::HostTrustKey>(id, take).await.expect("taken");
    up(&mut live, id).await;
}
