//! Signing in and out, links, expiry, and what waits for a session's end.
use crate::{
    AuditFilter, AuditOutcome, Ctx, Error,
    auth::session::{IDLE_MS, LIFE_MS},
    core::test_core::{PASSWORD, TestCore, stranger},
};
use futures::poll;
use std::{future::Future, pin::Pin, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;

/// The longest a test waits for anything.
const SOON: Duration = Duration::from_secs(30);
/// Sooner than waiters look by themselves.
pub(super) const AT_ONCE: Duration = Duration::from_secs(3);

/// Waits for the session's end: looked up already, and not ended.
pub(super) async fn hang_on(core: &TestCore, session: Uuid) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    hang_on_access(core, &with_session(session)).await
}

fn with_session(session: Uuid) -> Ctx {
    Ctx {
        session: Some(session),
        ..stranger()
    }
}

/// Waits for the end of what `ctx` came in by.
pub(super) async fn hang_on_access(core: &TestCore, ctx: &Ctx) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let mut end: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(core.access_ended(ctx));
    for _ in 0..20 {
        assert!(poll!(&mut end).is_pending());
        core.inner.store.ping().await.unwrap();
    }
    end
}

#[tokio::test]
async fn signing_in_needs_the_right_password_of_an_account_that_is_there() {
    let core = TestCore::start().await;
    core.with_admin().await;
    for (name, password) in [
        ("ada", "wrong horse battery"),
        ("nobody", PASSWORD),
        ("not a name\n", PASSWORD),
    ] {
        let result = core.session_create(&stranger(), name, &password.into()).await;
        assert!(
            matches!(result, Err(Error::Unauthenticated)),
            "{name:?}: {result:?}"
        );
    }
    let session = core
        .session_create(&stranger(), "ADA", &PASSWORD.into())
        .await
        .unwrap();
    assert_eq!(session.name, "ada");
    assert_eq!(session.expires_at.0, core.now().0 + LIFE_MS);

    let ctx = core.resolve(&session.token).await.unwrap();
    let rows = core.audit_list(&ctx, AuditFilter::default()).await.unwrap();
    let told: Vec<_> = rows
        .iter()
        .rev()
        .map(|row| (row.by.as_str(), row.outcome))
        .skip(1)
        .collect();
    let refused = Some(AuditOutcome::Refused);
    let done = Some(AuditOutcome::Done);
    assert_eq!(rows[1].detail, "name and password do not fit");
    assert_eq!(
        told,
        [
            ("ada", refused),
            ("nobody", refused),
            ("not a name ", refused),
            ("ADA", done)
        ]
    );
    core.stop().await;
}

#[tokio::test]
async fn guessing_is_slowed_down_and_time_lifts_it() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let guess = || async {
        core.session_create(&stranger(), "ada", &"wrong horse battery".into())
            .await
    };
    for _ in 0..6 {
        assert!(matches!(guess().await, Err(Error::Unauthenticated)));
    }
    let right = core.session_create(&stranger(), "ada", &PASSWORD.into()).await;
    assert!(
        matches!(right, Err(Error::TooMany { retry_after_s: 1 })),
        "{right:?}"
    );
    core.clock.advance(Duration::from_secs(1));
    core.session_create(&stranger(), "ada", &PASSWORD.into())
        .await
        .unwrap();
    core.stop().await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    for _ in 0..4 {
        core.clock.advance(Duration::from_millis(IDLE_MS - 1));
        core.resolve(&session.token).await.unwrap();
    }
    core.clock.advance(Duration::from_millis(IDLE_MS));
    assert!(matches!(
        core.resolve(&session.token).await,
        Err(Error::Unauthenticated)
    ));
    core.stop().await;
}

#[tokio::test]
async fn a_session_ends_even_when_it_is_used() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    let mut left = LIFE_MS;
    while left > IDLE_MS / 2 {
        core.clock.advance(Duration::from_millis(IDLE_MS / 2));
        left -= IDLE_MS / 2;
        core.resolve(&session.token).await.unwrap();
    }
    core.clock.advance(Duration::from_millis(left));
    assert!(matches!(
        core.resolve(&session.token).await,
        Err(Error::Unauthenticated)
    ));
    core.stop().await;
}

#[tokio::test]
async fn signing_out_ends_the_session_and_wakes_who_hangs_on_it() {
    let core = TestCore::start().await;
    let (mine, other) = (
        core.with_admin().await,
        core.session_create(&stranger(), "ada", &PASSWORD.into()).await,
    );
    let ctx = core.resolve(&mine.token).await.unwrap();
    let other = core.resolve(&other.unwrap().token).await.unwrap();
    let my_end = hang_on(&core, ctx.session.unwrap()).await;
    let mut other_end = hang_on(&core, other.session.unwrap()).await;
    core.session_delete(&ctx).await.unwrap();
    timeout(AT_ONCE, my_end).await.unwrap();
    assert!(poll!(&mut other_end).is_pending());
    assert!(matches!(
        core.resolve(&mine.token).await,
        Err(Error::Unauthenticated)
    ));
    assert!(matches!(
        core.session_delete(&stranger()).await,
        Err(Error::Unauthenticated)
    ));

    core.clock.advance(Duration::from_millis(LIFE_MS));
    core.inner.session_changes.note();
    timeout(AT_ONCE, other_end).await.unwrap();
    core.stop().await;
}

#[tokio::test]
async fn an_open_socket_keeps_its_session_in_use() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    let id = core.resolve(&session.token).await.unwrap().session.unwrap();
    core.clock.advance(Duration::from_millis(IDLE_MS - 1));
    let watching = core.access_ended(&with_session(id));
    let touched = async {
        while core
            .inner
            .store
            .session_get(id)
            .await
            .unwrap()
            .unwrap()
            .last_seen_at
            != core.now()
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = watching => panic!("it ended"),
        done = timeout(SOON, touched) => done.unwrap(),
    }
    core.clock.advance(Duration::from_millis(IDLE_MS - 1));
    core.resolve(&session.token).await.unwrap();
    core.stop().await;
}

#[tokio::test]
async fn a_link_signs_in_once_and_within_an_hour() {
    let core = TestCore::start().await;
    let admin = core.with_admin().await;
    let ctx = core.resolve(&admin.token).await.unwrap();
    let link = core.login_link_create(&ctx, "ada").await.unwrap();
    let session = core.session_create_by_link(&stranger(), &link).await.unwrap();
    assert_eq!(session.user, admin.user);
    let again = core.session_create_by_link(&stranger(), &link).await;
    assert!(matches!(again, Err(Error::Unauthenticated)), "{again:?}");

    let late = core.login_link_create(&Ctx::command_line(), "ada").await.unwrap();
    core.clock.advance(Duration::from_secs(3600));
    assert!(matches!(
        core.session_create_by_link(&stranger(), &late).await,
        Err(Error::Unauthenticated)
    ));
    assert!(matches!(
        core.login_link_create(&ctx, "nobody").await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        core.login_link_create(&stranger(), "ada").await,
        Err(Error::Forbidden)
    ));
    core.stop().await;
}

#[tokio::test]
async fn sessions_outlive_a_restart() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    let core = core.restarted().await;
    core.resolve(&session.token).await.unwrap();
    core.stop().await;
}
