//! The journal over the audit log: whatever is done to the rows beside the program is found.
use crate::{Fresh, at, audit::begin, audit::key, fresh};
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use wxa_store::{AuditOutcome, ChainBreak, ChainHead, ChainKey, ChainReport, ChainSince, Store};

/// Five rows, of which the first four have ended, and a connection past the program.
async fn tampered(sql: &'static [&'static str]) -> (Fresh, ChainReport) {
    let store = fresh().await;
    store.audit_chain_start(&key()).await.unwrap();
    let mut head = None;
    for n in 1..=5 {
        head = Some(store.audit_begin(&key(), &begin(n, "vm")).await.unwrap());
    }
    for n in 1..=4 {
        let id = begin(n, "").id;
        let ended = store.audit_end(&key(), id, at(9), AuditOutcome::Done, "").await;
        head = ended.unwrap();
    }
    let pool = past_the_program(&store).await;
    for sql in sql {
        sqlx::query(*sql).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let report = verify(&store, head).await;
    (store, report)
}

async fn past_the_program(store: &Fresh) -> SqlitePool {
    let path = store.folder.path().join("webxenadmin.db");
    SqlitePool::connect_with(SqliteConnectOptions::new().filename(path))
        .await
        .unwrap()
}

async fn verify(store: &Store, noted: Option<ChainHead>) -> ChainReport {
    let noted: Vec<_> = noted.into_iter().collect();
    store
        .audit_verify(&key(), &ChainSince::START, &noted)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_log_that_nobody_touched_is_intact() {
    let (store, report) = tampered(&[]).await;
    assert_eq!(report.breaks, []);
    assert_eq!((report.links, report.rows, report.older), (10, 5, 0));
    assert_eq!(report.head, store.audit_chain_head().await.unwrap());
    assert!(store.audit_chain_holds(&report.head.unwrap()).await.unwrap());
}

#[tokio::test]
async fn whatever_is_done_to_a_row_beside_the_program_is_found() {
    use ChainBreak::*;
    let cases: &[(&'static [&'static str], &[ChainBreak])] = &[
        (&["update audit set who = 'eve' where seq = 2"], &[RowChanged(2)]),
        (&["update audit set at = at + 1 where seq = 2"], &[RowChanged(2)]),
        (
            &["update audit set \"user\" = 'nonsense' where seq = 2"],
            &[RowChanged(2)],
        ),
        (
            &["update audit set \"user\" = null where seq = 2"],
            &[RowChanged(2)],
        ),
        (
            &["update audit set detail = 'never' where seq = 3"],
            &[EndChanged(3)],
        ),
        (
            &["update audit set outcome = 'refused' where seq = 3"],
            &[EndChanged(3)],
        ),
        (
            &["update audit set outcome = null, ended_at = null where seq = 3"],
            &[EndChanged(3)],
        ),
        (
            &["update audit set outcome = 'done' where seq = 5"],
            &[EndAdded(5)],
        ),
        (&["delete from audit where seq = 3"], &[RowRemoved(3)]),
        (
            &[
                "update audit set seq = 99 where seq = 2",
                "update audit set seq = 2 where seq = 3",
                "update audit set seq = 3 where seq = 99",
            ],
            &[RowChanged(2), RowChanged(3), EndChanged(2), EndChanged(3)],
        ),
        (
            &[
                "insert into audit (id, at, who, from_address, request_id, what, on_label, on_id) \
               values ('x', 1, 'eve', '', '', 'vm_start', '', '')",
            ],
            &[RowAdded(6)],
        ),
        // A whole row with its links: the gap tells.
        (
            &[
                "delete from audit where seq = 3",
                "delete from audit_link where \"row\" = 3",
            ],
            &[LinksRemoved(4, 4), LinksRemoved(9, 9)],
        ),
        // The gap closed up again: the seals tell.
        (
            &[
                "delete from audit where seq = 5",
                "delete from audit_link where \"row\" = 5",
                "update audit_link set n = n - 1 where n > 5",
            ],
            &[
                EndChanged(1),
                EndChanged(2),
                EndChanged(3),
                EndChanged(4),
                CutOff(9, 10),
            ],
        ),
        (
            &["update audit_link set mac = x'00' where n = 3"],
            &[RowChanged(2), RowChanged(3)],
        ),
        (
            &["update audit_link set part = 'other' where n = 3"],
            &[LinkChanged(3), RowAdded(2)],
        ),
        // The end of the log with its links: only what was noted elsewhere tells.
        (
            &[
                "delete from audit where seq > 3",
                "delete from audit_link where n > 4",
            ],
            &[CutOff(4, 10), EndAdded(1), EndAdded(2), EndAdded(3)],
        ),
        (
            &[
                "delete from audit_link where n = 10",
                "update audit set outcome = null where seq = 4",
            ],
            &[CutOff(9, 10)],
        ),
        (&["delete from audit_link", "delete from audit"], &[CutOff(0, 10)]),
    ];
    for (sql, wanted) in cases {
        let (_store, report) = tampered(sql).await;
        assert_eq!(report.breaks, *wanted, "{sql:?}");
        assert_eq!(report.break_count, wanted.len() as u64, "{sql:?}");
    }
}

#[tokio::test]
async fn a_journal_written_with_another_key_is_another_journal() {
    let store = fresh().await;
    let other = ChainKey::new([8; 32]);
    store.audit_chain_start(&other).await.unwrap();
    store.audit_begin(&other, &begin(1, "")).await.unwrap();
    let report = verify(&store, None).await;
    assert_eq!(
        report.breaks,
        [ChainBreak::LinkChanged(1), ChainBreak::RowChanged(1)]
    );
    let noted = ChainHead { n: 1, mac: [9; 32] };
    let report = verify(&store, Some(noted)).await;
    assert!(report.breaks.contains(&ChainBreak::Rewritten(1)), "{report:?}");
    assert!(!store.audit_chain_holds(&noted).await.unwrap());
}

#[tokio::test]
async fn rows_of_an_older_version_are_taken_in_as_they_are_and_said_to_be_older() {
    let store = fresh().await;
    let pool = past_the_program(&store).await;
    for n in ["1", "2"] {
        sqlx::query(
            "insert into audit (id, at, who, from_address, request_id, what, on_label, on_id, ended_at, outcome) \
             values (?, 1, 'ada', '', '', 'vm_start', '', '', 2, 'done')",
        )
        .bind(format!("00000000-0000-0000-0000-00000000000{n}"))
        .execute(&pool)
        .await
        .unwrap();
    }
    let (taken_in, _) = store.audit_chain_start(&key()).await.unwrap().unwrap();
    assert_eq!(taken_in, 2);
    assert_eq!(store.audit_chain_start(&key()).await.unwrap(), None, "once");
    store.audit_begin(&key(), &begin(3, "")).await.unwrap();
    let report = verify(&store, None).await;
    assert_eq!(
        (report.breaks.as_slice(), report.rows, report.older),
        (&[][..], 3, 2)
    );
    sqlx::query("update audit set who = 'eve' where seq = 1")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    assert_eq!(verify(&store, None).await.breaks, [ChainBreak::RowChanged(1)]);
}

#[tokio::test]
async fn a_check_can_begin_where_an_administrator_accepted_what_is_there() {
    let (store, report) = tampered(&[
        "delete from audit where seq = 3",
        "update audit set who = 'eve' where seq = 2",
    ])
    .await;
    assert_eq!(report.break_count, 2);
    let since = ChainSince {
        link: report.head.unwrap(),
        row: 5,
    };
    store.audit_begin(&key(), &begin(6, "")).await.unwrap();
    let report = store.audit_verify(&key(), &since, &[]).await.unwrap();
    assert_eq!((report.breaks.as_slice(), report.links), (&[][..], 1));
}

#[tokio::test]
async fn many_breaks_are_counted_and_few_are_told() {
    let store = fresh().await;
    for n in 1..=30 {
        store.audit_begin(&key(), &begin(n, "")).await.unwrap();
    }
    let pool = past_the_program(&store).await;
    sqlx::query("update audit set what = 'nothing'")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let report = verify(&store, None).await;
    assert_eq!(
        (report.breaks.len(), report.break_count),
        (wxa_store::audit::BREAKS, 30)
    );
}
