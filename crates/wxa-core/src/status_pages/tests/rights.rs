//! Who may build pages, and how the rights of their creators decide what they show.
use super::*;
use wxa_model::status::{Check, CheckKind};

#[tokio::test]
async fn what_a_page_shows_follows_its_creators_rights() {
    let bench = Bench::start().await;
    let (olga, admin) = (bench.operator().await, Ctx::command_line());
    let page = a_page(vec![
        a_service("Picked", picked(&[1])),
        a_service("Filtered", filter("vm-")),
        a_service("Production", picked(&[3])),
    ]);
    let page = bench.page(&olga, page).await;
    let token = bench.link(&olga, page).await;
    assert_eq!(bench.services(&token).await, ["Picked", "Filtered", "Production"]);

    // Less, and at once.
    let only_prod = [Grant {
        role: Role::Viewer,
        scope: Scope::Tag("prod".into()),
    }];
    bench.user_set_grants(&admin, "olga", &only_prod).await.unwrap();
    assert_eq!(bench.services(&token).await, ["Filtered", "Production"]);
    bench.user_set_grants(&admin, "olga", &[]).await.unwrap();
    assert_eq!(bench.services(&token).await, [""; 0]);
    bench.user_set_grants(&admin, "olga", &olga.grants).await.unwrap();
    assert_eq!(bench.services(&token).await.len(), 3);

    bench.user_disable(&admin, "olga").await.unwrap();
    assert_eq!(bench.open(&token).await.unwrap_err(), Shut::NotFound);
    bench.user_enable(&admin, "olga").await.unwrap();
    bench.open(&token).await.unwrap();
    bench.user_delete(&admin, "olga").await.unwrap();
    assert_eq!(bench.open(&token).await.unwrap_err(), Shut::NotFound);
    let left = bench.status_page_list(&admin).await.unwrap();
    assert_eq!(
        left[0].shut,
        Some(PageShut::CreatorGone),
        "an administrator sees what is left"
    );
    bench.stop().await;
}

#[tokio::test]
async fn a_tag_that_is_taken_away_takes_the_service_off_the_page() {
    let bench = Bench::start().await;
    let admin = Ctx::command_line();
    let tess = bench
        .user("tess", Role::Operator, Scope::Tag("prod".into()))
        .await;
    let page = bench
        .page(&tess, a_page(vec![a_service("Production", picked(&[3]))]))
        .await;
    let token = bench.link(&tess, page).await;
    assert_eq!(bench.services(&token).await, ["Production"]);
    let change = TagChange {
        add: vec![],
        remove: vec!["prod".into()],
    };
    bench.vm_set_tags(&admin, vm_id(3), change).await.unwrap();
    bench.live().inventory.settled().await;
    bench.a_second_later().await;
    assert_eq!(bench.services(&token).await, [""; 0]);
    let why = bench.status_page_get(&tess, page).await.unwrap().left_off;
    assert_eq!(why[0].1, LeftOffWhy::NotSeen);
    bench.stop().await;
}

#[tokio::test]
async fn pages_are_made_by_people_of_what_they_may_act_on() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let viewer = bench.user("vera", Role::Viewer, Scope::Everything).await;
    let elsewhere = bench
        .user("elsa", Role::Operator, Scope::Tag("elsewhere".into()))
        .await;
    let mixed = Ctx {
        grants: Arc::from([&viewer.grants[..], &elsewhere.grants[..]].concat()),
        ..elsewhere.clone()
    };
    let page = || a_page(vec![a_service("Web shop", picked(&[1]))]);
    let refused = |result: Result<PageDetails, Error>| result.map(|made| made.page.id).unwrap_err();
    assert!(matches!(
        refused(bench.status_page_create(&viewer, page()).await),
        Error::Forbidden
    ));
    let script = script(&olga, Role::Operator);
    assert!(matches!(
        refused(bench.status_page_create(&script, page()).await),
        Error::NotByToken
    ));
    assert_eq!(
        wrong(bench.status_page_create(&elsewhere, page()).await),
        "services"
    );
    let only_sees = bench.status_page_create(&mixed, page()).await;
    assert!(matches!(refused(only_sees), Error::Forbidden));
    let command_line = bench.status_page_create(&Ctx::command_line(), page()).await;
    assert!(
        matches!(refused(command_line), Error::Forbidden),
        "nobody's rights"
    );
    bench.status_page_create(&olga, page()).await.unwrap();
    bench.stop().await;
}

