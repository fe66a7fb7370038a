//! Requests with something wrong in them.
use axum::http::StatusCode;
use wxa_testkit::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_errors_are_told_and_secrets_are_not_repeated() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let unknown = admin
        .send("POST", "/api/v1/hosts/probe", Some(r#"{"adress":"x","port":22}"#))
        .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unknown.body.contains("unknown field `adress`"),
        "{}",
        unknown.body
    );

    let misplaced = admin
        .send(
            "POST",
            "/api/v1/session",
            Some(r#"{"name":["hunter2"],"password":"x"}"#),
        )
        .await;
    assert_eq!(misplaced.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!misplaced.body.contains("hunter2"), "{}", misplaced.body);

    let query = admin.get("/api/v1/audit?limt=3").await;
    assert_eq!(query.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(query.body.contains("limt"), "{}", query.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_are_bounded_and_must_be_json() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let large = format!(r#"{{"address":"{}","port":22}}"#, "x".repeat(70_000));
    assert_eq!(
        admin
            .send("POST", "/api/v1/hosts/probe", Some(&large))
            .await
            .status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let form = admin.form("/api/v1/hosts/probe", "address=x&port=22").await;
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_is_a_problem_with_a_request_id() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in [
        "/api/v1/nothing",
        "/api/v1/vms/not-an-id/commands",
        "/api/v1/live",
    ] {
        let reply = admin.get(path).await;
        assert!(reply.status.is_client_error(), "{path}");
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        let body: wxa_wire::ErrorBody = serde_json::from_str(&reply.body).expect("a problem");
        assert_eq!(body.request_id, reply.header("x-request-id"));
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}
