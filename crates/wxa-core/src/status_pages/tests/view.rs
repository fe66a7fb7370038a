//! What readers see: what was chosen, and nothing else; and when it is put together anew.
use super::*;
use wxa_model::status::CheckKind;

/// Whether a UUID is in the text, with or without hyphens.
fn has_uuid(text: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    words
        .filter(|word| word.len() >= 32)
        .any(|word| hex(&word.replace('-', "")))
}

async fn json(bench: &Bench, token: &SecretString) -> String {
    let view = bench.open(token).await.unwrap().view;
    serde_json::to_string(&*view).unwrap()
}

#[tokio::test]
async fn nothing_is_in_a_view_that_was_not_chosen() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let service = |members| NewService {
        checks: vec![NewCheck {
            id: None,
            kind: CheckKind::Http {
                url: "https://intranet.example/health".into(),
                status: None,
                text: Some("all fine".into()),
            },
            every_s: 60,
            may_go_inside: false,
        }],
        ..a_service("Web shop", members)
    };
    let everything = Shown {
        availability: true,
        members: false,
        notices: true,
        capacity: true,
    };
    let page = |shown| NewStatusPage {
        shown,
        slug: "secret-place".into(),
        ..a_page(vec![
            service(picked(&[1])),
            service(filter("name:vm-1 host:xen-1")),
            service(Members::Picked {
                vms: vec![],
                hosts: vec![HOST],
            }),
        ])
    };
    let made = bench
        .status_page_create(&olga, page(everything))
        .await
        .unwrap()
        .page;
    let token = bench.link(&olga, made.id).await;
    let told = NewIncident {
        title: "Orders are slow".into(),
        services: vec![made.services[0].id],
        began_at: None,
        stage: wxa_model::status::IncidentStage::Identified,
        text: "A disk is full".into(),
    };
    bench.incident_create(&olga, made.id, told).await.unwrap();
    let text = json(&bench, &token).await;
    assert!(
        text.contains("Orders are slow") && text.contains("\"capacity\":{"),
        "{text}"
    );
    let secrets = [
        "vm-1",
        "vm-2",
        "vm-3",
        "xen-1",
        "root@",
        "Home",
        "prod",
        "intranet",
        "all fine",
        "olga",
        "Board",
        "secret-place",
        "/etc/xen",
        READER,
    ];
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    assert!(!has_uuid(&text), "{text}");
    assert!(has_uuid(&format!("\"{}\"", made.id)), "it would be found");

    // Names of members when they are chosen, and of no others.
    let with_members = Shown {
        members: true,
        ..everything
    };
    bench
        .status_page_set(&olga, made.id, page(with_members))
        .await
        .unwrap();
    let text = json(&bench, &token).await;
    assert!(text.contains("\"vm-1\"") && text.contains("\"xen-1\""));
    assert!(
        !text.contains("vm-2") && !text.contains("vm-3") && !has_uuid(&text),
        "{text}"
    );

    let nothing = Shown {
        availability: false,
        members: false,
        notices: false,
        capacity: false,
    };
    bench
        .status_page_set(&olga, made.id, page(nothing))
        .await
        .unwrap();
    let view = bench.open(&token).await.unwrap().view;
    assert!(view.incidents.is_empty() && view.capacity.is_none());
    assert!(view.services.iter().all(|service| service.availability.is_none()));
    bench.stop().await;
}

#[tokio::test]
async fn machines_that_are_not_heard_are_counted_as_such() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = NewStatusPage {
        shown: Shown {
            capacity: true,
            ..Shown::default()
        },
        ..a_page(vec![])
    };
    let page = bench.page(&olga, page).await;
    let counts = async || {
        bench.a_second_later().await;
        let view = bench.status_page_preview(&olga, page).await.unwrap();
        let capacity = view.capacity.unwrap();
        (capacity.vms, capacity.machines, capacity.unheard)
    };
    assert_eq!(counts().await, (0, 1, 0));
    bench.lost().await;
    assert_eq!(counts().await, (0, 0, 1));
    bench.stop().await;
}

