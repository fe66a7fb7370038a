//! Hosts and sites.
use crate::{at, fresh, new_user};
use uuid::Uuid;
use wxa_model::{Arrival, Grant, HostId, KnownMember, Role, Scope, SiteId, Transport, Trust, VmId};
use wxa_store::{Error, HostChange, HostDeleted, HostRecord, JumpRecord, MemberSshRecord, SiteRecord};

fn site(n: u128, name: &str) -> SiteRecord {
    SiteRecord {
        id: SiteId(Uuid::from_u128(n)),
        name: name.into(),
        created_at: at(n as u64),
    }
}

fn host(n: u128, site: &SiteRecord) -> HostRecord {
    HostRecord {
        id: HostId(Uuid::from_u128(n)),
        site: site.id,
        name: format!("xen{n}"),
        transport: Transport::Ssh,
        trust: Trust::Pin,
        jump: None,
        member_ssh: None,
        address: format!("xen{n}.example"),
        port: 22,
        user: "root".into(),
        credential: vec![1, 2, 3],
        fingerprint: "SHA256:abc".into(),
        native_uuid: None,
        config_dir: "/etc/xen".into(),
        created_at: at(5),
    }
}

#[tokio::test]
async fn a_host_and_its_site_are_kept_together() {
    let store = fresh().await;
    let home = site(1, "Home");
    store.host_insert(&host(2, &home), Some(&home)).await.unwrap();
    store.host_insert(&host(3, &home), None).await.unwrap();
    assert_eq!(store.host_list().await.unwrap(), [host(2, &home), host(3, &home)]);
    assert_eq!(
        store.host_get(host(3, &home).id).await.unwrap(),
        Some(host(3, &home))
    );
    assert_eq!(store.host_get(HostId(Uuid::nil())).await.unwrap(), None);
    assert_eq!(store.site_list().await.unwrap(), std::slice::from_ref(&home));
    assert_eq!(store.site_by_name("hOME").await.unwrap(), Some(home));
    assert_eq!(store.site_by_name("Lab").await.unwrap(), None);
}

#[tokio::test]
async fn the_same_key_at_the_same_address_and_port_is_the_same_host() {
    let store = fresh().await;
    let home = site(1, "Home");
    store.host_insert(&host(2, &home), Some(&home)).await.unwrap();
    let lab = site(9, "Lab");
    let again = HostRecord {
        address: "XEN2.example".into(),
        site: lab.id,
        ..host(3, &home)
    };
    assert!(
        store
            .host_is_known(&again.fingerprint, &again.address, 22)
            .await
            .unwrap()
    );
    assert!(matches!(
        store.host_insert(&again, Some(&lab)).await,
        Err(Error::Duplicate)
    ));
    assert_eq!(store.site_list().await.unwrap().len(), 1, "half of it was kept");
    let other_port = HostRecord {
        port: 2222,
        site: home.id,
        ..again
    };
    assert!(
        !store
            .host_is_known(&other_port.fingerprint, &other_port.address, 2222)
            .await
            .unwrap()
    );
    store.host_insert(&other_port, None).await.unwrap();
}

#[tokio::test]
async fn a_host_needs_its_site() {
    let store = fresh().await;
    assert!(matches!(
        store.host_insert(&host(2, &site(1, "Home")), None).await,
        Err(Error::Sql(_))
    ));
}

#[tokio::test]
async fn the_last_host_takes_its_site_along() {
    let store = fresh().await;
    let (home, lab) = (site(1, "Home"), site(2, "Lab"));
    store.host_insert(&host(3, &home), Some(&home)).await.unwrap();
    store.host_insert(&host(4, &home), None).await.unwrap();
    store.host_insert(&host(5, &lab), Some(&lab)).await.unwrap();
    let grant = Grant {
        role: Role::Viewer,
        scope: Scope::Site(lab.id),
    };
    store.user_insert(&new_user(7, "lab", &[grant])).await.unwrap();

    let delete = |n| store.host_delete(HostId(Uuid::from_u128(n)));
    assert_eq!(delete(3).await.unwrap(), HostDeleted::Alone);
    assert_eq!(delete(3).await.unwrap(), HostDeleted::NotThere);
    assert_eq!(delete(4).await.unwrap(), HostDeleted::WithSite(home.id));
    assert_eq!(
        delete(5).await.unwrap(),
        HostDeleted::Alone,
        "a grant names the site"
    );
    assert_eq!(store.site_list().await.unwrap(), [lab]);
}

