//! The files that browsers download.
use axum::http::StatusCode;
use server::assets::Site;
use std::fs;
use wxa_testkit::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hashed_files_may_be_kept_for_ever_and_nothing_else_is_served() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join("assets")).expect("assets");
    fs::write(dir.path().join("manifest.json"), r#"{"build":"b1","files":{}}"#).expect("a manifest");
    fs::write(dir.path().join("assets/main.12.css"), "body{}").expect("a style sheet");
    fs::write(dir.path().join("assets/main.12.css.gz"), "packed").expect("its packed variant");
    let site = Site::load(dir.path()).expect("a site");
    let app = TestApp::builder().with_site(site).start().await;
    let nobody = app.anonymous();

    let css = nobody.get("/assets/main.12.css").await;
    assert_eq!((css.status, css.body.as_str()), (StatusCode::OK, "body{}"));
    assert_eq!(css.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(css.header("x-content-type-options"), "nosniff");
    let request = nobody
        .request("GET", "/assets/main.12.css")
        .header("accept-encoding", "gzip")
        .body(axum::body::Body::empty());
    let packed = nobody.exchange(request.expect("a request")).await;
    assert_eq!(
        (packed.header("content-encoding"), packed.body.as_str()),
        ("gzip", "packed")
    );

    for path in [
        "/manifest.json",
        "/assets/",
        "/assets/none.js",
        "/assets/../manifest.json",
    ] {
        assert_eq!(nobody.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
