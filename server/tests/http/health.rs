//! What watchers of the server see.
use axum::http::StatusCode;
use wxa_testkit::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_learn_that_it_is_well_and_nothing_else() {
    let app = TestApp::builder()
        .with_host(super::fleet::host("xen-1"))
        .start()
        .await;
    for (path, body) in [("/healthz", "alive\n"), ("/readyz", "ready\n")] {
        let reply = app.anonymous().get(path).await;
        assert_eq!((reply.status, reply.body.as_str()), (StatusCode::OK, body));
    }
}
