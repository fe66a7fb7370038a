//! The audit log.
use crate::{at, fresh};
use uuid::Uuid;
use wxa_model::{AuditId, UserId};
use wxa_store::{AuditBegin, AuditOutcome, Error};

fn begin(n: u128, on_id: &str) -> AuditBegin {
    AuditBegin {
        id: AuditId(Uuid::from_u128(n)),
        at: at(n as u64),
        by: "ada".into(),
        user: Some(UserId(Uuid::from_u128(1))),
        from: "192.0.2.1".into(),
        request_id: "r1".into(),
        what: "vm_start".into(),
        on: "web".into(),
        on_id: on_id.into(),
    }
}

#[tokio::test]
async fn a_row_begins_and_ends() {
    let store = fresh().await;
    store.audit_begin(&begin(1, "vm")).await.unwrap();
    let open = store.audit_list(None, 10).await.unwrap().remove(0);
    assert_eq!(
        (open.begin, open.ended_at, open.outcome),
        (begin(1, "vm"), None, None)
    );
    store
        .audit_end(begin(1, "").id, at(7), AuditOutcome::Refused, "not running")
        .await
        .unwrap();
    store
        .audit_end(begin(1, "").id, at(8), AuditOutcome::Done, "")
        .await
        .unwrap();
    let ended = store.audit_list(None, 10).await.unwrap().remove(0);
    assert_eq!(
        (ended.ended_at, ended.outcome),
        (Some(at(7)), Some(AuditOutcome::Refused)),
        "ended once"
    );
    assert_eq!(ended.detail, "not running");
    assert!(matches!(
        store.audit_begin(&begin(1, "")).await,
        Err(Error::Duplicate)
    ));
}

#[tokio::test]
async fn the_newest_come_first_and_one_object_can_be_picked() {
    let store = fresh().await;
    for (n, on) in [(1, "a"), (2, "b"), (3, "a"), (4, "")] {
        store.audit_begin(&begin(n, on)).await.unwrap();
    }
    let times = |rows: Vec<wxa_store::AuditRecord>| rows.iter().map(|row| row.begin.at.0).collect::<Vec<_>>();
    assert_eq!(times(store.audit_list(None, 3).await.unwrap()), [4, 3, 2]);
    assert_eq!(times(store.audit_list(Some("a"), 10).await.unwrap()), [3, 1]);
    assert!(store.audit_list(Some("c"), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_killed_run_left_open_is_of_unknown_outcome() {
    let store = fresh().await;
    store.audit_begin(&begin(1, "")).await.unwrap();
    store.audit_begin(&begin(2, "")).await.unwrap();
    store
        .audit_end(begin(1, "").id, at(5), AuditOutcome::Done, "")
        .await
        .unwrap();
    assert_eq!(store.audit_close_open("stopped").await.unwrap(), 1);
    let rows = store.audit_list(None, 10).await.unwrap();
    assert_eq!(rows[0].outcome, Some(AuditOutcome::Unknown));
    assert_eq!((rows[0].ended_at, rows[0].detail.as_str()), (None, "stopped"));
    assert_eq!(rows[1].outcome, Some(AuditOutcome::Done));
}
