//! Reset links: an administrator makes one, its owner sets a password with it.
use axum::http::StatusCode;
use wxa_core::AuditOutcome;
use wxa_model::{Role, Scope};
use wxa_testkit::TestApp;
use wxa_wire::{LoginParams, SecretText, close, operation as op, operation::NoId};

const NEW: &str = "another horse battery";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_opens_the_link_sets_a_password_once_and_without_scripts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let otto = app.signed_in("otto", Role::Viewer, Scope::Everything).await;
    let live = otto.live().await;
    let user = app.user("otto").await.id;
    let link = admin.call::<op::UserResetLink>(user, ()).await.expect("a link");
    let token = link.token.0;
    assert!(link.expires_at > app.core().now());

    let nobody = app.anonymous();
    let page = nobody.get(&format!("/reset?token={token}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("action=\"/reset\"") && page.body.contains(&token),
        "{}",
        page.body
    );
    assert!(!page.body.contains("type=\"module\""), "the page needs no script");
    let mine = admin.get(&format!("/reset?token={token}")).await;
    assert!(
        mine.body.contains("action=\"/reset\""),
        "also where somebody is signed in"
    );

    let form = |one: &str, again: &str| format!("token={token}&password={one}&password_again={again}");
    let differ = nobody.form("/reset", &form("longenough-1", "longenough-2")).await;
    assert!(
        differ
            .header("location")
            .starts_with("/reset?error=differ&token="),
        "{differ:?}"
    );
    let short = nobody.form("/reset", &form("short", "short")).await;
    assert!(
        short.header("location").starts_with("/reset?error=short&token="),
        "{short:?}"
    );
    let encoded = NEW.replace(' ', "+");
    let done = nobody.form("/reset", &form(&encoded, &encoded)).await;
    assert_eq!(done.header("location"), "/");
    assert_eq!(
        live.closed().await.code,
        Some(close::SIGNED_OUT),
        "old sessions end"
    );
    let session = nobody.after(&done).call::<op::SessionGet>(NoId, ()).await;
    assert_eq!(session.expect("signed in").name, "otto");
    let again = nobody.form("/reset", &form(&encoded, &encoded)).await;
    assert_eq!(again.header("location"), "/reset?error=token");
    let login = LoginParams {
        name: "otto".into(),
        password: SecretText(NEW.into()),
    };
    nobody
        .call::<op::SessionCreate>(NoId, login)
        .await
        .expect("the password is set");
    let row = app.ended_row("password_reset").await;
    assert_eq!((row.by.as_str(), row.outcome), ("otto", Some(AuditOutcome::Done)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_links_is_slowed_down_and_the_form_says_for_how_long() {
    let app = TestApp::start().await;
    for _ in 0..30 {
        let form = "token=guess&password=long+enough+one&password_again=long+enough+one";
        let reply = app.anonymous().form("/reset", form).await;
        let location = reply.header("location").to_owned();
        if location.contains("error=too_many&wait=") {
            let page = app.anonymous().get(&location).await;
            assert!(page.body.contains("Try again in"), "{}", page.body);
            return;
        }
        assert_eq!(location, "/reset?error=token");
    }
    panic!("thirty guesses were not too many");
}
