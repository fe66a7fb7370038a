//! From the form to an attached host and back.
use crate::{
    AuditFilter, AuditOutcome, Core, Credential, Ctx, Error, HostProbe, KeyOf, NewHost,
    core::test_core::{KEY, TestCore, stranger},
    hosts::credential::{self, Of},
};
use secrecy::ExposeSecret as _;
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;
use wxa_model::{Arrival, Host, HostId, Link, Object, Transport, Trust, VmId};

const OTHER_KEY: &str = "SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA";

pub(super) fn new_host() -> NewHost {
    NewHost {
        name: String::new(),
        site: String::new(),
        transport: Transport::Ssh,
        address: "xen.example".into(),
        port: 22,
        user: "root".into(),
        credential: Credential::Password("right".into()),
        fingerprint: KEY.into(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    }
}

pub(super) fn ctx() -> Ctx {
    Ctx::command_line()
}

/// Waits until the inventory shows hosts as `wanted`; fails with what it shows instead.
pub(super) async fn shows(core: &Core, wanted: impl Fn(&[Host]) -> bool) -> Vec<Host> {
    let mut feed = core.live().inventory.watch();
    let hosts = || -> Vec<Host> {
        let objects = core.inventory_view(&ctx()).objects;
        objects
            .into_iter()
            .filter_map(|object| {
                if let Object::Host(host) = object {
                    Some(host)
                } else {
                    None
                }
            })
            .collect()
    };
    let waiting = async {
        while !wanted(&hosts()) {
            feed.changed().await.unwrap();
        }
    };
    assert!(
        timeout(Duration::from_secs(30), waiting).await.is_ok(),
        "{:?}",
        hosts()
    );
    hosts()
}

#[tokio::test]
async fn a_host_is_added_with_its_site_and_attached() {
    let core = TestCore::start().await;
    assert_eq!(
        core.host_probe(&ctx(), HostProbe::direct("xen.example", 22))
            .await
            .unwrap()
            .key
            .fingerprint,
        KEY
    );
    assert_eq!(core.host_test(&ctx(), new_host()).await.unwrap().hostname, "dom0");
    assert!(
        core.inner.store.host_list().await.unwrap().is_empty(),
        "a test keeps nothing"
    );

    let (id, facts) = core.host_add(&ctx(), new_host()).await.unwrap();
    assert_eq!(facts.hostname, "dom0");
    let hosts = shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    assert_eq!((hosts[0].id, hosts[0].name.as_str()), (id, "dom0"));
    assert_eq!(hosts[0].address, "root@xen.example:22");
    let sites = core.inner.store.site_list().await.unwrap();
    assert_eq!((sites[0].name.as_str(), sites[0].id), ("Home", hosts[0].site));

    let told: Vec<_> = core
        .audit_list(&ctx(), AuditFilter::default())
        .await
        .unwrap()
        .into_iter()
        .rev()
        .collect();
    assert_eq!(
        told.iter().map(|row| row.what.as_str()).collect::<Vec<_>>(),
        ["host_probe", "host_test", "host_add"]
    );
    assert!(told.iter().all(|row| row.outcome == Some(AuditOutcome::Done)));
    assert_eq!(
        (told[2].on.as_str(), told[2].on_id.clone()),
        ("root@xen.example:22", id.to_string())
    );
    core.stop().await;
}

#[tokio::test]
async fn the_driver_that_was_tried_is_the_one_that_is_used() {
    let core = TestCore::start().await;
    core.host_add(&ctx(), new_host()).await.unwrap();
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    assert_eq!(core.hosts.opened.lock().unwrap().len(), 1);
    core.stop().await;
}

#[tokio::test]
async fn guests_that_came_from_other_hosts_are_known_after_a_restart_and_those_that_left_are_not() {
    let core = TestCore::start().await;
    let arrival = |run| Arrival {
        run: Uuid::from_u128(run),
        vm: VmId(Uuid::from_u128(run + 100)),
        domid: 7,
        began: None,
    };
    *core.hosts.told_arrivals.lock().unwrap() = Some(vec![arrival(1), arrival(2)]);
    core.host_add(&ctx(), new_host()).await.unwrap();
    let opened = |core: &TestCore| core.hosts.opened.lock().unwrap().last().cloned().unwrap();

    *core.hosts.told_arrivals.lock().unwrap() = None;
    let core = core.restarted().await;
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    assert_eq!(
        opened(&core).arrivals,
        [arrival(1), arrival(2)],
        "a host that was not looked at yet forgets nobody"
    );
    let core = core.restarted().await;
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    assert_eq!(opened(&core).arrivals, [arrival(1), arrival(2)]);

    *core.hosts.told_arrivals.lock().unwrap() = Some(vec![arrival(2)]);
    let core = core.restarted().await;
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    let core = core.restarted().await;
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    assert_eq!(opened(&core).arrivals, [arrival(2)]);
    core.stop().await;
}

#[tokio::test]
async fn what_the_host_does_not_accept_names_its_field_and_keeps_nothing() {
    let core = TestCore::start().await;
    let wrong_password = NewHost {
        credential: Credential::Password("wrong".into()),
        ..new_host()
    };
    let wrong_key = NewHost {
        fingerprint: OTHER_KEY.into(),
        ..new_host()
    };
    for (host, expected) in [(wrong_password, "credential"), (wrong_key, "fingerprint")] {
        for result in [
            core.host_test(&ctx(), host.clone()).await.map(|_| ()),
            core.host_add(&ctx(), host).await.map(|_| ()),
        ] {
            assert!(
                matches!(&result, Err(Error::Invalid { field, .. }) if *field == expected),
                "{result:?}"
            );
        }
    }
    *core.hosts.unreachable.lock().unwrap() = true;
    let result = core.host_add(&ctx(), new_host()).await;
    assert!(matches!(result, Err(Error::HostUnavailable { .. })), "{result:?}");
    assert!(core.inner.store.site_list().await.unwrap().is_empty());
    let newest = core
        .audit_list(&ctx(), AuditFilter::default())
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (newest.outcome, newest.detail.as_str()),
        (Some(AuditOutcome::Failed), "connection refused")
    );
    core.stop().await;
}