#[tokio::test]
async fn a_page_is_its_creators_and_every_administrators() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let otto = bench.user("otto", Role::Operator, Scope::Everything).await;
    let admin = bench.user("anna", Role::Admin, Scope::Everything).await;
    let page = bench
        .page(&olga, a_page(vec![a_service("Web shop", picked(&[1]))]))
        .await;
    let (link, _) = bench.status_link_create(&olga, page, a_link()).await.unwrap();
    assert!(bench.status_page_list(&otto).await.unwrap().is_empty());
    let theirs = [
        bench.status_page_get(&otto, page).await.err(),
        bench.status_page_set(&otto, page, a_page(vec![])).await.err(),
        bench.status_page_delete(&otto, page).await.err(),
        bench.status_page_preview(&otto, page).await.err(),
        bench.status_link_list(&otto, page).await.err(),
        bench.status_link_create(&otto, page, a_link()).await.err(),
        bench.status_link_rotate(&otto, link.id).await.err(),
        bench.status_link_revoke(&otto, link.id).await.err(),
        bench.status_link_opens(&otto, link.id).await.err(),
        bench.status_notice_list(&otto, page).await.err(),
    ];
    for error in theirs {
        assert!(matches!(error, Some(Error::NotFound)), "{error:?}");
    }
    assert_eq!(bench.status_page_list(&admin).await.unwrap()[0].creator, "olga");
    let kept = bench.status_page_set(&admin, page, a_page(vec![])).await.unwrap();
    assert_eq!(Some(kept.page.creator), olga.user, "it stays hers");
    bench.status_page_delete(&admin, page).await.unwrap();
    bench.stop().await;
}

#[tokio::test]
async fn only_an_administrator_lets_a_check_go_inside() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let admin = bench.user("anna", Role::Admin, Scope::Everything).await;
    let inside = |id, port| NewService {
        checks: vec![NewCheck {
            id,
            kind: CheckKind::Tcp {
                host: "127.0.0.1".into(),
                port,
            },
            every_s: Check::LEAST_S,
            may_go_inside: true,
        }],
        ..a_service("Web shop", picked(&[]))
    };
    let made = bench
        .status_page_create(&olga, a_page(vec![inside(None, 80)]))
        .await;
    assert_eq!(wrong(made), "services");
    let page = bench.page(&olga, a_page(vec![])).await;
    let set = bench
        .status_page_set(&admin, page, a_page(vec![inside(None, 80)]))
        .await;
    let service = set.unwrap().page.services.remove(0);
    let check = service.checks[0].id;
    let same = NewService {
        id: Some(service.id),
        ..inside(Some(check), 80)
    };
    let kept = bench
        .status_page_set(&olga, page, a_page(vec![same]))
        .await
        .unwrap();
    assert_eq!(
        kept.page.services[0].checks[0].id, check,
        "what was agreed stays agreed"
    );
    let other = NewService {
        id: Some(service.id),
        ..inside(Some(check), 81)
    };
    assert_eq!(
        wrong(bench.status_page_set(&olga, page, a_page(vec![other])).await),
        "services"
    );
    bench.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_told_by_its_field() {
    type Change = fn(&mut NewStatusPage);
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let with = |change: fn(&mut NewStatusPage)| {
        let mut page = a_page(vec![a_service("Web shop", picked(&[1, 2]))]);
        change(&mut page);
        page
    };
    let bad: [(&str, Change); 11] = [
        ("title", |page| page.title = "  ".into()),
        ("title", |page| page.title = "a\u{202e}b".into()),
        ("about", |page| page.about = "two\nlines".into()),
        ("slug", |page| page.slug = "Not This".into()),
        ("time_zone", |page| page.time_zone = "Vienna".into()),
        ("services", |page| page.services[0].name = String::new()),
        ("services", |page| {
            page.services[0].members = filter("sate:running")
        }),
        ("services", |page| page.services[0].members = picked(&[])),
        ("services", |page| page.services[0].members = picked(&[9])),
        ("services", |page| page.services[0].rule = Rule::AtLeast(3)),
        ("services", |page| {
            page.services[0].id = Some(wxa_model::ServiceId(uuid::Uuid::nil()))
        }),
    ];
    for (field, change) in bad {
        assert_eq!(wrong(bench.status_page_create(&olga, with(change)).await), field);
    }
    let made = bench.status_page_create(&olga, with(|_| ())).await.unwrap().page;
    assert_eq!(
        (made.slug.as_str(), made.time_zone.as_str()),
        ("example-ltd", "UTC")
    );
    let again = bench.status_page_create(&olga, with(|_| ())).await.unwrap().page;
    assert_eq!(again.slug, "example-ltd-2");
    let taken = with(|page| page.slug = "example-ltd".into());
    assert_eq!(wrong(bench.status_page_create(&olga, taken).await), "slug");
    bench.stop().await;
}

