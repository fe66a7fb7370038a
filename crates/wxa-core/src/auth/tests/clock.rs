//! Clocks that jump: nobody is kept in or out for longer than with a clock that runs.
use super::session::{AT_ONCE, hang_on};
use crate::{
    AuditFilter, AuditTarget, Ctx, Error,
    auth::session::IDLE_MS,
    core::test_core::{PASSWORD, TestCore, stranger},
};
use std::time::Duration;
use tokio::time::timeout;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn a_clock_that_jumps_ahead_ends_sessions_and_what_hangs_on_them() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    let ctx = core.resolve(&session.token).await.unwrap();
    let end = hang_on(&core, ctx.session.unwrap()).await;
    core.clock.advance(DAY);
    core.inner.session_changes.note();
    timeout(AT_ONCE, end).await.unwrap();
    let refused = core.resolve(&session.token).await;
    assert!(matches!(refused, Err(Error::Unauthenticated)));
    core.stop().await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_a_little_signs_nobody_out() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    core.clock.set_back(Duration::from_millis(IDLE_MS / 2));
    let ctx = core.resolve(&session.token).await.unwrap();
    let kept = core.inner.store.session_get(ctx.session.unwrap()).await.unwrap();
    assert_eq!(
        kept.unwrap().last_seen_at,
        core.now(),
        "from now on it is counted by the new time"
    );
    core.clock.advance(Duration::from_millis(IDLE_MS));
    let refused = core.resolve(&session.token).await;
    assert!(matches!(refused, Err(Error::Unauthenticated)), "idle is idle");
    core.stop().await;
}

#[tokio::test]
async fn a_session_from_a_wrong_future_does_not_outlive_the_correction() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    core.clock.set_back(365 * DAY);
    let refused = core.resolve(&session.token).await;
    assert!(matches!(refused, Err(Error::Unauthenticated)));
    core.stop().await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_lengthens_no_pause_after_failed_sign_ins() {
    let core = TestCore::start().await;
    core.with_admin().await;
    for _ in 0..6 {
        let _ = core
            .session_create(&stranger(), "ada", &"wrong password".into())
            .await;
    }
    core.clock.set_back(365 * DAY);
    match core.session_create(&stranger(), "ada", &PASSWORD.into()).await {
        Err(Error::TooMany { retry_after_s }) => {
            assert!(retry_after_s <= 1, "{retry_after_s}");
            core.clock.advance(Duration::from_secs(retry_after_s));
            core.session_create(&stranger(), "ada", &PASSWORD.into())
                .await
                .unwrap();
        }
        other => panic!("{other:?}"),
    }
    core.stop().await;
}

#[tokio::test]
async fn the_log_keeps_its_order_when_the_clock_is_set_back() {
    let core = TestCore::start().await;
    let ctx = Ctx::command_line();
    for what in ["first", "second", "third"] {
        let row = core
            .audit_begin(&ctx, what, AuditTarget::installation())
            .await
            .unwrap();
        core.clock.set_back(DAY);
        row.done("").await;
    }
    let rows = core.audit_list(&ctx, AuditFilter::default()).await.unwrap();
    let order: Vec<_> = rows.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(order, ["third", "second", "first"]);
    assert!(
        rows.iter().all(|row| row.ended_at < Some(row.at)),
        "told as the clock told it"
    );
    core.stop().await;
}
