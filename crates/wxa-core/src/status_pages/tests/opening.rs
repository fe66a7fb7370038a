//! Links and open addresses: what opens a page, and what does not.
use super::*;
use std::time::Duration;

#[tokio::test]
async fn a_link_opens_its_page_and_only_its_hash_is_kept() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench
        .page(&olga, a_page(vec![a_service("Web shop", picked(&[1]))]))
        .await;
    let (one, other) = (bench.link(&olga, page).await, bench.link(&olga, page).await);
    assert_ne!(one.expose_secret(), other.expose_secret());
    assert_eq!(one.expose_secret().len(), 43, "256 bits in base64");
    let opened = bench.open(&one).await.unwrap();
    assert_eq!(opened.view.title, "Example Ltd");
    assert_ne!(
        opened.cache_key,
        bench.open(&other).await.unwrap().cache_key,
        "each link has its own"
    );

    let bench = bench.restarted().await;
    assert_eq!(bench.open(&one).await.unwrap().view.title, "Example Ltd");
    let told = format!(
        "{:?}",
        bench
            .audit_list(&Ctx::command_line(), crate::AuditFilter::default())
            .await
    );
    assert!(told.contains("status_link_create") && !told.contains(one.expose_secret()));
    bench.stop().await;
    for entry in std::fs::read_dir(bench.0.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let secret = one.expose_secret().as_bytes();
        assert!(
            !bytes.windows(secret.len()).any(|part| part == secret),
            "the secret is on the disk"
        );
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_a_link_the_answer_is_the_same() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let gone = bench.page(&olga, a_page(vec![])).await;
    let in_an_hour = UnixMillis(bench.now().0 + 3_600_000);
    let expiring = NewStatusLink {
        expires_at: Some(in_an_hour),
        ..a_link()
    };
    let from_home = NewStatusLink {
        addresses: vec!["198.51.100.0/24".into()],
        ..a_link()
    };
    let expiring = bench.status_link_create(&olga, page, expiring).await.unwrap().1;
    let from_home = bench.status_link_create(&olga, page, from_home).await.unwrap().1;
    let (revoked, token) = bench.status_link_create(&olga, page, a_link()).await.unwrap();
    let of_gone = bench.link(&olga, gone).await;
    for token in [&expiring, &token, &of_gone] {
        bench.open(token).await.unwrap();
    }
    bench.open_from(&from_home, "198.51.100.7", None).await.unwrap();
    bench
        .open_from(&from_home, "::ffff:198.51.100.7", None)
        .await
        .unwrap();

    bench.status_link_revoke(&olga, revoked.id).await.unwrap();
    bench.status_page_delete(&olga, gone).await.unwrap();
    bench.0.clock.advance(Duration::from_secs(3600));
    let id = SecretString::from(revoked.id.to_string());
    let long = SecretString::from("x".repeat(100_000));
    for wrong in [
        &expiring,
        &from_home,
        &token,
        &of_gone,
        &id,
        &long,
        &"".into(),
        &"example-ltd".into(),
    ] {
        assert_eq!(bench.open(wrong).await.unwrap_err(), Shut::NotFound);
    }
    bench.stop().await;
}

#[tokio::test]
async fn a_rotated_link_opens_by_its_new_secret_only() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let (link, old) = bench.status_link_create(&olga, page, a_link()).await.unwrap();
    let (rotated, new) = bench.status_link_rotate(&olga, link.id).await.unwrap();
    assert_eq!(rotated.id, link.id);
    assert_eq!(bench.open(&old).await.unwrap_err(), Shut::NotFound);
    bench.open(&new).await.unwrap();
    bench.status_link_revoke(&olga, link.id).await.unwrap();
    assert_eq!(wrong(bench.status_link_rotate(&olga, link.id).await), "link");
    bench.stop().await;
}

#[tokio::test]
async fn wrong_links_are_slowed_by_network_and_a_right_one_never_is() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let right = bench.link(&olga, page).await;
    let wrong = SecretString::from("wrong");
    let mut answers = Vec::new();
    for _ in 0..30 {
        answers.push(bench.open(&wrong).await.unwrap_err());
    }
    assert!(
        matches!(answers.last(), Some(Shut::TooMany { retry_after_s: 1.. })),
        "{answers:?}"
    );
    bench.open(&right).await.unwrap();
    let elsewhere = bench.open_from(&wrong, "198.51.100.7", None).await;
    assert_eq!(elsewhere.unwrap_err(), Shut::NotFound);
    bench.stop().await;
}

#[tokio::test]
async fn an_address_without_a_link_is_open_to_those_whom_its_author_chose() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = |slug: &str, audience| NewStatusPage {
        slug: slug.into(),
        audience,
        ..a_page(vec![])
    };
    for (slug, audience) in [
        ("links", Audience::Links),
        ("staff", Audience::SignedIn),
        ("open", Audience::Everybody),
    ] {
        bench.page(&olga, page(slug, audience)).await;
    }
    let viewer = bench
        .user("vera", Role::Viewer, Scope::Tag("nothing".into()))
        .await;
    for (who, slug, shut) in [
        (&stranger(), "links", Some(Shut::NotFound)),
        (&stranger(), "staff", Some(Shut::SignInNeeded)),
        (&stranger(), "open", None),
        (&stranger(), "nowhere", Some(Shut::NotFound)),
        (&viewer, "links", Some(Shut::NotFound)),
        (&viewer, "staff", None),
        (&olga, "links", Some(Shut::NotFound)),
    ] {
        let opened = bench.status_open(who, Door::Slug { slug }).await;
        assert_eq!(opened.err(), shut, "{slug} by {:?}", who.name);
    }
    bench.stop().await;
}

