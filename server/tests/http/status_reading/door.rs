//! Passwords, wrong links, and pages that take a sign-in.
use super::*;
use axum::http::StatusCode;
use wxa_wire::{SecretText, operation::NoId};

/// Gives the password, and gives what the browser brings back from then on.
pub(super) async fn unlock(client: &Client, path: &str, password: &str) -> String {
    let reply = client
        .form(path, &format!("password={}", password.replace(' ', "+")))
        .await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let cookie = reply.header("set-cookie");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_asked_for_and_remembered_for_its_address_alone() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let nobody = app.anonymous();
    let params = StatusLinkParams {
        password: Some(SecretText("correct horse".into())),
        ..link_params()
    };
    let made = link(&admin, page, params).await;
    let asked = get(&nobody, &path(&made), &[("accept-language", "de-AT")]).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(
        asked.body.contains("Diese Seite hat ein Passwort"),
        "{}",
        asked.body
    );
    assert_eq!(
        nobody.get(&format!("{}/status.json", path(&made))).await.status,
        StatusCode::FORBIDDEN
    );

    let wrong = nobody.form(&path(&made), "password=wrong").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert!(wrong.body.contains("This is not the password") && !wrong.headers.contains_key("set-cookie"));

    let right = nobody
        .form(
            &format!("{}?kiosk=2&lang=de&next=//evil.example", path(&made)),
            "password=correct+horse",
        )
        .await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
    assert_eq!(
        right.header("location"),
        format!("{}?kiosk=2&lang=de", path(&made))
    );
    let cookie = right.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").expect("attributes");
    assert!(pair.starts_with("wxa-status="), "{cookie}");
    let expected = format!("Path={}; HttpOnly; SameSite=Strict; Max-Age=43200", path(&made));
    assert_eq!(attributes, expected, "on this machine there is no https");
    let opened = get(&nobody, &path(&made), &[("cookie", pair)]).await;
    assert!(opened.body.contains("Order desk"));

    let mut forged = nobody.clone();
    forged.origin = Some("https://evil.example".into());
    let refused = forged.form(&path(&made), "password=correct+horse").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.headers.contains_key("set-cookie"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_https_the_cookie_never_travels_in_the_open() {
    let app = TestApp::builder()
        .with_host(crate::fleet::host("xen-1"))
        .with_public_url("https://status.example")
        .start()
        .await;
    let admin = app.admin().await;
    let made = admin
        .call::<StatusPageCreate>(NoId, params(&app, Audience::Links))
        .await;
    let params = StatusLinkParams {
        password: Some(SecretText("correct horse".into())),
        ..link_params()
    };
    let made = link(&admin, made.expect("a page").page.id, params).await;
    let mut reader = app.anonymous();
    reader.origin = Some("https://status.example".into());
    let reply = reader.form(&path(&made), "password=correct+horse").await;
    assert!(reply.header("set-cookie").ends_with("; Secure"), "{reply:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_links_are_all_the_same_and_guessing_is_slowed_down() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let nobody = app.anonymous();
    let made = link(&admin, page, link_params()).await;
    let first = nobody.get("/s/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await;
    assert_eq!(first.status, StatusCode::NOT_FOUND);
    for wrong in [
        "/s/x",
        "/s/%00",
        "/s/aaaa%2F..%2Fvms",
        &format!("{}a", path(&made)),
        "/status/none",
    ] {
        let reply = nobody.get(wrong).await;
        assert_eq!(
            (reply.status, &reply.body),
            (StatusCode::NOT_FOUND, &first.body),
            "{wrong}"
        );
    }
    let mut slowed = None;
    for n in 0..200 {
        let reply = nobody.get(&format!("/s/{n:043}")).await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            slowed = Some(reply);
            break;
        }
    }
    let slowed = slowed.expect("guessing is slowed down");
    assert!(
        slowed
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| seconds > 0)
    );
    assert!(slowed.body.contains("Too many attempts"), "{}", slowed.body);
    // Nobody guesses a right one: its readers are not held up by their neighbours.
    assert_eq!(nobody.get(&path(&made)).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_for_whoever_is_signed_in_leads_strangers_to_the_sign_in() {
    let (app, _admin, _page) = with_page(Audience::SignedIn).await;
    let stranger = app.anonymous().get("/status/example?lang=de").await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
    assert_eq!(
        stranger.header("location"),
        "/login?next=/status/example%3Flang%3Dde"
    );
    let program = app.anonymous().get("/status/example/status.json").await;
    assert_eq!(program.status, StatusCode::UNAUTHORIZED);
    let viewer = app.viewer().await.get("/status/example").await;
    assert_eq!(viewer.status, StatusCode::OK);
    assert!(viewer.body.contains("Order desk"));
    assert_eq!(viewer.header("cache-control"), "private, no-cache");
}
