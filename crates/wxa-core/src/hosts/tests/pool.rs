//! Pools from the form to an attached pool and back.
use super::registry::{ctx, new_host, shows};
use crate::{
    Credential, Error, HostProbe, HostSettings, KeyOf, NewHost,
    core::test_core::{CERTIFICATE, KEY, TestCore},
};
use uuid::Uuid;
use wxa_model::{HostKind, Link, Transport};

const UUID: Uuid = Uuid::from_u128(0xabc);

/// By the member of that address.
pub(super) fn pool(address: &str) -> NewHost {
    NewHost {
        transport: Transport::Xapi,
        address: address.into(),
        port: 0,
        fingerprint: CERTIFICATE.to_lowercase(),
        ..new_host()
    }
}

async fn core_with_pools() -> TestCore {
    let core = TestCore::start().await;
    *core.hosts.pool_uuid.lock().unwrap() = Some(UUID);
    core
}

fn why(result: Result<impl std::fmt::Debug, Error>) -> String {
    match result {
        Err(Error::Invalid { field, why }) => format!("{field}: {why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn another_pool_at_the_address_of_one_that_was_removed_has_neither_its_past_nor_its_rights() {
    let core = core_with_pools().await;
    let (id, _) = core.host_add(&ctx(), pool("xcp-1.example")).await.unwrap();
    core.host_remove(&ctx(), id).await.unwrap();
    *core.hosts.pool_uuid.lock().unwrap() = Some(Uuid::from_u128(0xdef));
    let (other, _) = core.host_add(&ctx(), pool("xcp-1.example")).await.unwrap();
    assert_ne!(other, id);
    core.host_remove(&ctx(), other).await.unwrap();
    let (again, _) = core.host_add(&ctx(), pool("xcp-1.example")).await.unwrap();
    assert_eq!(again, other, "and is itself when it is added anew");
    core.stop().await;
}

#[tokio::test]
async fn a_pool_is_added_by_one_of_its_members() {
    let core = core_with_pools().await;
    let probed = core
        .host_probe(&ctx(), HostProbe::pool("xcp-1.example", 0))
        .await
        .unwrap();
    assert_eq!(
        (probed.key.fingerprint.as_str(), probed.key.algorithm.as_str()),
        (CERTIFICATE, "x509")
    );
    let (id, _) = core.host_add(&ctx(), pool("xcp-1.example")).await.unwrap();
    let hosts = shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    assert_eq!((hosts[0].id, hosts[0].kind), (id, HostKind::Pool));
    assert_eq!(
        (hosts[0].address.as_str(), hosts[0].config_dir.as_str()),
        ("root@xcp-1.example:443", "")
    );

    let core = core.restarted().await;
    let hosts = shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    assert_eq!(hosts[0].kind, HostKind::Pool);
    let spec = core.hosts.opened.lock().unwrap().last().cloned().unwrap();
    assert_eq!(
        (spec.transport, spec.fingerprint.as_str()),
        (Transport::Xapi, CERTIFICATE)
    );
    assert!(matches!(spec.credential, Credential::Password(_)), "{spec:?}");
    core.stop().await;
}

#[tokio::test]
async fn the_same_pool_added_twice_by_two_member_addresses_is_refused_by_its_name() {
    let core = core_with_pools().await;
    let named = NewHost {
        name: "Production".into(),
        ..pool("xcp-1.example")
    };
    core.host_add(&ctx(), named).await.unwrap();
    let again = core.host_add(&ctx(), pool("xcp-2.example")).await;
    assert_eq!(
        why(again),
        "address: this pool has been added already, as Production"
    );
    core.stop().await;
}

#[tokio::test]
async fn a_cloned_lab_is_another_pool_in_another_site_and_stays_there() {
    let core = core_with_pools().await;
    core.host_add(&ctx(), pool("xcp-1.example")).await.unwrap();
    let lab = NewHost {
        site: "Lab".into(),
        name: "clone".into(),
        ..pool("xcp-2.example")
    };
    let (clone, _) = core.host_add(&ctx(), lab).await.unwrap();
    let beside = HostSettings {
        site: Some("Home".into()),
        ..HostSettings::default()
    };
    assert_eq!(
        why(core.host_set(&ctx(), clone, beside).await),
        "address: this pool has been added already, as dom0"
    );
    let renamed = HostSettings {
        name: Some("copy".into()),
        ..HostSettings::default()
    };
    core.host_set(&ctx(), clone, renamed).await.unwrap();
    shows(&core, |hosts| hosts.iter().any(|host| host.name == "copy")).await;
    core.stop().await;
}

#[tokio::test]
async fn what_is_said_about_ssh_is_refused_for_a_pool() {
    let core = core_with_pools().await;
    let (id, _) = core.host_add(&ctx(), pool("xcp-1.example")).await.unwrap();
    let agent = core.host_set_credential(&ctx(), id, Credential::Agent).await;
    assert!(why(agent).starts_with("credential: a pool takes a password"));
    let ssh_key = core.host_trust_key(&ctx(), id, KeyOf::Host, KEY).await;
    assert!(why(ssh_key).starts_with("fingerprint: use the form that openssl"));
    let jump = core.host_trust_key(&ctx(), id, KeyOf::Jump, CERTIFICATE).await;
    assert!(why(jump).starts_with("of: "));
    let lines = HostProbe {
        known_hosts: "xcp-1 ssh-ed25519 AAAA".into(),
        ..HostProbe::pool("xcp-1.example", 443)
    };
    assert!(why(core.host_probe(&ctx(), lines).await).starts_with("known_hosts: "));
    let folder = HostSettings {
        config_dir: Some("/etc/xen".into()),
        ..HostSettings::default()
    };
    assert!(why(core.host_set(&ctx(), id, folder).await).starts_with("config_dir: "));

    core.host_set_credential(&ctx(), id, Credential::Password("right".into()))
        .await
        .unwrap();
    core.host_trust_key(&ctx(), id, KeyOf::Host, &CERTIFICATE.to_lowercase())
        .await
        .unwrap();
    assert_eq!(core.host_try(&ctx(), id).await.unwrap().uuid, Some(UUID));

    *core.hosts.pool_uuid.lock().unwrap() = Some(Uuid::from_u128(0xdef));
    let moved = "address: another pool answers there than the one that was added";
    assert_eq!(why(core.host_try(&ctx(), id).await), moved);
    let renewed = core
        .host_set_credential(&ctx(), id, Credential::Password("right".into()))
        .await;
    assert_eq!(why(renewed), moved);
    let trusted = core.host_trust_key(&ctx(), id, KeyOf::Host, CERTIFICATE).await;
    assert_eq!(why(trusted), moved);
    core.stop().await;
}

#[tokio::test]
async fn a_pool_is_connected_while_the_tasks_that_were_begun_on_it_cannot_be_read() {
    let core = core_with_pools().await;
    let database = core.folder.path().join("webxenadmin.db");
    let database = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let database = sqlx::SqlitePool::connect_with(database).await.unwrap();
    let run = async |sql: &'static str| sqlx::query(sql).execute(&database).await.map(drop).unwrap();
    run("alter table task rename to hidden").await;
    core.host_add(&ctx(), pool("xcp-1.example")).await.unwrap();
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    run("alter table hidden rename to task").await;
    database.close().await;
    core.stop().await;
}
