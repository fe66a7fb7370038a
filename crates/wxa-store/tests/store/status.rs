//! Status pages, their links and notices, who opened them, what services consisted of.
use crate::{Fresh, at, fresh};
use uuid::Uuid;
use wxa_model::{
    HostId, NoticeId, ServiceId, StatusLinkId, StatusPageId, UserId, VmId,
    status::{Audience, Counts, Incident, Language, Maintenance, Shown, StatusPage, Watched},
};
use wxa_store::{Error, Notice, NoticeRecord, StatusLinkRecord, StatusMemberRecord, StatusOpenRecord};

const HOUR: u64 = 3_600_000;

fn page(n: u128, slug: &str) -> StatusPage {
    StatusPage {
        id: StatusPageId(Uuid::from_u128(n)),
        slug: slug.into(),
        title: "Example Ltd".into(),
        about: String::new(),
        creator: UserId(Uuid::from_u128(1)),
        created_at: at(1),
        audience: Audience::Links,
        shown: Shown::default(),
        language: Language::De,
        time_zone: "Europe/Vienna".into(),
        services: vec![],
    }
}

fn link(n: u8) -> StatusLinkRecord {
    StatusLinkRecord {
        id: StatusLinkId(Uuid::from_u128(n.into())),
        page: page(1, "").id,
        hash: [n; 32],
        label: "Board".into(),
        by: "olga".into(),
        created_at: at(n.into()),
        expires_at: Some(at(100)),
        revoked_at: None,
        password_hash: Some("$argon2id$…".into()),
        addresses: vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::1".parse().unwrap()],
        language: Some(Language::En),
        time_zone: None,
    }
}

fn open(n: u8, address: &str, first: u64, last: u64, opens: u64) -> StatusOpenRecord {
    StatusOpenRecord {
        link: link(n).id,
        address: address.into(),
        agent: "Firefox on Linux".into(),
        first_at: at(first),
        last_at: at(last),
        opens,
    }
}

async fn with_page() -> Fresh {
    let store = fresh().await;
    assert!(store.status_page_insert(&page(1, "example"), 10).await.unwrap());
    store
}

#[tokio::test]
async fn a_slug_is_one_pages_and_a_creator_has_so_many() {
    let store = with_page().await;
    let taken = store.status_page_insert(&page(2, "example"), 10).await;
    assert!(matches!(taken, Err(Error::Duplicate)), "{taken:?}");
    assert!(store.status_page_insert(&page(2, "other"), 2).await.unwrap());
    assert!(!store.status_page_insert(&page(3, "third"), 2).await.unwrap());
    let moved = store
        .status_page_update(&page(2, "other"), &page(2, "example"))
        .await;
    assert!(matches!(moved, Err(Error::Duplicate)), "{moved:?}");
    let update = async |before: StatusPage, page: StatusPage| store.status_page_update(&before, &page).await;
    assert!(!update(page(9, "nine"), page(9, "nine")).await.unwrap());
    let stale = update(page(2, "as-it-was"), page(2, "new")).await.unwrap();
    assert!(!stale, "somebody else changed it meanwhile");
    assert!(update(page(2, "other"), page(2, "new")).await.unwrap());
    assert_eq!(
        store.status_page_list().await.unwrap(),
        [page(1, "example"), page(2, "new")]
    );
}

