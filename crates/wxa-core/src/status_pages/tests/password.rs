//! Links with a password.
use super::*;
use std::time::Duration;

const PASSWORD: &str = "blue horses swim";

async fn unlock(bench: &Bench, token: &SecretString, password: &str) -> Result<String, Shut> {
    let from = READER.parse().unwrap();
    bench
        .status_unlock(&stranger(), token.expose_secret(), from, &password.into())
        .await
}

async fn locked(bench: &Bench, olga: &Ctx, page: StatusPageId) -> (StatusLinkEntry, SecretString) {
    let new = NewStatusLink {
        password: Some(PASSWORD.into()),
        ..a_link()
    };
    bench.status_link_create(olga, page, new).await.unwrap()
}

#[tokio::test]
async fn a_password_opens_the_link_it_belongs_to_for_twelve_hours() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let ((link, token), (_, other)) = (
        locked(&bench, &olga, page).await,
        locked(&bench, &olga, page).await,
    );
    assert_eq!(bench.open(&token).await.unwrap_err(), Shut::PasswordNeeded);
    assert_eq!(
        unlock(&bench, &token, "blue horses sink").await,
        Err(Shut::PasswordNeeded)
    );
    assert_eq!(
        unlock(&bench, &"wrong".into(), PASSWORD).await,
        Err(Shut::NotFound)
    );

    let kept = unlock(&bench, &token, PASSWORD).await.unwrap();
    assert!(!kept.contains(PASSWORD) && !kept.contains(token.expose_secret()));
    bench.open_from(&token, READER, Some(&kept)).await.unwrap();
    let refused = bench.open_from(&other, READER, Some(&kept)).await.unwrap_err();
    assert_eq!(refused, Shut::PasswordNeeded, "the same password on another link");
    let (until, mac) = kept.split_once('.').unwrap();
    let later = format!("{}.{mac}", until.parse::<u64>().unwrap() + 1);
    for forged in [later.as_str(), "", ".", until, mac, &"9".repeat(4000)] {
        let refused = bench.open_from(&token, READER, Some(forged)).await.unwrap_err();
        assert_eq!(refused, Shut::PasswordNeeded, "{forged}");
    }

    let bench = bench.restarted().await;
    bench.open_from(&token, READER, Some(&kept)).await.unwrap();
    bench.0.clock.advance(Duration::from_secs(12 * 3600));
    let late = bench.open_from(&token, READER, Some(&kept)).await.unwrap_err();
    assert_eq!(late, Shut::PasswordNeeded);
    let kept = unlock(&bench, &token, PASSWORD).await.unwrap();
    let rotated = bench.status_link_rotate(&olga, link.id).await.unwrap().1;
    let refused = bench.open_from(&rotated, READER, Some(&kept)).await.unwrap_err();
    assert_eq!(refused, Shut::PasswordNeeded, "a new link asks anew");
    bench.stop().await;
}

#[tokio::test]
async fn guessing_a_password_gets_slower() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let (_, token) = locked(&bench, &olga, page).await;
    let mut answer = Ok(String::new());
    for _ in 0..8 {
        answer = unlock(&bench, &token, "a guess of it").await;
    }
    assert!(
        matches!(answer, Err(Shut::TooMany { retry_after_s: 1.. })),
        "{answer:?}"
    );
    bench.stop().await;
}

#[tokio::test]
async fn guesses_at_links_hold_up_nobody_who_signs_in_from_there() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    for _ in 0..5 {
        let (_, token) = locked(&bench, &olga, page).await;
        for _ in 0..5 {
            let _wrong = unlock(&bench, &token, "a guess of it").await;
        }
    }
    for _ in 0..25 {
        let _wrong = bench.open(&"no link".into()).await;
    }
    let (_, token) = locked(&bench, &olga, page).await;
    let slowed = unlock(&bench, &token, "a guess of it").await;
    assert!(
        matches!(slowed, Err(Shut::TooMany { .. })),
        "the network waits: {slowed:?}"
    );
    let accounts = &bench.inner.throttle;
    accounts.begin("olga", READER, bench.now()).map(drop).unwrap();
    accounts.wrong_token(READER, bench.now()).unwrap();
    bench.stop().await;
}

#[tokio::test]
async fn a_password_is_in_no_record() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let (entry, _) = locked(&bench, &olga, page).await;
    assert!(entry.has_password);
    let audit = bench
        .audit_list(&Ctx::command_line(), crate::AuditFilter::default())
        .await;
    let kept = bench.inner.store.status_link_list().await.unwrap();
    let told = format!("{entry:?} {audit:?} {kept:?}");
    assert!(!told.contains(PASSWORD) && !told.contains("argon2"), "{told}");
    let short = NewStatusLink {
        password: Some("short".into()),
        ..a_link()
    };
    assert_eq!(
        wrong(bench.status_link_create(&olga, page, short).await),
        "password"
    );
    bench.stop().await;
}