#[tokio::test]
async fn a_host_is_added_once() {
    let core = TestCore::start().await;
    core.host_add(
        &ctx(),
        NewHost {
            site: "Lab".into(),
            ..new_host()
        },
    )
    .await
    .unwrap();
    let again = core
        .host_add(
            &ctx(),
            NewHost {
                address: "XEN.example".into(),
                ..new_host()
            },
        )
        .await;
    assert!(
        matches!(again, Err(Error::Invalid { field: "address", .. })),
        "{again:?}"
    );
    core.host_add(
        &ctx(),
        NewHost {
            port: 2222,
            site: "lab".into(),
            name: "two".into(),
            ..new_host()
        },
    )
    .await
    .unwrap();
    let sites = core.inner.store.site_list().await.unwrap();
    assert_eq!(sites.len(), 1, "{sites:?}");
    core.stop().await;
}

#[tokio::test]
async fn credentials_are_sealed_at_rest_and_bound_to_their_host() {
    let core = TestCore::start().await;
    let secret = "a password that is easy to find";
    let key = &core.inner.sealing_key;
    let (here, there) = (HostId(Uuid::from_u128(1)), HostId(Uuid::from_u128(2)));
    let sealed = credential::seal(key, Of::Host(here), &Credential::Password(secret.into())).unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("password"));
    assert!(credential::open(key, Of::Host(there), &sealed).is_err());
    assert!(credential::open(key, Of::Jump(here), &sealed).is_err());
    match credential::open(key, Of::Host(here), &sealed).unwrap() {
        Credential::Password(password) => assert_eq!(password.expose_secret(), secret),
        other => panic!("{other:?}"),
    }
    let whole_key = Credential::Key {
        private_key: "key".into(),
        passphrase: Some("phrase".into()),
    };
    let sealed = credential::seal(key, Of::Host(here), &whole_key).unwrap();
    match credential::open(key, Of::Host(here), &sealed).unwrap() {
        Credential::Key {
            private_key,
            passphrase: Some(passphrase),
        } => {
            assert_eq!(
                (private_key.expose_secret(), passphrase.expose_secret()),
                ("key", "phrase")
            );
        }
        other => panic!("{other:?}"),
    }
    assert!(!format!("{whole_key:?}").contains("phrase\""));
    core.stop().await;
}

