//! What is kept of a page is never given to readers of another one, and never too late.
use super::*;
use axum::http::StatusCode;
use wxa_model::status::{IncidentStage, Language};
use wxa_testkit::wait_until;
use wxa_wire::{
    IncidentParams, SecretText,
    operation::{IncidentCreate, StatusLinkRevoke, StatusLinkRotate},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_in_other_languages_and_zones_are_never_mixed() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let nobody = app.anonymous();
    let english = link(&admin, page, link_params()).await;
    let german = StatusLinkParams {
        language: Some(Language::De),
        time_zone: Some("Asia/Tokyo".into()),
        ..link_params()
    };
    let german = link(&admin, page, german).await;
    for _ in 0..2 {
        let one = nobody.get(&path(&english)).await.body;
        let other = nobody.get(&path(&german)).await.body;
        assert!(
            one.contains("lang=\"en\"") && one.contains("Europe/Vienna (CE"),
            "{one}"
        );
        assert!(
            other.contains("lang=\"de\"") && other.contains("Asia/Tokyo (JST, UTC+9)"),
            "{other}"
        );
        assert!(!one.contains(&german.token.0) && !other.contains(&english.token.0));
        let asked = nobody
            .get(&format!("{}?lang=de&tz=UTC", path(&english)))
            .await
            .body;
        assert!(
            asked.contains("lang=\"de\"") && asked.contains("Zeiten: UTC"),
            "{asked}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_was_replaced_is_closed_and_the_new_one_does_not_name_it() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let nobody = app.anonymous();
    let old = link(&admin, page, link_params()).await;
    assert_eq!(nobody.get(&path(&old)).await.status, StatusCode::OK);
    let new = admin
        .call::<StatusLinkRotate>(old.link.id, ())
        .await
        .expect("a new link");
    assert_eq!(nobody.get(&path(&old)).await.status, StatusCode::NOT_FOUND);
    let page = nobody.get(&path(&new)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&new.token.0) && !page.body.contains(&old.token.0));
    admin
        .call::<StatusLinkRevoke>(new.link.id, ())
        .await
        .expect("revoked");
    let gone = nobody.get(&path(&new)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.body.contains("There is nothing here") && !gone.body.contains("Example"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_browser_has_already_is_not_sent_again_until_it_changes() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let nobody = app.anonymous();
    let made = link(&admin, page, link_params()).await;
    for form in ["", "/badge.svg"] {
        let address = format!("{}{form}", path(&made));
        wait_until("it is still the same", || async {
            let first = nobody.get(&address).await;
            let etag = first.header("etag").to_owned();
            let again = get(&nobody, &address, &[("if-none-match", &format!("\"x\", {etag}"))]).await;
            let same = again.status == StatusCode::NOT_MODIFIED && again.body.is_empty();
            if same { Ok(()) } else { Err(again.status) }
        })
        .await;
    }
    let before = nobody.get(&path(&made)).await;
    let incident = IncidentParams {
        title: "The lift is stuck".into(),
        services: Vec::new(),
        began_at: None,
        stage: IncidentStage::Investigating,
        text: "Somebody is in it.".into(),
    };
    let begun = std::time::Instant::now();
    admin
        .call::<IncidentCreate>(page, incident)
        .await
        .expect("an incident");
    let etag = before.header("etag").to_owned();
    wait_until("the incident is on the page", || async {
        let now = get(&nobody, &path(&made), &[("if-none-match", &etag)]).await;
        if now.body.contains("The lift is stuck") {
            Ok(())
        } else {
            Err(now.status)
        }
    })
    .await;
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_behind_a_password_is_kept_by_nobody_and_opens_only_with_its_own() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let nobody = app.anonymous();
    let locked = |password: &str| StatusLinkParams {
        password: Some(SecretText(password.into())),
        ..link_params()
    };
    let one = link(&admin, page, locked("correct horse")).await;
    let other = link(&admin, page, locked("battery staple")).await;
    let cookie = door::unlock(&nobody, &path(&one), "correct horse").await;
    let opened = get(&nobody, &path(&one), &[("cookie", &cookie)]).await;
    assert!(opened.body.contains("Order desk"), "{}", opened.body);
    assert_eq!(opened.header("cache-control"), "private, no-store");
    for (link, cookie) in [(&other, cookie.as_str()), (&one, ""), (&one, "wxa-status=x")] {
        for form in ["", "/status.json", "/badge.svg", "/feed.atom", "?kiosk"] {
            let shut = get(&nobody, &format!("{}{form}", path(link)), &[("cookie", cookie)]).await;
            assert!(
                !shut.body.contains("Order desk") && !shut.body.contains("Example"),
                "{form}"
            );
            assert_eq!(shut.header("cache-control"), "no-store");
            assert_eq!(shut.header("etag"), "");
        }
    }
}