#[tokio::test]
async fn a_link_may_have_a_language_and_a_time_zone_of_its_own() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = NewStatusPage {
        time_zone: "America/New_York".into(),
        ..a_page(vec![])
    };
    let page = bench.page(&olga, page).await;
    let own = NewStatusLink {
        language: Some(Language::De),
        time_zone: Some("Europe/Vienna".into()),
        ..a_link()
    };
    let own = bench.status_link_create(&olga, page, own).await.unwrap().1;
    let (own, plain) = (bench.open(&own).await.unwrap(), bench.link(&olga, page).await);
    assert_eq!(
        (own.language, own.time_zone.as_str()),
        (Language::De, "Europe/Vienna")
    );
    let plain = bench.open(&plain).await.unwrap();
    assert_eq!(
        (plain.language, plain.time_zone.as_str()),
        (Language::En, "America/New_York")
    );
    bench.stop().await;
}

#[tokio::test]
async fn openings_are_counted_by_who_and_when_and_outlive_a_restart() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let (link, token) = bench.status_link_create(&olga, page, a_link()).await.unwrap();
    for from in ["192.0.2.1", "192.0.2.1", "2001:db8::1"] {
        bench.open_from(&token, from, None).await.unwrap();
    }
    let _wrong = bench.open(&"wrong".into()).await.unwrap_err();
    let kept = bench.inner.store.status_open_list(link.id, 9).await.unwrap();
    assert!(kept.is_empty(), "nothing is written for a reader: {kept:?}");

    let bench = bench.restarted().await;
    let opens = bench.status_link_opens(&olga, link.id).await.unwrap();
    let mut told: Vec<_> = opens
        .opens
        .iter()
        .map(|open| (open.address.as_str(), open.opens))
        .collect();
    told.sort_unstable();
    assert_eq!(
        (told, opens.more),
        (vec![("192.0.2.1", 2), ("2001:db8::1", 1)], false)
    );
    let listed = bench.status_link_list(&olga, page).await.unwrap();
    assert_eq!(
        (listed[0].opens, listed[0].last_opened_at),
        (3, Some(bench.now()))
    );
    bench.stop().await;
}

#[tokio::test]
async fn while_pages_cannot_be_read_nothing_is_shown_by_old_rights_and_nothing_forgotten() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench
        .page(&olga, a_page(vec![a_service("All", filter("vm-"))]))
        .await;
    let token = bench.link(&olga, page).await;
    bench.open(&token).await.unwrap();
    let database =
        sqlx::sqlite::SqliteConnectOptions::new().filename(bench.0.folder.path().join("webxenadmin.db"));
    let database = sqlx::SqlitePool::connect_with(database).await.unwrap();
    let run = async |sql: &'static str| sqlx::query(sql).execute(&database).await.map(drop).unwrap();
    run("alter table status_notice rename to hidden").await;
    bench.open(&token).await.unwrap();
    bench.status_changed().await;
    let shut = bench.open(&token).await.unwrap_err();
    assert!(matches!(shut, Shut::Later { .. }), "{shut:?}");
    let bench = bench.restarted().await;
    assert!(matches!(bench.open(&token).await, Err(Shut::Later { .. })));
    run("alter table hidden rename to status_notice").await;
    bench.open(&token).await.unwrap();
    run("update status_link set addresses = 'nowhere'").await;
    run("insert into status_page (id, slug, creator, created_at, body) values ('x', 'x', 'x', 1, '{}')")
        .await;
    bench.status_changed().await;
    assert_eq!(
        bench.open(&token).await.unwrap_err(),
        Shut::NotFound,
        "a link that makes no sense is closed"
    );
    let pages = bench.status_page_list(&olga).await.unwrap();
    assert_eq!(pages.len(), 1, "what makes no sense takes nothing else along");
    database.close().await;
    bench.stop().await;
}

#[tokio::test]
async fn what_is_kept_is_answered_while_pages_cannot_be_read() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let database =
        sqlx::sqlite::SqliteConnectOptions::new().filename(bench.0.folder.path().join("webxenadmin.db"));
    let database = sqlx::SqlitePool::connect_with(database).await.unwrap();
    let run = async |sql: &'static str| sqlx::query(sql).execute(&database).await.map(drop).unwrap();
    bench.status_page_list(&olga).await.unwrap();
    run("alter table status_notice rename to hidden").await;
    let made = bench.status_page_create(&olga, a_page(vec![])).await.unwrap();
    assert_eq!((made.creator.as_str(), made.shut), ("olga", None));
    run("alter table hidden rename to status_notice").await;
    bench.status_page_list(&olga).await.unwrap();
    run("alter table status_notice rename to hidden").await;
    let new = NewStatusPage {
        title: "Example & Sons".into(),
        ..a_page(vec![])
    };
    let set = bench.status_page_set(&olga, made.page.id, new).await.unwrap();
    assert_eq!(
        (set.page.title.as_str(), set.creator.as_str()),
        ("Example & Sons", "olga")
    );
    run("alter table hidden rename to status_notice").await;
    assert_eq!(bench.status_page_list(&olga).await.unwrap()[0].page, set.page);
    let rows = bench
        .audit_list(&Ctx::command_line(), crate::AuditFilter::default())
        .await
        .unwrap();
    let outcome = |what: &str| {
        rows.iter()
            .find(|row| row.what == what)
            .and_then(|row| row.outcome)
    };
    for what in ["status_page_create", "status_page_set"] {
        assert_eq!(outcome(what), Some(crate::AuditOutcome::Done), "{what}");
    }
    database.close().await;
    bench.stop().await;
}