#[tokio::test]
async fn stored_hosts_are_attached_at_the_next_start() {
    let core = TestCore::start().await;
    let (id, _) = core.host_add(&ctx(), new_host()).await.unwrap();
    let core = core.restarted().await;
    let hosts = shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    assert_eq!(hosts[0].id, id);
    core.stop().await;
}

#[tokio::test]
async fn an_unreadable_credential_is_shown_and_can_be_replaced() {
    let core = TestCore::start().await;
    let (id, _) = core.host_add(&ctx(), new_host()).await.unwrap();
    core.inner
        .store
        .host_set_credential(id, b"damaged")
        .await
        .unwrap();
    let core = core.restarted().await;
    let hosts = shows(&core, |hosts| {
        hosts
            .iter()
            .any(|h| matches!(h.link, Link::Unauthenticated { .. }))
    })
    .await;
    assert!(
        matches!(&hosts[0].link, Link::Unauthenticated { why } if why.contains("give it again")),
        "{hosts:?}"
    );

    let wrong = core
        .host_set_credential(&ctx(), id, Credential::Password("wrong".into()))
        .await;
    assert!(
        matches!(
            wrong,
            Err(Error::Invalid {
                field: "credential",
                ..
            })
        ),
        "{wrong:?}"
    );
    core.host_set_credential(&ctx(), id, Credential::Password("right".into()))
        .await
        .unwrap();
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    core.stop().await;
}

#[tokio::test]
async fn a_changed_key_is_trusted_only_when_the_host_shows_it() {
    let core = TestCore::start().await;
    let (id, _) = core.host_add(&ctx(), new_host()).await.unwrap();
    let not_shown = core.host_trust_key(&ctx(), id, KeyOf::Host, OTHER_KEY).await;
    assert!(
        matches!(
            not_shown,
            Err(Error::Invalid {
                field: "fingerprint",
                ..
            })
        ),
        "{not_shown:?}"
    );

    *core.hosts.other_key.lock().unwrap() = Some(OTHER_KEY.into());
    let core = core.restarted().await;
    shows(&core, |hosts| {
        hosts
            .iter()
            .any(|host| matches!(host.link, Link::KeyChanged { .. }))
    })
    .await;
    core.host_trust_key(&ctx(), id, KeyOf::Host, OTHER_KEY)
        .await
        .unwrap();
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;

    // The old key is back: pinning what is shown works in this direction too, without any change to the record.
    *core.hosts.other_key.lock().unwrap() = None;
    core.host_trust_key(&ctx(), id, KeyOf::Host, KEY).await.unwrap();
    core.host_trust_key(&ctx(), id, KeyOf::Host, KEY).await.unwrap();
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    core.stop().await;
}

#[tokio::test]
async fn a_removed_host_is_gone_with_its_site_and_credential() {
    let core = TestCore::start().await;
    let (id, _) = core.host_add(&ctx(), new_host()).await.unwrap();
    core.host_remove(&ctx(), id).await.unwrap();
    assert!(
        core.inventory_view(&ctx()).objects.is_empty(),
        "{:?}",
        core.inventory_view(&ctx())
    );
    assert_eq!(core.inner.store.host_get(id).await.unwrap(), None);
    assert!(matches!(core.host_remove(&ctx(), id).await, Err(Error::NotFound)));
    core.stop().await;
}