#[tokio::test]
async fn key_and_credential_can_be_replaced() {
    let store = fresh().await;
    let home = site(1, "Home");
    let mut kept = host(2, &home);
    store.host_insert(&kept, Some(&home)).await.unwrap();
    assert!(store.host_set_fingerprint(kept.id, "SHA256:new").await.unwrap());
    assert!(store.host_set_credential(kept.id, &[9]).await.unwrap());
    kept.fingerprint = "SHA256:new".into();
    kept.credential = vec![9];
    assert_eq!(store.host_get(kept.id).await.unwrap(), Some(kept));
    let nobody = HostId(Uuid::nil());
    assert!(!store.host_set_fingerprint(nobody, "x").await.unwrap());
    assert!(!store.host_set_credential(nobody, &[]).await.unwrap());
}

#[tokio::test]
async fn a_host_can_be_renamed_and_moved_and_an_emptied_site_goes() {
    let store = fresh().await;
    let (home, lab) = (site(1, "Home"), site(2, "Lab"));
    let mut kept = host(3, &home);
    store.host_insert(&kept, Some(&home)).await.unwrap();
    let change = HostChange {
        name: "big".into(),
        site: lab.id,
        config_dir: "/srv/xen".into(),
    };
    assert!(store.host_update(kept.id, &change, Some(&lab)).await.unwrap());
    (kept.name, kept.site, kept.config_dir) = (change.name.clone(), lab.id, change.config_dir.clone());
    assert_eq!(store.host_get(kept.id).await.unwrap(), Some(kept.clone()));
    assert_eq!(store.site_list().await.unwrap(), std::slice::from_ref(&lab));

    let stays = HostChange {
        site: lab.id,
        ..change
    };
    assert!(store.host_update(kept.id, &stays, None).await.unwrap());
    assert_eq!(
        store.site_list().await.unwrap(),
        std::slice::from_ref(&lab),
        "it is not empty"
    );
    let clash = store.host_update(kept.id, &stays, Some(&site(9, "lAB"))).await;
    assert!(matches!(clash, Err(Error::Duplicate)));
    assert!(
        !store
            .host_update(HostId(Uuid::nil()), &stays, None)
            .await
            .unwrap()
    );
}

#[test]
fn printing_a_record_shows_no_credential() {
    let text = format!("{:?}", host(2, &site(1, "Home")));
    assert!(
        !text.contains("credential") && !text.contains("[1, 2, 3]"),
        "{text}"
    );
}

#[tokio::test]
async fn how_a_host_is_reached_is_kept() {
    let store = fresh().await;
    let home = site(1, "Home");
    let behind = HostRecord {
        jump: Some(JumpRecord {
            address: "gate.example".into(),
            port: 2222,
            user: "jumper".into(),
            credential: vec![4, 5],
            fingerprint: "SHA256:gate".into(),
        }),
        ..host(2, &home)
    };
    let here = HostRecord {
        transport: Transport::Local,
        address: String::new(),
        port: 0,
        user: String::new(),
        credential: Vec::new(),
        fingerprint: String::new(),
        ..host(3, &home)
    };
    store.host_insert(&behind, Some(&home)).await.unwrap();
    store.host_insert(&here, None).await.unwrap();
    assert_eq!(store.host_list().await.unwrap(), [behind.clone(), here.clone()]);

    let second = HostRecord {
        id: HostId(Uuid::from_u128(4)),
        ..here.clone()
    };
    assert!(
        matches!(store.host_insert(&second, None).await, Err(Error::Duplicate)),
        "this machine is one host"
    );

    assert!(
        store
            .host_set_jump_fingerprint(behind.id, "SHA256:new")
            .await
            .unwrap()
    );
    assert!(
        !store
            .host_set_jump_fingerprint(here.id, "SHA256:new")
            .await
            .unwrap()
    );
    let kept = store
        .host_get(behind.id)
        .await
        .unwrap()
        .and_then(|host| host.jump);
    assert_eq!(kept.map(|jump| jump.fingerprint).as_deref(), Some("SHA256:new"));
}

