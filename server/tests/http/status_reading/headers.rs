//! What browsers, caches and search engines are told.
use super::*;
use axum::http::StatusCode;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_says_what_it_is_and_that_nobody_is_to_find_it() {
    let (app, admin, page) = with_page(Audience::Everybody).await;
    let made = link(&admin, page, link_params()).await;
    let nobody = app.anonymous();
    for (form, media_type) in [
        ("", "text/html; charset=utf-8"),
        ("?kiosk", "text/html; charset=utf-8"),
        ("/badge.svg", "image/svg+xml"),
        ("/status.json", "application/json"),
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
    ] {
        for (base, keeps) in [
            (path(&made), "private, no-cache"),
            ("/status/example".into(), "public, max-age=3, must-revalidate"),
        ] {
            let reply = nobody.get(&format!("{base}{form}")).await;
            assert_eq!(reply.status, StatusCode::OK, "{form}: {}", reply.body);
            assert_eq!(reply.header("content-type"), media_type, "{form}");
            assert_eq!(reply.header("cache-control"), keeps, "{form}");
            assert_eq!(
                reply.header("x-robots-tag"),
                "noindex, nofollow, noarchive",
                "{form}"
            );
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{form}");
            assert_eq!(reply.header("referrer-policy"), "same-origin", "{form}");
            assert_eq!(reply.header("set-cookie"), "", "{form}");
            let shared = if form == "/badge.svg" {
                "cross-origin"
            } else {
                "same-origin"
            };
            assert_eq!(reply.header("cross-origin-resource-policy"), shared, "{form}");
            let policy = reply.header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none'") && !policy.contains("script"),
                "{form}: {policy}"
            );
            assert!(
                !policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"),
                "{form}: {policy}"
            );
        }
    }
    let packed = get(&nobody, &path(&made), &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.header("vary"), "accept-encoding, cookie");
    let wall = nobody.get(&format!("{}?kiosk", path(&made))).await;
    assert!(
        wall.header("refresh").starts_with("15; url=?kiosk"),
        "{}",
        wall.header("refresh")
    );
    assert_eq!(nobody.get(&path(&made)).await.header("refresh"), "60");
    assert_eq!(
        nobody
            .get(&format!("{}?reload=off", path(&made)))
            .await
            .header("refresh"),
        ""
    );
}
