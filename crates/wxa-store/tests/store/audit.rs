//! The audit log.
use crate::{at, fresh};
use uuid::Uuid;
use wxa_model::{AuditId, UserId};
use wxa_store::{AuditBegin, AuditFilter, AuditOutcome, ChainKey, Error, OutcomeFilter, Store};

pub(crate) fn key() -> ChainKey {
    ChainKey::new([7; 32])
}

async fn all(store: &Store) -> Vec<wxa_store::AuditRecord> {
    store.audit_list(&AuditFilter::default(), 10).await.unwrap()
}

pub(crate) fn begin(n: u128, on_id: &str) -> AuditBegin {
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
    store.audit_begin(&key(), &begin(1, "vm")).await.unwrap();
    let open = all(&store).await.remove(0);
    assert_eq!(
        (open.begin, open.ended_at, open.outcome),
        (begin(1, "vm"), None, None)
    );
    store
        .audit_end(
            &key(),
            begin(1, "").id,
            at(7),
            AuditOutcome::Refused,
            "not running",
        )
        .await
        .unwrap();
    store
        .audit_end(&key(), begin(1, "").id, at(8), AuditOutcome::Done, "")
        .await
        .unwrap();
    let ended = all(&store).await.remove(0);
    assert_eq!(
        (ended.ended_at, ended.outcome),
        (Some(at(7)), Some(AuditOutcome::Refused)),
        "ended once"
    );
    assert_eq!(ended.detail, "not running");
    assert!(matches!(
        store.audit_begin(&key(), &begin(1, "")).await,
        Err(Error::Duplicate)
    ));
}

#[tokio::test]
async fn the_newest_come_first_and_one_object_can_be_picked() {
    let store = fresh().await;
    for (n, on) in [(1, "a"), (2, "b"), (3, "a"), (4, "")] {
        store.audit_begin(&key(), &begin(n, on)).await.unwrap();
    }
    let times = async |filter: AuditFilter, limit| {
        let rows = store.audit_list(&filter, limit).await.unwrap();
        rows.iter().map(|row| row.begin.at.0).collect::<Vec<_>>()
    };
    let on = |on: &str| AuditFilter {
        on: Some(on.into()),
        ..AuditFilter::default()
    };
    assert_eq!(times(AuditFilter::default(), 3).await, [4, 3, 2]);
    assert_eq!(times(on("a"), 10).await, [3, 1]);
    assert_eq!(times(on("WEB"), 2).await, [4, 3], "by name too");
    assert!(times(on("c"), 10).await.is_empty());
}

#[tokio::test]
async fn every_filter_picks_its_rows_and_pages_follow_the_cursor() {
    let store = fresh().await;
    for n in 1..=6 {
        let row = AuditBegin {
            by: if n % 2 == 0 { "ben" } else { "ada" }.into(),
            what: if n < 4 { "vm_start" } else { "host_add" }.into(),
            from: format!("192.0.2.{n}"),
            on: format!("web_{n}"),
            ..begin(n, "")
        };
        store.audit_begin(&key(), &row).await.unwrap();
    }
    let end = async |n, outcome| {
        let id = begin(n, "").id;
        store
            .audit_end(&key(), id, at(9), outcome, "100 % full")
            .await
            .unwrap();
    };
    end(1, AuditOutcome::Done).await;
    end(2, AuditOutcome::Refused).await;
    let picked = async |filter: AuditFilter| {
        let rows = store.audit_list(&filter, 3).await.unwrap();
        rows.iter().map(|row| row.number).collect::<Vec<_>>()
    };
    let text = |text: &str| AuditFilter {
        text: Some(text.into()),
        ..AuditFilter::default()
    };
    for (filter, wanted) in [
        (
            AuditFilter {
                by: Some("Ben".into()),
                ..AuditFilter::default()
            },
            vec![6, 4, 2],
        ),
        (
            AuditFilter {
                what: Some("host_add".into()),
                ..AuditFilter::default()
            },
            vec![6, 5, 4],
        ),
        (
            AuditFilter {
                from: Some("192.0.2.1".into()),
                ..AuditFilter::default()
            },
            vec![1],
        ),
        (
            AuditFilter {
                from: Some("192.0.2.".into()),
                ..AuditFilter::default()
            },
            vec![6, 5, 4],
        ),
        (
            AuditFilter {
                since: Some(at(3)),
                until: Some(at(5)),
                ..AuditFilter::default()
            },
            vec![4, 3],
        ),
        (
            AuditFilter {
                outcome: OutcomeFilter::from_name("refused"),
                ..AuditFilter::default()
            },
            vec![2],
        ),
        (
            AuditFilter {
                outcome: OutcomeFilter::from_name("open"),
                ..AuditFilter::default()
            },
            vec![6, 5, 4],
        ),
        (
            AuditFilter {
                before: Some(4),
                ..AuditFilter::default()
            },
            vec![3, 2, 1],
        ),
        (
            AuditFilter {
                id: Some(begin(5, "").id),
                ..AuditFilter::default()
            },
            vec![5],
        ),
        (text("100 %"), vec![2, 1]),
        (text("web_3"), vec![3]),
        (text("webx3"), vec![]),
        (text("' or 1=1 --"), vec![]),
        (
            AuditFilter {
                by: Some("ada".into()),
                before: Some(5),
                ..text("VM_START")
            },
            vec![3, 1],
        ),
    ] {
        assert_eq!(picked(filter.clone()).await, wanted, "{filter:?}");
    }
}

#[tokio::test]
async fn what_a_killed_run_left_open_is_of_unknown_outcome() {
    let store = fresh().await;
    store.audit_begin(&key(), &begin(1, "")).await.unwrap();
    store.audit_begin(&key(), &begin(2, "")).await.unwrap();
    store
        .audit_end(&key(), begin(1, "").id, at(5), AuditOutcome::Done, "")
        .await
        .unwrap();
    assert_eq!(store.audit_close_open(&key(), "stopped").await.unwrap().0, 1);
    let rows = all(&store).await;
    assert_eq!(rows[0].outcome, Some(AuditOutcome::Unknown));
    assert_eq!((rows[0].ended_at, rows[0].detail.as_str()), (None, "stopped"));
    assert_eq!(rows[1].outcome, Some(AuditOutcome::Done));
}
