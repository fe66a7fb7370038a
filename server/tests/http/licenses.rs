//! Whose works the product is built on.
use axum::http::StatusCode;
use server::assets::Site;
use std::fs;
use wxa_testkit::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_notices_are_a_page_for_everybody() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join("assets")).expect("assets");
    let manifest = r#"{"build":"b1","files":{"licenses.txt":"/assets/licenses.12.txt"}}"#;
    fs::write(dir.path().join("manifest.json"), manifest).expect("a manifest");
    fs::write(dir.path().join("assets/licenses.12.txt"), "tokio 1.0  MIT").expect("the notices");
    let site = Site::load(dir.path()).expect("a site");
    let app = TestApp::builder().with_site(site).start().await;
    let page = app.anonymous().get("/licenses").await;
    assert_eq!(
        (page.status, page.body.as_str()),
        (StatusCode::OK, "tokio 1.0  MIT")
    );
    assert_eq!(page.header("content-type"), "text/plain; charset=utf-8");

    let without = TestApp::start().await;
    assert_eq!(
        without.anonymous().get("/licenses").await.status,
        StatusCode::NOT_FOUND
    );
}
