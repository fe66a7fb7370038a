//! How an account likes its pages: kept, applied to the first paint, and nobody else's business.
use axum::http::StatusCode;
use wxa_core::AuditOutcome;
use wxa_model::{
    Preferences,
    preferences::{Density, Landing, Theme},
};
use wxa_testkit::TestApp;
use wxa_wire::{operation as op, operation::NoId};

fn dark() -> Preferences {
    Preferences {
        theme: Theme::Dark,
        density: Density::Comfortable,
        time_zone: "Europe/Vienna".into(),
        ..Preferences::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_chosen_is_kept_audited_and_painted_first() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let before = admin
        .call::<op::PreferencesGet>(NoId, ())
        .await
        .expect("defaults");
    assert_eq!(before, Preferences::default());

    let body = serde_json::to_string(&dark()).expect("json");
    let reply = admin.send("PUT", "/api/v1/preferences", Some(&body)).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    assert!(
        reply
            .header("set-cookie")
            .starts_with("wxa-look=dark.comfortable.system.en;"),
        "{reply:?}"
    );
    let kept = admin.call::<op::PreferencesGet>(NoId, ()).await.expect("kept");
    assert_eq!(kept, dark());
    let row = app.ended_row("preferences_set").await;
    assert_eq!((row.by.as_str(), row.on.as_str()), ("admin", "admin"));
    assert_eq!(row.outcome, Some(AuditOutcome::Done));

    let page = admin.get("/vms").await;
    assert!(
        page.body
            .contains(r#"data-theme="dark" data-density="comfortable""#),
        "{}",
        page.body.get(..400).unwrap_or(&page.body)
    );
    assert!(
        page.header("set-cookie").starts_with("wxa-look=dark."),
        "a new browser learns the look"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_has_their_own() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    admin
        .call::<op::PreferencesSet>(NoId, dark())
        .await
        .expect("kept");
    let viewer = app.viewer().await;
    let theirs = viewer
        .call::<op::PreferencesGet>(NoId, ())
        .await
        .expect("defaults");
    assert_eq!(theirs, Preferences::default());
    viewer
        .call::<op::PreferencesSet>(NoId, Preferences::default())
        .await
        .expect("a viewer changes nothing but this");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_applied_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    admin
        .call::<op::PreferencesSet>(NoId, dark())
        .await
        .expect("kept");
    for (body, named) in [
        // What was said is not repeated: it could be a secret in the wrong place.
        (r#"{"theme":"pink"}"#, "wrong form at line 1"),
        (r#"{"colour":"dark"}"#, "colour"),
        (r#"{"console_font_px":0}"#, "console_font_px"),
        (r#"{"time_zone":"<script>"}"#, "time_zone"),
    ] {
        let reply = admin.send("PUT", "/api/v1/preferences", Some(body)).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{body}: {reply:?}"
        );
        assert!(reply.body.contains(named), "{body}: {}", reply.body);
    }
    let kept = admin.call::<op::PreferencesGet>(NoId, ()).await.expect("kept");
    assert_eq!(kept, dark());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_before_sign_in_look_as_the_cookie_says_and_nonsense_in_it_is_harmless() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    for (cookie, expected) in [
        (
            "wxa-look=contrast.comfortable.reduced.en",
            r#"data-theme="contrast""#,
        ),
        ("wxa-look=\"><script>.x", r#"<html lang="en">"#),
    ] {
        let request = axum::http::Request::builder()
            .uri("/login")
            .header("cookie", cookie);
        let page = app
            .anonymous()
            .exchange(request.body(String::new().into()).expect("a request"))
            .await;
        assert!(page.body.contains(expected), "{cookie}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_landing_page_opens_first() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    assert_eq!(admin.get("/").await.status, StatusCode::OK);
    let host = format!("/hosts/{}/overview", app.host(0).1);
    for (landing, path) in [(Landing::Tasks, "/tasks"), (Landing::Host, host.as_str())] {
        let chosen = Preferences {
            landing,
            ..Preferences::default()
        };
        admin
            .call::<op::PreferencesSet>(NoId, chosen)
            .await
            .expect("kept");
        let reply = admin.get("/").await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (StatusCode::SEE_OTHER, path)
        );
        assert_eq!(
            admin.get("/vms").await.status,
            StatusCode::OK,
            "the list stays where it is"
        );
    }
}