#[tokio::test]
async fn who_may_do_nothing_any_more_can_still_close_pages_and_has_nothing_asked() {
    let bench = Bench::start().await;
    let (olga, admin) = (bench.operator().await, Ctx::command_line());
    let checked = NewService {
        checks: vec![NewCheck {
            id: None,
            kind: CheckKind::Tcp {
                host: "192.0.2.1".into(),
                port: 443,
            },
            every_s: Check::LEAST_S,
            may_go_inside: false,
        }],
        ..a_service("Web shop", picked(&[]))
    };
    let page = bench.page(&olga, a_page(vec![checked])).await;
    bench.link(&olga, page).await;
    let asked = async || {
        let picture = bench.status_picture().await.unwrap();
        let resolved = bench.status_resolved(&picture).await.unwrap();
        resolved.specs(&picture)[0].checks.len()
    };
    assert_eq!(asked().await, 1);
    bench.user_disable(&admin, "olga").await.unwrap();
    assert_eq!(asked().await, 0);
    bench.user_enable(&admin, "olga").await.unwrap();
    assert_eq!(asked().await, 1);
    let only_sees = [Grant {
        role: Role::Viewer,
        scope: Scope::Everything,
    }];
    bench.user_set_grants(&admin, "olga", &only_sees).await.unwrap();
    assert_eq!(asked().await, 0);
    let vera = bench.user("vera", Role::Viewer, Scope::Everything).await;
    let olga = Ctx {
        grants: Arc::from(only_sees),
        ..olga
    };
    let others = bench.status_page_delete(&vera, page).await.unwrap_err();
    assert!(matches!(others, Error::Forbidden), "{others:?}");
    let others = bench.status_link_list(&vera, page).await.unwrap_err();
    assert!(matches!(others, Error::Forbidden), "{others:?}");

    // What she takes back she finds where everybody does.
    let links = bench.status_link_list(&olga, page).await.unwrap();
    bench.status_link_revoke(&olga, links[0].id).await.unwrap();
    let found = bench.status_page_get(&olga, page).await.unwrap().page.id;
    let anew = bench
        .status_link_create(&olga, found, a_link())
        .await
        .unwrap_err();
    assert!(matches!(anew, Error::Forbidden), "{anew:?}");
    bench.status_page_delete(&olga, found).await.unwrap();
    bench.stop().await;
}

fn a_checked(name: &str, kinds: Vec<CheckKind>) -> NewService {
    let checks = kinds.into_iter().map(|kind| NewCheck {
        id: None,
        kind,
        every_s: Check::LEAST_S,
        may_go_inside: false,
    });
    NewService {
        checks: checks.collect(),
        ..a_service(name, picked(&[]))
    }
}

#[tokio::test]
async fn a_page_is_kept_as_it_was_sent_but_for_the_order_of_what_was_picked() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let asks = CheckKind::Http {
        url: "https://web.example/".into(),
        status: None,
        text: Some(" all fine ".into()),
    };
    let service = NewService {
        members: picked(&[2, 1, 2]),
        ..a_checked("Web shop", vec![asks.clone()])
    };
    let made = bench.status_page_create(&olga, a_page(vec![service])).await;
    let service = made.unwrap().page.services.remove(0);
    assert_eq!(
        (service.members, &service.checks[0].kind),
        (picked(&[1, 2]), &asks)
    );
    bench.stop().await;
}

#[tokio::test]
async fn a_check_that_can_never_be_asked_is_not_kept() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    for url in ["http://[x", "https://web.example:99999/", "http://a b/"] {
        let (url, status, text) = (url.to_owned(), None, None);
        let service = a_checked("Web shop", vec![CheckKind::Http { url, status, text }]);
        let made = bench.status_page_create(&olga, a_page(vec![service])).await;
        assert_eq!(wrong(made), "services");
    }
    let nobodys = a_checked("Web shop", vec![CheckKind::Login]);
    let made = bench.status_page_create(&olga, a_page(vec![nobodys])).await;
    assert_eq!(wrong(made), "services", "no VM whose prompt there could be");
    bench.stop().await;
}

#[tokio::test]
async fn one_account_has_this_server_ask_two_hundred_checks_and_no_more() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let tcp = |port| CheckKind::Tcp {
        host: "web.invalid".into(),
        port,
    };
    let services = |many: u16| -> Vec<NewService> {
        let service = |n| a_checked(&format!("Shop {n}"), (1..=10).map(tcp).collect());
        (0..many).map(service).collect()
    };
    let first = bench.page(&olga, a_page(services(19))).await;
    let second = bench.page(&olga, a_page(services(1))).await;
    let more = NewStatusPage {
        slug: "third".into(),
        ..a_page(services(1))
    };
    let third = bench.status_page_create(&olga, more.clone()).await;
    assert_eq!(wrong(third), "services");
    let two = bench.status_page_set(&olga, second, a_page(services(2))).await;
    assert_eq!(wrong(two), "services");
    let fewer = bench.status_page_set(&olga, first, a_page(services(18))).await;
    fewer.unwrap();
    bench.status_page_create(&olga, more).await.unwrap();
    bench.stop().await;
}
