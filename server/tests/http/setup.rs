//! The first run.
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use wxa_core::AuditOutcome;
use wxa_testkit::TestApp;
use wxa_wire::{ErrorCode, SecretText, SetupParams, operation as op, operation::NoId};

fn params(token: &str, password: &str) -> SetupParams {
    SetupParams {
        token: SecretText(token.into()),
        name: "anna".into(),
        password: SecretText(password.into()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_makes_the_first_administrator_once() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    assert!(nobody.call::<op::SetupGet>(NoId, ()).await.expect("known").needed);
    let token = app.core().setup_token_create().await.expect("a token");
    let token = token.expose_secret();

    let made = nobody
        .call::<op::SetupCreate>(NoId, params(token, "correct horse battery"))
        .await;
    assert_eq!(made.expect("an administrator").name, "anna");
    assert!(!nobody.call::<op::SetupGet>(NoId, ()).await.expect("known").needed);

    let again = nobody
        .call::<op::SetupCreate>(NoId, params(token, "correct horse battery"))
        .await;
    assert_eq!(again.expect_err("once only").status, StatusCode::CONFLICT);
    let row = app.ended_row("setup_create").await;
    assert_eq!((row.by.as_str(), row.outcome), ("anna", Some(AuditOutcome::Done)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_token_and_a_short_password_are_told_apart() {
    let app = TestApp::start().await;
    let token = app.core().setup_token_create().await.expect("a token");
    let wrong = app
        .anonymous()
        .call::<op::SetupCreate>(NoId, params("guess", "correct horse battery"))
        .await;
    let wrong = wrong.expect_err("no");
    assert_eq!(
        (wrong.body.code, wrong.body.field.as_deref()),
        (ErrorCode::Invalid, Some("token"))
    );
    let short = app
        .anonymous()
        .call::<op::SetupCreate>(NoId, params(token.expose_secret(), "short"))
        .await;
    assert_eq!(short.expect_err("no").body.field.as_deref(), Some("password"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_works_without_scripts() {
    let app = TestApp::start().await;
    let token = app.core().setup_token_create().await.expect("a token");
    let token = token.expose_secret();
    let form = |password: &str, again: &str| {
        format!("token={token}&name=anna&password={password}&password_again={again}")
    };
    let differ = app
        .anonymous()
        .form("/setup", &form("longenough-1", "longenough-2"))
        .await;
    assert!(
        differ
            .header("location")
            .starts_with("/setup?error=differ&token="),
        "{differ:?}"
    );
    let short = app.anonymous().form("/setup", &form("short", "short")).await;
    assert!(
        short.header("location").starts_with("/setup?error=short&token="),
        "{short:?}"
    );
    let done = app
        .anonymous()
        .form("/setup", &form("longenough-1", "longenough-1"))
        .await;
    assert_eq!(done.header("location"), "/");
    let anna = app.anonymous().after(&done);
    assert_eq!(
        anna.call::<op::SessionGet>(NoId, ())
            .await
            .expect("signed in")
            .name,
        "anna"
    );
}
