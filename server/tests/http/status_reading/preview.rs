//! The reader's page for who makes it, before anybody has a link.
use super::*;
use axum::http::StatusCode;
use wxa_model::{Role, Scope};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_makes_a_page_reads_it_as_readers_will_and_nobody_else_does() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let path = format!("/status-preview/{page}");
    let read = get(&admin, &path, &[]).await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(read.body.contains("Order desk"), "{}", read.body);
    assert!(!read.body.contains("web-01"), "its members were not chosen");
    for export in ["feed.atom", "status.json"] {
        assert!(!read.body.contains(export), "{export} is not below this path");
    }
    assert_eq!(read.header("cache-control"), "private, no-store");
    assert!(
        read.header("content-security-policy")
            .contains("default-src 'none'")
    );
    let german = get(&admin, &format!("{path}?lang=de"), &[]).await;
    assert!(german.body.contains("lang=\"de\""), "{}", german.body);

    let stranger = get(&app.anonymous(), &path, &[]).await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
    assert!(stranger.header("location").starts_with("/login?next="));
    let operator = app.signed_in("olga", Role::Operator, Scope::Everything).await;
    let theirs = get(&operator, &path, &[]).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert!(!theirs.body.contains("Order desk"));
    let wrong = get(&admin, "/status-preview/x", &[]).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
}
