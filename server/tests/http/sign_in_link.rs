//! One-time sign-in links.
use secrecy::ExposeSecret;
use wxa_core::Ctx;
use wxa_model::Grant;
use wxa_testkit::TestApp;
use wxa_wire::{operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_signs_in_once_and_only_by_its_button() {
    let app = TestApp::start().await;
    let ctx = Ctx::command_line();
    app.core()
        .user_create(&ctx, "anna", None, &[Grant::admin_everywhere()])
        .await
        .expect("an account");
    let token = app.core().login_link_create(&ctx, "anna").await.expect("a link");
    let form = format!("token={}", token.expose_secret());

    // Looking at the link, as a mail program's preview does, does not use it up.
    app.anonymous().get(&format!("/link?{form}")).await;
    let first = app.anonymous().form("/link", &form).await;
    assert_eq!(first.header("location"), "/");
    let anna = app.anonymous().after(&first);
    assert_eq!(
        anna.call::<op::SessionGet>(NoId, ())
            .await
            .expect("signed in")
            .name,
        "anna"
    );

    let second = app.anonymous().form("/link", &form).await;
    assert_eq!(second.header("location"), "/link?error=token");
    assert_eq!(second.header("set-cookie"), "");
}
