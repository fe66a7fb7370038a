//! Rows around acts, for every way an act can end.
use super::*;
use crate::core::test_core::TestCore;
use wxa_model::{Refusal, RefusalCode};

async fn newest(core: &TestCore) -> AuditEntry {
    let rows = core
        .audit_list(&Ctx::command_line(), AuditFilter::default())
        .await
        .unwrap();
    rows.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_row_is_there_before_the_act_and_tells_how_it_ended() {
    let core = TestCore::start().await;
    let ctx = Ctx::command_line();
    let row = core
        .audit_begin(&ctx, "vm_start", AuditTarget::new("vm-1", "web"))
        .await
        .unwrap();
    let open = newest(&core).await;
    assert_eq!(
        (open.what.as_str(), open.on.as_str(), open.on_id.as_str()),
        ("vm_start", "web", "vm-1")
    );
    assert_eq!((open.by.as_str(), open.from.as_str()), ("command line", "local"));
    assert_eq!((open.outcome, open.ended_at), (None, None));
    row.unknown("no answer").await;
    let ended = newest(&core).await;
    assert_eq!(
        (ended.outcome, ended.ended_at),
        (Some(AuditOutcome::Unknown), Some(core.now()))
    );
    assert_eq!(ended.detail, "no answer");
    core.stop().await;
}

#[tokio::test]
async fn every_error_has_its_outcome() {
    let core = TestCore::start().await;
    let refusal = Refusal::new(RefusalCode::Busy, "Busy.");
    for (error, outcome, detail) in [
        (Error::Forbidden, AuditOutcome::Refused, "not allowed"),
        (Error::Conflict(refusal), AuditOutcome::Refused, "Busy."),
        (
            Error::HostUnavailable {
                why: "gone".into(),
                since: None,
            },
            AuditOutcome::Failed,
            "gone",
        ),
        (
            Error::OutcomeUnknown { task: None },
            AuditOutcome::Unknown,
            "the outcome is not known",
        ),
        (
            Error::internal("a secret path"),
            AuditOutcome::Failed,
            "internal error",
        ),
    ] {
        let act = async { Err::<(), _>(error) };
        core.audited(&Ctx::command_line(), "test", AuditTarget::installation(), act)
            .await
            .unwrap_err();
        let row = newest(&core).await;
        assert_eq!((row.outcome, row.detail.as_str()), (Some(outcome), detail));
    }
    core.stop().await;
}

#[tokio::test]
async fn an_act_ends_even_when_its_caller_goes_away() {
    let core = TestCore::start().await;
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let (ended, end) = tokio::sync::oneshot::channel::<()>();
    let act = async move {
        let _ = gone.await;
        let _ = ended.send(());
        Ok(())
    };
    let ctx = Ctx::command_line();
    let mut call = Box::pin(core.audited(&ctx, "test", AuditTarget::installation(), act));
    assert!(futures::poll!(&mut call).is_pending());
    drop(call);
    go.send(()).unwrap();
    end.await.unwrap();
    // Stopping waits for what is under way, the end of the row included.
    let store = core.reopened_after_stop().await;
    assert_eq!(
        store.audit_list(&AuditFilter::default(), 1).await.unwrap()[0].outcome,
        Some(AuditOutcome::Done)
    );
}

#[tokio::test]
async fn without_its_row_an_act_does_not_happen() {
    let core = TestCore::start().await;
    core.inner.store.close().await;
    let act = async { panic!("it happened") };
    let result: Result<(), _> = core
        .audited(&Ctx::command_line(), "test", AuditTarget::installation(), act)
        .await;
    assert!(matches!(result, Err(Error::Internal(_))));
    core.stop().await;
}

#[tokio::test]
async fn only_administrators_of_the_installation_read_the_log() {
    let core = TestCore::start().await;
    let nobody = Ctx::anonymous("192.0.2.1", "r");
    assert!(matches!(
        core.audit_list(&nobody, AuditFilter::default()).await,
        Err(Error::Forbidden)
    ));
    core.stop().await;
}

#[test]
fn what_strangers_send_becomes_one_short_line() {
    assert_eq!(tidy("ada\nroot\u{1b}[2J", 100), "ada root [2J");
    assert_eq!(tidy(&"x".repeat(300), 5), "xxxxx…");
    assert_eq!(tidy("exact", 5), "exact");
}
