//! Requests that other sites' pages make.
use axum::http::StatusCode;
use wxa_testkit::TestApp;
use wxa_wire::{OPERATIONS, operation::Method};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mutation_every_form_and_every_socket_is_guarded() {
    let app = TestApp::start().await;
    let mut admin = app.admin().await;
    for origin in [Some("http://evil.example"), Some("null"), None] {
        admin.origin = origin.map(str::to_owned);
        for row in OPERATIONS.iter().filter(|row| row.method != Method::Get) {
            let path = row.path_for(&uuid::Uuid::nil());
            let reply = admin.send(row.method.name(), &path, Some("{}")).await;
            assert_eq!(
                reply.status,
                StatusCode::FORBIDDEN,
                "{} from {origin:?}",
                row.name
            );
            assert!(reply.body.contains("own pages"), "{}", reply.body);
        }
        for form in ["/login", "/setup", "/link", "/logout"] {
            assert_eq!(
                admin.form(form, "token=x").await.status,
                StatusCode::FORBIDDEN,
                "{form} from {origin:?}"
            );
        }
        for socket in [
            "/api/v1/live",
            "/api/v1/vms/00000000-0000-0000-0000-000000000000/console",
        ] {
            assert_eq!(
                admin.socket_refusal(socket).await,
                Some(403),
                "{socket} from {origin:?}"
            );
        }
    }
    assert_eq!(
        admin.get("/api/v1/session").await.status,
        StatusCode::OK,
        "reading is harmless"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_proxy_the_public_address_is_ours() {
    let app = TestApp::builder()
        .with_public_url("https://console.example")
        .start()
        .await;
    let mut admin = app.admin().await;
    admin.origin = Some("https://console.example".into());
    let reply = admin.send("DELETE", "/api/v1/session", None).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(reply.header("strict-transport-security"), "max-age=31536000");
}