#[tokio::test]
async fn a_pool_is_there_once_in_a_site_whatever_member_it_is_reached_by() {
    let store = fresh().await;
    let (home, lab) = (site(1, "Home"), site(9, "Lab"));
    let uuid = Uuid::from_u128(0xabc);
    let pool = |n, site| HostRecord {
        transport: Transport::Xapi,
        port: 443,
        fingerprint: format!("{n:02X}:00"),
        native_uuid: Some(uuid),
        config_dir: String::new(),
        ..host(n, site)
    };
    store.host_insert(&pool(2, &home), Some(&home)).await.unwrap();
    assert_eq!(store.host_list().await.unwrap(), [pool(2, &home)]);
    assert_eq!(
        store.pool_name(home.id, uuid).await.unwrap().as_deref(),
        Some("xen2")
    );
    assert!(
        matches!(
            store.host_insert(&pool(3, &home), None).await,
            Err(Error::Duplicate)
        ),
        "by another member"
    );

    assert_eq!(store.pool_name(lab.id, uuid).await.unwrap(), None);
    store.host_insert(&pool(4, &lab), Some(&lab)).await.unwrap();
    let back = HostChange {
        name: "clone".into(),
        site: home.id,
        config_dir: String::new(),
    };
    let clone = HostId(Uuid::from_u128(4));
    assert!(
        matches!(store.host_update(clone, &back, None).await, Err(Error::Duplicate)),
        "moved beside its original"
    );
    store.host_insert(&host(5, &home), None).await.unwrap();
    store.host_insert(&host(6, &home), None).await.unwrap();
    assert_eq!(
        store.host_list().await.unwrap().len(),
        4,
        "hosts that are no pools have none"
    );
}

#[tokio::test]
async fn what_a_pool_is_known_by_is_kept_and_changed() {
    let store = fresh().await;
    let home = site(1, "Home");
    let given = Trust::Authority {
        certificates: "PEM".into(),
    };
    let uuid = Uuid::from_u128(7);
    let pool = HostRecord {
        transport: Transport::Xapi,
        trust: given.clone(),
        fingerprint: String::new(),
        native_uuid: Some(uuid),
        ..host(2, &home)
    };
    store.host_insert(&pool, Some(&home)).await.unwrap();
    assert_eq!(store.host_get(pool.id).await.unwrap(), Some(pool.clone()));
    let other = Uuid::from_u128(8);
    assert!(
        store
            .host_set_trust(pool.id, &Trust::System, "", Some(other))
            .await
            .unwrap()
    );
    let kept = store.host_get(pool.id).await.unwrap().unwrap();
    assert_eq!((kept.trust, kept.native_uuid), (Trust::System, Some(other)));
    store
        .host_set_trust(pool.id, &Trust::Pin, "AB:CD", Some(uuid))
        .await
        .unwrap();
    let kept = store.host_get(pool.id).await.unwrap().unwrap();
    assert_eq!((kept.trust, kept.fingerprint.as_str()), (Trust::Pin, "AB:CD"));
    let nobody = HostId(Uuid::nil());
    assert!(!store.host_set_trust(nobody, &given, "", None).await.unwrap());
}