#[tokio::test]
async fn what_hangs_on_a_page_goes_with_it() {
    let store = with_page().await;
    let incident = Notice::Incident(Incident {
        id: NoticeId(Uuid::from_u128(7)),
        title: "Slow".into(),
        services: vec![],
        began_at: at(5),
        ended_at: None,
        updates: vec![],
    });
    let work = Notice::Maintenance(Maintenance {
        id: NoticeId(Uuid::from_u128(8)),
        title: "Disks".into(),
        text: String::new(),
        services: vec![ServiceId(Uuid::from_u128(3))],
        from: at(6),
        until: at(7),
        counts: Counts::No,
        told_at: at(5),
    });
    let record = |notice: &Notice| NoticeRecord {
        page: page(1, "").id,
        notice: notice.clone(),
    };
    for notice in [&incident, &work] {
        assert!(store.status_notice_insert(&record(notice), 2).await.unwrap());
    }
    assert!(!store.status_notice_insert(&record(&work), 2).await.unwrap());
    let all = store.status_notice_list().await.unwrap();
    assert_eq!(all, [record(&work), record(&incident)], "the latest first");
    let update = async |before: &Notice, notice: &Notice| store.status_notice_update(before, notice).await;
    let longer = match work.clone() {
        Notice::Maintenance(work) => Notice::Maintenance(Maintenance { until: at(8), ..work }),
        incident => incident,
    };
    assert!(update(&work, &longer).await.unwrap());
    assert!(!update(&work, &work).await.unwrap(), "it is another one already");
    assert!(store.status_notice_delete(incident.id()).await.unwrap());
    assert!(!update(&incident, &incident).await.unwrap());
    assert!(store.status_link_insert(&link(1), 10).await.unwrap());
    store
        .status_open_add(&[open(1, "192.0.2.1", 1, 2, 3)], 10)
        .await
        .unwrap();

    assert!(store.status_page_delete(page(1, "").id).await.unwrap());
    assert!(store.status_link_list().await.unwrap().is_empty());
    assert!(store.status_notice_list().await.unwrap().is_empty());
    assert!(store.status_open_list(link(1).id, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_link_is_kept_as_it_is_until_it_ended_long_ago() {
    let store = with_page().await;
    assert!(store.status_link_insert(&link(1), 2).await.unwrap());
    assert!(store.status_link_insert(&link(2), 2).await.unwrap());
    assert!(!store.status_link_insert(&link(3), 2).await.unwrap());
    assert_eq!(store.status_link_list().await.unwrap(), [link(2), link(1)]);
    assert!(
        store
            .status_link_rotate(link(1).id, &[9; 32], at(50))
            .await
            .unwrap()
    );
    assert!(store.status_link_revoke(link(1).id, at(60)).await.unwrap());
    assert!(
        !store.status_link_revoke(link(1).id, at(61)).await.unwrap(),
        "once"
    );
    assert!(
        !store
            .status_link_rotate(link(1).id, &[8; 32], at(61))
            .await
            .unwrap(),
        "it has ended"
    );
    let kept = store.status_link_list().await.unwrap().remove(0);
    assert_eq!((kept.hash, kept.revoked_at), ([9; 32], Some(at(60))));
    assert_eq!(
        store.status_link_prune(at(61)).await.unwrap(),
        1,
        "the one that was taken back"
    );
    assert_eq!(
        store.status_link_prune(at(101)).await.unwrap(),
        1,
        "the one that expired"
    );
}

#[tokio::test]
async fn openings_add_up_by_the_hour_and_a_crowd_is_one_row() {
    let store = with_page().await;
    store.status_link_insert(&link(1), 9).await.unwrap();
    let some = [
        open(1, "192.0.2.1", 1, 5, 2),
        open(1, "192.0.2.1", HOUR, HOUR, 1),
        open(2, "192.0.2.1", 1, 1, 1),
    ];
    store.status_open_add(&some, 2).await.unwrap();
    let more = [
        open(1, "192.0.2.1", 3, 9, 4),
        open(1, "192.0.2.2", 4, 4, 1),
        open(1, "192.0.2.3", 5, 6, 1),
        open(1, "192.0.2.4", 2, 7, 1),
    ];
    store.status_open_add(&more, 2).await.unwrap();
    let all = store.status_open_list(link(1).id, 10).await.unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|open| (open.address.as_str(), open.first_at, open.last_at, open.opens))
        .collect();
    assert_eq!(
        told,
        [
            ("192.0.2.1", at(HOUR), at(HOUR), 1),
            ("192.0.2.1", at(1), at(9), 6),
            ("", at(2), at(7), 2),
            ("192.0.2.2", at(4), at(4), 1),
        ]
    );
    assert_eq!(
        store.status_open_sums(page(1, "").id).await.unwrap(),
        [(link(1).id, 10, at(HOUR))]
    );
    assert_eq!(store.status_open_sums(page(2, "").id).await.unwrap(), []);
    assert_eq!(store.status_open_list(link(1).id, 1).await.unwrap().len(), 1);
    assert_eq!(store.status_open_prune(at(HOUR)).await.unwrap(), 3);
}

#[tokio::test]
async fn what_services_consisted_of_is_replaced_service_by_service() {
    let store = fresh().await;
    let member = |n: u128, member| StatusMemberRecord {
        service: ServiceId(Uuid::from_u128(n)),
        member,
        host: HostId(Uuid::from_u128(4)),
        pool: (n == 2).then(|| HostId(Uuid::from_u128(5))),
        name: "web".into(),
        tags: vec!["prod".into()],
    };
    let (vm, host) = (
        member(1, Watched::Vm(VmId(Uuid::from_u128(6)))),
        member(2, Watched::Host(HostId(Uuid::from_u128(4)))),
    );
    let (one, two) = (vm.service, host.service);
    let set = async |services: &[(ServiceId, Vec<StatusMemberRecord>)]| {
        store.status_member_set(services).await.unwrap();
        store.status_member_list().await.unwrap()
    };
    let both = [(one, vec![vm.clone()]), (two, vec![host.clone()])];
    assert_eq!(set(&both).await, [vm.clone(), host.clone()]);
    let renamed = StatusMemberRecord {
        name: "shop".into(),
        ..vm
    };
    let more = member(1, Watched::Vm(VmId(Uuid::from_u128(7))));
    let changed = [(one, vec![renamed.clone(), more.clone()])];
    assert_eq!(set(&changed).await, [renamed, more, host.clone()]);
    assert_eq!(set(&[(one, vec![])]).await, [host]);
}
