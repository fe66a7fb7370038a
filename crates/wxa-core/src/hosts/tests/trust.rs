//! By what pools are known: pins and authorities, the members that are kept, and other pools at the same address.
use super::{
    pool::pool,
    registry::{ctx, new_host, shows},
};
use crate::{
    AuditFilter, Ctx, Error, KeyOf, NewHost,
    core::test_core::{CERTIFICATE, TestCore},
};
use uuid::Uuid;
use wxa_model::{Action, Cancel, HostId, KnownMember, Link, Task, TaskId, TaskOutcome, Trust, UnixMillis};

const UUID: Uuid = Uuid::from_u128(0xabc);
const OTHER: Uuid = Uuid::from_u128(0xdef);
const PEM: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";

fn authority() -> Trust {
    Trust::Authority {
        certificates: PEM.into(),
    }
}

/// A pool that an authority vouches for.
fn vouched() -> NewHost {
    NewHost {
        trust: authority(),
        fingerprint: String::new(),
        ..pool("xcp-1.example")
    }
}

async fn core_with_pools() -> TestCore {
    let core = TestCore::start().await;
    *core.hosts.pool_uuid.lock().unwrap() = Some(UUID);
    core
}

async fn added(core: &TestCore, host: NewHost) -> HostId {
    let (id, _) = core.host_add(&ctx(), host).await.unwrap();
    shows(core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    id
}

fn why(result: Result<impl std::fmt::Debug, Error>) -> String {
    match result {
        Err(Error::Invalid { field, why }) => format!("{field}: {why}"),
        other => panic!("{other:?}"),
    }
}

fn member(n: u8) -> KnownMember {
    KnownMember {
        address: format!("192.0.2.{n}"),
        names: vec![format!("xcp-{n}")],
        fingerprints: vec![CERTIFICATE.into()],
    }
}

#[tokio::test]
async fn an_authority_is_kept_and_is_asked_instead_of_a_fingerprint() {
    let core = core_with_pools().await;
    let id = added(&core, vouched()).await;
    let core = core.restarted().await;
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    let spec = core.hosts.opened.lock().unwrap().last().cloned().unwrap();
    assert_eq!(
        (spec.trust, spec.fingerprint.as_str(), spec.pool),
        (authority(), "", Some(UUID))
    );
    let listed = core.host_list(&ctx()).await.unwrap();
    assert_eq!(listed[0].known_by, "by an authority that was given");
    let known = core.host_trust(&ctx(), id).await.unwrap();
    assert_eq!((known.trust, known.pool), (authority(), Some(UUID)));
    let viewer = Ctx::anonymous("192.0.2.1", "r");
    assert!(core.host_trust(&viewer, id).await.is_err());
    core.stop().await;
}

#[test]
fn what_makes_no_authority_is_refused() {
    let refused = |change: fn(&mut NewHost)| {
        let mut host = vouched();
        change(&mut host);
        why(host.checked())
    };
    let given = |text: &str| Trust::Authority {
        certificates: text.into(),
    };
    assert!(
        refused(|host| host.fingerprint = CERTIFICATE.into())
            .starts_with("fingerprint: an authority vouches")
    );
    let mut host = vouched();
    host.trust = given("nothing");
    assert!(why(host.checked()).starts_with("trust: use certificates in PEM form"));
    let mut host = vouched();
    host.trust = given(&format!("{PEM}\n-----BEGIN PRIVATE KEY-----\nAAAA"));
    assert!(why(host.checked()).starts_with("trust: this holds a private key"));
    let mut host = vouched();
    host.trust = given(&PEM.repeat(2000));
    assert!(why(host.checked()).starts_with("trust: this is too long"));
    let mut host = new_host();
    host.trust = Trust::System;
    assert!(why(host.checked()).starts_with("trust: a certificate authority is for pools"));
}

#[tokio::test]
async fn a_pin_gives_way_to_an_authority_once_that_vouches_and_comes_back() {
    let core = core_with_pools().await;
    let id = added(&core, pool("xcp-1.example")).await;
    *core.hosts.untrusted.lock().unwrap() = true;
    let refused = core.host_trust_authority(&ctx(), id, authority()).await;
    assert_eq!(why(refused), "trust: The certificate has ended.");
    assert!(core.host_trust(&ctx(), id).await.unwrap().trust.is_pin());
    *core.hosts.untrusted.lock().unwrap() = false;
    core.host_trust_authority(&ctx(), id, Trust::System)
        .await
        .unwrap();
    let known = core.host_trust(&ctx(), id).await.unwrap();
    assert_eq!((known.trust, known.fingerprint.as_str()), (Trust::System, ""));
    core.host_trust_key(&ctx(), id, KeyOf::Host, CERTIFICATE)
        .await
        .unwrap();
    let known = core.host_trust(&ctx(), id).await.unwrap();
    assert_eq!(
        (known.trust, known.fingerprint.as_str()),
        (Trust::Pin, CERTIFICATE)
    );
    let rows = core.audit_list(&ctx(), AuditFilter::default()).await.unwrap();
    let changes = rows.iter().filter(|row| row.what == "host_trust_key");
    assert_eq!(changes.count(), 3, "the one in vain too");
    core.stop().await;
}

#[tokio::test]
async fn members_that_a_pool_told_are_there_after_a_restart_and_stale_ones_are_not() {
    let core = core_with_pools().await;
    *core.hosts.told_members.lock().unwrap() = Some(vec![member(1), member(2)]);
    let id = added(&core, pool("xcp-1.example")).await;
    let known = core.host_trust(&ctx(), id).await.unwrap();
    assert_eq!(known.members, [member(1), member(2)]);

    *core.hosts.told_members.lock().unwrap() = None;
    let core = core.restarted().await;
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    let spec = core.hosts.opened.lock().unwrap().last().cloned().unwrap();
    assert_eq!(
        spec.members,
        [member(1), member(2)],
        "what is not told yet is not forgotten"
    );

    *core.hosts.told_members.lock().unwrap() = Some(vec![member(2)]);
    let core = core.restarted().await;
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    let known = core.host_trust(&ctx(), id).await.unwrap();
    assert_eq!(known.members, [member(2)], "the other one has left");
    core.host_remove(&ctx(), id).await.unwrap();
    core.stop().await;
}

#[tokio::test]
async fn another_pool_at_the_same_address_shows_nothing_until_an_administrator_takes_it() {
    let core = core_with_pools().await;
    let id = added(&core, pool("xcp-1.example")).await;
    *core.hosts.pool_uuid.lock().unwrap() = Some(OTHER);
    *core.hosts.member_uuid.lock().unwrap() = Some(Uuid::from_u128(5));
    let core = core.restarted().await;
    let other = Link::OtherPool {
        kept: UUID,
        seen: OTHER,
    };
    let hosts = shows(&core, |hosts| hosts.iter().any(|host| host.link == other)).await;
    assert_eq!(hosts.len(), 1, "no member of it: {hosts:?}");

    let wrong = core.host_trust_pool(&ctx(), id, Uuid::from_u128(1)).await;
    assert_eq!(
        why(wrong),
        "address: another pool answers there than the one that was added"
    );
    core.host_trust_pool(&ctx(), id, OTHER).await.unwrap();
    shows(&core, |hosts| {
        hosts.iter().any(|host| host.id == id && host.link == Link::Up)
    })
    .await;
    assert_eq!(core.host_trust(&ctx(), id).await.unwrap().pool, Some(OTHER));
    core.stop().await;
}

#[tokio::test]
async fn trying_a_pool_and_renewing_what_it_is_known_by_knows_its_members() {
    let core = core_with_pools().await;
    let told = vec![member(2), member(3)];
    *core.hosts.told_members.lock().unwrap() = Some(told.clone());
    let id = added(&core, pool("xcp-1.example")).await;
    let last = || core.hosts.opened.lock().unwrap().last().cloned().unwrap();
    core.host_try(&ctx(), id).await.unwrap();
    assert_eq!(last().members, told, "the doctor");
    core.host_set_credential(&ctx(), id, crate::Credential::Password("right".into()))
        .await
        .unwrap();
    assert_eq!(last().members, told, "another password");
    core.host_trust_key(&ctx(), id, KeyOf::Host, CERTIFICATE)
        .await
        .unwrap();
    assert_eq!(last().members, told, "another certificate");
    // The command line asks the pool itself.
    let record = core.inner.store.host_get(id).await.unwrap().unwrap();
    let _ = core.pool_members(&record).await;
    assert_eq!(last().members, told, "the command line");
    core.stop().await;
}

#[tokio::test]
async fn a_new_driver_of_a_pool_is_told_which_tasks_are_ours() {
    let core = core_with_pools().await;
    let id = added(&core, pool("xcp-1.example")).await;
    let store = &core.inner.store;
    let now = core.now().0;
    for (n, ended_at) in [
        (1, None),
        (2, Some(now - 60_000)),
        (3, Some(now - 24 * 3_600_000)),
    ] {
        let task = Task {
            id: TaskId(Uuid::from_u128(n)),
            action: Action::VmStart,
            vm: crate::test_driver::vm_id(1),
            vm_name: "web".into(),
            host: id,
            on: None,
            by: "ada".into(),
            started_at: core.now(),
            ended_at: ended_at.map(UnixMillis),
            step: String::new(),
            percent: None,
            outcome: ended_at.map(|_| TaskOutcome::Done),
            cancel: Cancel::No,
        };
        store.task_put(&task).await.unwrap();
        store
            .task_set_native(task.id, &format!("OpaqueRef:{n}"))
            .await
            .unwrap();
    }
    // Another password means another driver.
    core.host_set_credential(&ctx(), id, crate::Credential::Password("right".into()))
        .await
        .unwrap();
    let mut told = core.hosts.recognised.lock().unwrap().clone();
    told.sort();
    assert_eq!(
        told,
        ["OpaqueRef:1", "OpaqueRef:2"],
        "pools have forgotten the third"
    );
    core.stop().await;
}
