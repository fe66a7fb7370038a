//! Signing in and out.
use axum::http::StatusCode;
use wxa_core::{AuditOutcome, Ctx};
use wxa_model::Grant;
use wxa_testkit::TestApp;
use wxa_wire::{ErrorCode, LoginParams, SecretText, close, operation as op, operation::NoId};

const PASSWORD: &str = "correct horse battery";

async fn app_with_anna() -> TestApp {
    let app = TestApp::start().await;
    let grants = [Grant::admin_everywhere()];
    let made = app
        .core()
        .user_create(&Ctx::command_line(), "anna", Some(&PASSWORD.into()), &grants)
        .await;
    made.expect("an account");
    app
}

fn login(password: &str) -> LoginParams {
    LoginParams {
        name: "anna".into(),
        password: SecretText(password.into()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_right_password_signs_in_and_the_log_says_who() {
    let app = app_with_anna().await;
    let body = serde_json::to_string(&login(PASSWORD)).expect("json");
    let reply = app.anonymous().send("POST", "/api/v1/session", Some(&body)).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let cookie = reply.header("set-cookie");
    for part in ["__Host-wxa=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!reply.body.contains("__Host"), "no secret in the body");

    let anna = app.anonymous().after(&reply);
    let session = anna.call::<op::SessionGet>(NoId, ()).await.expect("signed in");
    assert_eq!(session.name, "anna");
    let row = app.ended_row("session_create").await;
    assert_eq!((row.by.as_str(), row.from.as_str()), ("anna", "127.0.0.1"));
    assert_eq!(row.outcome, Some(AuditOutcome::Done));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let app = app_with_anna().await;
    let wrong = app
        .anonymous()
        .call::<op::SessionCreate>(NoId, login("something else"))
        .await;
    let unknown = LoginParams {
        name: "nobody".into(),
        ..login(PASSWORD)
    };
    let unknown = app.anonymous().call::<op::SessionCreate>(NoId, unknown).await;
    for refused in [wrong, unknown] {
        let refused = refused.expect_err("no session");
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(refused.body.code, ErrorCode::Unauthenticated);
        assert_eq!(refused.body.message, "The name or the password is wrong.");
    }
    let tried: Vec<_> = app
        .audit()
        .await
        .into_iter()
        .filter(|row| row.what == "session_create")
        .collect();
    assert_eq!(tried.len(), 2);
    assert!(
        tried.iter().all(|row| row.outcome == Some(AuditOutcome::Refused)),
        "{tried:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_is_slowed_down() {
    let app = app_with_anna().await;
    for _ in 0..50 {
        let body = serde_json::to_string(&login("a guess")).expect("json");
        let reply = app.anonymous().send("POST", "/api/v1/session", Some(&body)).await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(
                reply
                    .header("retry-after")
                    .parse::<u64>()
                    .is_ok_and(|seconds| seconds > 0),
                "{reply:?}"
            );
            return;
        }
    }
    panic!("fifty guesses were not too many");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_the_session_and_its_sockets() {
    let app = TestApp::start().await;
    let anna = app.admin().await;
    let mut live = anna.live().await;
    live.wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    anna.call::<op::SessionDelete>(NoId, ())
        .await
        .expect("signed out");
    assert_eq!(live.closed().await.code, Some(close::SIGNED_OUT));
    let after = anna
        .call::<op::SessionGet>(NoId, ())
        .await
        .expect_err("signed out");
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disabling_an_account_closes_its_sockets() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let viewer = app.viewer().await;
    let live = viewer.live().await;
    app.core()
        .user_disable(&Ctx::command_line(), "viewer")
        .await
        .expect("disabled");
    assert_eq!(live.closed().await.code, Some(close::SIGNED_OUT));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_signs_in_and_goes_on_to_the_page_that_was_wanted() {
    let app = app_with_anna().await;
    let reply = app
        .anonymous()
        .form(
            "/login",
            "name=anna&password=correct+horse+battery&next=%2Fvms%3Fq%3Dweb",
        )
        .await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (StatusCode::SEE_OTHER, "/vms?q=web")
    );
    let anna = app.anonymous().after(&reply);
    anna.call::<op::SessionGet>(NoId, ()).await.expect("signed in");

    let out = anna.form("/logout", "").await;
    assert_eq!(
        (out.status, out.header("location")),
        (StatusCode::SEE_OTHER, "/login")
    );
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    anna.call::<op::SessionGet>(NoId, ())
        .await
        .expect_err("signed out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_says_what_was_wrong_and_leads_nowhere_else() {
    let app = app_with_anna().await;
    let reply = app
        .anonymous()
        .form("/login", "name=anna&password=no&next=https%3A%2F%2Fevil.example")
        .await;
    assert_eq!(reply.header("location"), "/login?error=credentials&next=/");
    assert_eq!(reply.header("set-cookie"), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_over_plain_http_from_elsewhere_is_refused_with_an_explanation() {
    let app = app_with_anna().await;
    let body = serde_json::to_string(&login(PASSWORD)).expect("json");
    let request = axum::http::Request::builder()
        .method("POST")
        .uri("/api/v1/session")
        .header("host", "console.lan:8006")
        .header("origin", "http://console.lan:8006")
        .header("content-type", "application/json")
        .body(body.into());
    let reply = app.anonymous().exchange(request.expect("a request")).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert!(reply.body.contains("needs HTTPS"), "{}", reply.body);
}