#[tokio::test]
async fn a_view_is_shared_until_something_is_different_or_a_minute_is_over() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let service = || a_service("Web shop", picked(&[1]));
    let page = bench.page(&olga, a_page(vec![service()])).await;
    let token = bench.link(&olga, page).await;
    bench.until(page, Standing::Up).await;
    let first = bench.open(&token).await.unwrap();
    let again = bench.open(&token).await.unwrap();
    assert!(
        Arc::ptr_eq(&first.view, &again.view),
        "nothing is made for a reader"
    );
    bench.listed(&[1, 2, 3, 5]).await;
    bench.a_second_later().await;
    let other_inventory = bench.open(&token).await.unwrap();
    assert_eq!(other_inventory.revision, first.revision, "readers see the same");

    let renamed = NewStatusPage {
        title: "Example Inc".into(),
        ..a_page(vec![service()])
    };
    bench.status_page_set(&olga, page, renamed).await.unwrap();
    let second = bench.open(&token).await.unwrap();
    assert_eq!(
        second.view.title, "Example Inc",
        "what its author does is seen at once"
    );
    assert_ne!(second.revision, first.revision);
    bench.0.clock.advance(std::time::Duration::from_secs(60));
    let third = bench.open(&token).await.unwrap();
    assert_eq!(third.view.updated_at, bench.now());
    assert_ne!(third.revision, second.revision);
    bench.stop().await;
}

#[tokio::test]
async fn a_preview_is_what_readers_see() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench
        .page(&olga, a_page(vec![a_service("Web shop", picked(&[1]))]))
        .await;
    let token = bench.link(&olga, page).await;
    let preview: StatusView = bench.status_page_preview(&olga, page).await.unwrap();
    assert_eq!(preview, *bench.open(&token).await.unwrap().view);
    bench.stop().await;
}

#[tokio::test]
async fn of_very_many_members_those_that_stand_worst_are_named() {
    use wxa_model::status::view::MEMBERS_MOST;
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let guests: Vec<u128> = (1..=150).collect();
    bench.listed(&guests).await;
    let page = NewStatusPage {
        shown: Shown {
            members: true,
            ..Shown::default()
        },
        ..a_page(vec![a_service("All", filter("vm-"))])
    };
    let page = bench.page(&olga, page).await;
    let view = bench.status_page_preview(&olga, page).await.unwrap();
    let all = &view.services[0];
    assert_eq!((all.members.len(), all.more_members), (MEMBERS_MOST, 50));
    bench.stop().await;
}

#[tokio::test]
async fn of_a_lost_host_a_page_says_that_nothing_is_known_and_since_when() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = NewStatusPage {
        shown: Shown {
            members: true,
            ..Shown::default()
        },
        ..a_page(vec![a_service("Web shop", filter("name:vm-1"))])
    };
    let page = bench.page(&olga, page).await;
    let token = bench.link(&olga, page).await;
    bench.until(page, Standing::Up).await;
    bench.a_second_later().await;
    let shop = bench.open(&token).await.unwrap().view.services[0].clone();
    assert_eq!(
        (shop.standing, shop.members[0].standing),
        (Standing::Up, Standing::Up)
    );

    bench.lost().await;
    let last_word = bench.now();
    bench.until(page, Standing::Unknown).await;
    bench.a_second_later().await;
    let view = bench.open(&token).await.unwrap().view;
    let shop = &view.services[0];
    assert_eq!(
        (view.standing, shop.since),
        (Some(Standing::Unknown), Some(last_word))
    );
    assert_eq!(shop.members[0].standing, Standing::Unknown, "it is still named");
    let sums = shop.availability.as_ref().unwrap();
    assert_eq!(sums.days.len(), 90);
    assert_eq!(sums.day.all_ms(), 24 * 3_600_000);
    assert_eq!(sums.day.down_ms, 0, "what is not known is not down");
    bench.stop().await;
}
