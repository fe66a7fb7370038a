//! Who is signed in from where, and ending it.
use wxa_model::{Role, Scope};
use wxa_testkit::TestApp;
use wxa_wire::{close, operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_listed_with_its_browser_and_ended_by_an_administrator_at_once() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let otto = app.signed_in("otto", Role::Operator, Scope::Everything).await;
    let user = app.user("otto").await.id;
    let live = otto.live().await;
    let console = otto.console(app.vm_id("web-01"), &Default::default()).await;
    let sessions = admin.call::<op::UserSessions>(user, ()).await.expect("sessions");
    let [session] = sessions.as_slice() else {
        panic!("one session: {sessions:?}")
    };
    assert_eq!((session.from.as_str(), session.current), ("127.0.0.1", false));
    admin.call::<op::SessionEnd>(session.id, ()).await.expect("ended");
    assert_eq!(live.closed().await.code, Some(close::SIGNED_OUT));
    assert_eq!(console.closed().await.code, Some(close::SIGNED_OUT));
    otto.call::<op::SessionGet>(NoId, ())
        .await
        .expect_err("signed out");
    let row = app.ended_row("session_end").await;
    assert_eq!((row.by.as_str(), row.on.as_str()), ("admin", "otto"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ones_own_other_sessions_end_together() {
    let app = TestApp::start().await;
    let here = app.admin().await;
    let there = app.admin().await;
    let own = here.call::<op::SessionList>(NoId, ()).await.expect("sessions");
    assert_eq!(own.len(), 2);
    assert_eq!(own.iter().filter(|session| session.current).count(), 1);
    here.call::<op::SessionEndOthers>(NoId, ()).await.expect("ended");
    there
        .call::<op::SessionGet>(NoId, ())
        .await
        .expect_err("signed out");
    here.call::<op::SessionGet>(NoId, ()).await.expect("goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_browser_calls_itself_is_kept() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let user = app.user("admin").await.id;
    let link = app
        .core()
        .login_link_create(&wxa_core::Ctx::command_line(), user)
        .await
        .expect("a link");
    let request = app
        .anonymous()
        .request("POST", "/link")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
        .body(format!("token={}", secrecy::ExposeSecret::expose_secret(&link)).into());
    let reply = app.anonymous().exchange(request.expect("a request")).await;
    let browser = app.anonymous().after(&reply);
    let own = browser.call::<op::SessionList>(NoId, ()).await.expect("sessions");
    let agents: Vec<_> = own.iter().map(|session| session.agent.as_str()).collect();
    assert!(
        agents.iter().any(|agent| agent.contains("Firefox/140.0")),
        "{agents:?}"
    );
}
