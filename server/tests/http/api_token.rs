//! API tokens over HTTP and on the sockets.
use axum::http::StatusCode;
use wxa_model::{Grant, PowerState, Role, Scope};
use wxa_testkit::TestApp;
use wxa_wire::{ErrorCode, TokenCreateParams, close, operation as op, operation::NoId};

fn operator(name: &str) -> TokenCreateParams {
    TokenCreateParams {
        name: name.into(),
        grant: Grant {
            role: Role::Operator,
            scope: Scope::Everything,
        },
        days: 30,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_acts_by_its_token_without_cookies_and_the_log_names_both() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let made = admin
        .call::<op::TokenCreate>(NoId, operator("nightly"))
        .await
        .expect("made");
    assert!(made.secret.0.starts_with("wxa_"));
    let script = app.anonymous().with_api_token(made.secret.0.clone().into());
    let vm = app.vm_id("build-01");
    script.call::<op::VmStart>(vm, ()).await.expect("accepted");
    let mut live = script.live().await;
    live.wait_until("it runs", |live| live.power(vm) == Some(PowerState::Running))
        .await;
    let row = app.ended_row("vm_start").await;
    assert_eq!(
        (row.by.as_str(), row.on.as_str()),
        ("admin (token nightly)", "build-01")
    );
    let mut console = script.console(vm, &Default::default()).await;
    console.connected().await;
    let names: Vec<_> = console
        .viewers
        .iter()
        .map(|viewer| viewer.name.as_str())
        .collect();
    assert_eq!(names, ["admin (token nightly)"]);

    let listed = admin.call::<op::TokenList>(NoId, ()).await.expect("tokens");
    let [token] = listed.as_slice() else {
        panic!("one token: {listed:?}")
    };
    assert_eq!(
        (token.id, token.last_used_from.as_str()),
        (made.token.id, "127.0.0.1")
    );
    assert!(token.last_used_at.is_some());
    let text = serde_json::to_string(&listed).expect("json");
    assert!(!text.contains(&made.secret.0), "shown once");

    admin
        .call::<op::TokenRevoke>(token.id, ())
        .await
        .expect("revoked");
    assert_eq!(live.closed().await.code, Some(close::SIGNED_OUT));
    assert_eq!(console.closed().await.code, Some(close::SIGNED_OUT));
    let refused = script
        .call::<op::SessionGet>(NoId, ())
        .await
        .expect_err("revoked");
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(
        refused.body.message.contains("API token"),
        "{}",
        refused.body.message
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_needs_no_origin_but_opens_no_page_and_no_form() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut script = app.script_of("admin", Role::Admin, Scope::Everything).await;
    let probe = Some(r#"{"address":"127.0.0.1","port":1}"#);
    script.origin = Some("https://elsewhere.example".into());
    let reply = script.send("POST", "/api/v1/hosts/probe", probe).await;
    assert_eq!(reply.status, StatusCode::BAD_GATEWAY, "it was tried: {reply:?}");
    script.origin = None;
    assert_eq!(script.get("/vms").await.header("location"), "/login?next=/vms");
    assert_eq!(script.form("/logout", "").await.status, StatusCode::FORBIDDEN);

    // Where both are given, the cookie counts for nothing: another site's page gains nothing by a header.
    let request = admin
        .request("DELETE", "/api/v1/session")
        .header("authorization", "Bearer wxa_made-up")
        .body("".into());
    let reply = admin.exchange(request.expect("a request")).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        reply.header("www-authenticate"),
        r#"Bearer error="invalid_token""#
    );
    admin
        .call::<op::SessionGet>(NoId, ())
        .await
        .expect("still signed in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_over_plain_http_from_elsewhere_is_refused_even_if_it_is_good() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let script = app.script_of("admin", Role::Admin, Scope::Everything).await;
    let mut request = script
        .request("GET", "/api/v1/session")
        .body("".into())
        .expect("a request");
    let host = "console.lan:8006".parse().expect("a value");
    request.headers_mut().insert("host", host);
    let reply = script.exchange(request).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert!(reply.body.contains("so do API tokens"), "{}", reply.body);

    let app = TestApp::builder()
        .with_public_url("https://console.lan")
        .start()
        .await;
    let _admin = app.admin().await;
    let script = app.script_of("admin", Role::Admin, Scope::Everything).await;
    let mut request = script
        .request("GET", "/api/v1/session")
        .body("".into())
        .expect("a request");
    request
        .headers_mut()
        .insert("host", "console.lan".parse().expect("a value"));
    assert_eq!(
        script.exchange(request).await.status,
        StatusCode::OK,
        "behind TLS it is fine"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_manages_no_account_password_session_or_token() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let script = app.script_of("admin", Role::Admin, Scope::Everything).await;
    let refused = script.call::<op::TokenCreate>(NoId, operator("another")).await;
    let refused = refused.expect_err("refused");
    assert_eq!(
        (refused.status, refused.body.code),
        (StatusCode::FORBIDDEN, ErrorCode::Forbidden)
    );
    assert!(
        refused.body.message.contains("sign in as a person"),
        "{}",
        refused.body.message
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_tokens_are_slowed_down_and_right_ones_are_not() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let script = app.script_of("admin", Role::Admin, Scope::Everything).await;
    let wrong = app.anonymous().with_api_token("wxa_made-up".into());
    for _ in 0..30 {
        let reply = wrong.get("/api/v1/session").await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(
                reply
                    .header("retry-after")
                    .parse::<u64>()
                    .is_ok_and(|seconds| seconds > 0)
            );
            script
                .call::<op::SessionGet>(NoId, ())
                .await
                .expect("a right one is let in");
            return;
        }
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    }
    panic!("thirty wrong tokens were not too many");
}