#[tokio::test]
async fn members_are_kept_as_they_were_told_last_and_go_with_their_pool() {
    let store = fresh().await;
    let home = site(1, "Home");
    let pool = host(2, &home);
    store.host_insert(&pool, Some(&home)).await.unwrap();
    let member = |address: &str, prints: &[&str]| KnownMember {
        address: address.into(),
        names: vec!["xcp-1".into(), "a \"quoted\" one".into()],
        fingerprints: prints.iter().map(|print| (*print).into()).collect(),
    };
    let told = [member("192.0.2.1", &["AA"]), member("192.0.2.2", &[])];
    store.host_members_put(pool.id, &told, at(1)).await.unwrap();
    assert_eq!(store.host_members(pool.id).await.unwrap(), told);
    let later = [member("192.0.2.2", &["BB", "CC"])];
    store.host_members_put(pool.id, &later, at(2)).await.unwrap();
    assert_eq!(store.host_members(pool.id).await.unwrap(), later);
    store.host_delete(pool.id).await.unwrap();
    assert_eq!(store.host_members(pool.id).await.unwrap(), []);
    // Told by one that was forgotten meanwhile.
    store.host_members_put(pool.id, &told, at(3)).await.unwrap();
    assert_eq!(store.host_members(pool.id).await.unwrap(), []);
}

#[tokio::test]
async fn guests_that_came_to_a_host_are_kept_as_they_were_told_last_and_go_with_it() {
    let store = fresh().await;
    let home = site(1, "Home");
    let to = host(2, &home);
    store.host_insert(&to, Some(&home)).await.unwrap();
    let arrival = |run, began| Arrival {
        run: Uuid::from_u128(run),
        vm: VmId(Uuid::from_u128(9)),
        domid: 7,
        began,
    };
    let told = [arrival(1, Some(at(5))), arrival(2, None)];
    store.host_arrivals_put(to.id, &told).await.unwrap();
    assert_eq!(store.host_arrivals(to.id).await.unwrap(), told);
    store.host_arrivals_put(to.id, &told[1..]).await.unwrap();
    assert_eq!(store.host_arrivals(to.id).await.unwrap(), told[1..]);
    store.host_delete(to.id).await.unwrap();
    assert_eq!(store.host_arrivals(to.id).await.unwrap(), []);
    store.host_arrivals_put(to.id, &told).await.unwrap();
    assert_eq!(
        store.host_arrivals(to.id).await.unwrap(),
        [],
        "told by one that was forgotten meanwhile"
    );
}

#[tokio::test]
async fn how_a_pools_members_are_reached_is_kept_with_it_and_goes_with_it() {
    let store = fresh().await;
    let home = site(1, "Home");
    store.host_insert(&host(2, &home), Some(&home)).await.unwrap();
    store.host_insert(&host(3, &home), None).await.unwrap();
    let id = host(2, &home).id;
    let ssh = |keys: &[u128]| MemberSshRecord {
        user: "root".into(),
        port: 2222,
        credential: vec![4, 5],
        keys: keys
            .iter()
            .map(|n| (Uuid::from_u128(*n), format!("SHA256:{n}")))
            .collect(),
    };
    assert!(store.host_set_member_ssh(id, &ssh(&[7, 8])).await.unwrap());
    assert!(store.host_set_member_ssh(id, &ssh(&[8])).await.unwrap());
    let kept = store.host_get(id).await.unwrap().unwrap().member_ssh;
    assert_eq!(kept, Some(ssh(&[8])), "in place of what was kept");
    let all = store.host_list().await.unwrap();
    assert_eq!(
        all.iter()
            .filter(|host| host.member_ssh.is_some())
            .map(|host| host.id)
            .collect::<Vec<_>>(),
        [id]
    );
    let nowhere = HostId(Uuid::nil());
    assert!(!store.host_set_member_ssh(nowhere, &ssh(&[])).await.unwrap());

    assert!(store.host_delete_member_ssh(id).await.unwrap());
    assert!(!store.host_delete_member_ssh(id).await.unwrap());
    assert!(store.host_set_member_ssh(id, &ssh(&[7])).await.unwrap());
    store.host_delete(id).await.unwrap();
    assert!(
        !store.host_delete_member_ssh(id).await.unwrap(),
        "it went with its pool"
    );
}