#[tokio::test]
async fn a_host_that_was_removed_is_the_same_one_when_it_is_added_anew() {
    let core = TestCore::start().await;
    let site_of = async |id| core.inner.store.host_get(id).await.unwrap().unwrap().site;
    let (id, _) = core.host_add(&ctx(), new_host()).await.unwrap();
    let site = site_of(id).await;
    core.host_remove(&ctx(), id).await.unwrap();

    // Another machine at its address, and its own key elsewhere, are others.
    let elsewhere = NewHost {
        address: "other.example".into(),
        site: "Elsewhere".into(),
        ..new_host()
    };
    let (other, _) = core.host_add(&ctx(), elsewhere).await.unwrap();
    assert_ne!(other, id);
    assert_ne!(site_of(other).await, site);

    let at_home = NewHost {
        site: "Home".into(),
        ..new_host()
    };
    let (again, _) = core.host_add(&ctx(), at_home).await.unwrap();
    assert_eq!(again, id, "what was known of it is known again");
    assert_eq!(
        site_of(again).await,
        site,
        "and of VMs that are known by their site"
    );
    shows(&core, |hosts| {
        hosts.len() == 2 && hosts.iter().all(|host| host.link == Link::Up)
    })
    .await;

    // It is remembered as it was last.
    core.host_remove(&ctx(), again).await.unwrap();
    let (third, _) = core.host_add(&ctx(), new_host()).await.unwrap();
    assert_eq!(third, id);
    core.stop().await;
}

#[tokio::test]
async fn a_running_server_follows_the_command_line() {
    let core = TestCore::start().await;
    let command_line = Core::open(core.config()).await.unwrap();
    let (id, _) = command_line.host_add(&ctx(), new_host()).await.unwrap();
    shows(&core, |hosts| hosts.iter().any(|host| host.link == Link::Up)).await;
    command_line.host_remove(&ctx(), id).await.unwrap();
    shows(&core, <[Host]>::is_empty).await;
    command_line.stop().await;
    core.stop().await;
}

#[tokio::test]
async fn the_command_line_lists_hosts_without_secrets() {
    let core = TestCore::start().await;
    let (id, _) = core.host_add(&ctx(), new_host()).await.unwrap();
    let list = core.host_list(&ctx()).await.unwrap();
    assert_eq!((list[0].id, list[0].site_name.as_str()), (id, "Home"));
    assert_eq!(
        (list[0].address.as_str(), list[0].fingerprint.as_str()),
        ("root@xen.example:22", KEY)
    );
    assert!(matches!(core.host_list(&stranger()).await, Err(Error::Forbidden)));
    core.stop().await;
}

#[tokio::test]
async fn only_administrators_of_the_installation_may() {
    let core = TestCore::start().await;
    let (id, nobody) = (HostId(Uuid::nil()), stranger());
    let credential = Credential::Agent;
    assert!(matches!(
        core.host_probe(&nobody, HostProbe::direct("x", 22)).await,
        Err(Error::Forbidden)
    ));
    assert!(matches!(
        core.host_test(&nobody, new_host()).await,
        Err(Error::Forbidden)
    ));
    assert!(matches!(
        core.host_add(&nobody, new_host()).await,
        Err(Error::Forbidden)
    ));
    assert!(matches!(
        core.host_remove(&nobody, id).await,
        Err(Error::Forbidden)
    ));
    assert!(matches!(
        core.host_trust_key(&nobody, id, KeyOf::Host, KEY).await,
        Err(Error::Forbidden)
    ));
    assert!(matches!(
        core.host_set_credential(&nobody, id, credential).await,
        Err(Error::Forbidden)
    ));
    assert!(core.hosts.opened.lock().unwrap().is_empty());
    core.stop().await;
}
