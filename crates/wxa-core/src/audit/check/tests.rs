//! The journal through core: checked at the start and again, its end noted beside the database.
use super::*;
use crate::core::test_core::TestCore;
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use std::fs;

/// A few rows, then the server is stopped and `tamper` is done to the folder.
async fn restarted_after(tamper: impl AsyncFnOnce(&TestCore)) -> TestCore {
    let core = TestCore::start().await;
    for _ in 0..3 {
        core.audit_verify(&Ctx::command_line()).await.unwrap();
    }
    core.stop().await;
    tamper(&core).await;
    core.restarted().await
}

/// Does `sql` past the program.
async fn past_the_program(core: &TestCore, sql: &[&'static str]) {
    let options = SqliteConnectOptions::new().filename(core.folder.path().join("webxenadmin.db"));
    let pool = SqlitePool::connect_with(options).await.unwrap();
    for sql in sql {
        sqlx::query(*sql).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

async fn next_check(core: &TestCore) -> Arc<AuditCheck> {
    let mut checks = core.inner.audit_checks.watch();
    let check = checks.wait_for(Option::is_some);
    let check = tokio::time::timeout(Duration::from_secs(20), check).await;
    check.expect("a check in time").unwrap().clone().unwrap()
}

#[tokio::test]
async fn a_log_is_checked_at_the_start_and_found_intact() {
    let core = restarted_after(async |_| {}).await;
    let check = next_check(&core).await;
    assert!(check.is_intact(), "{check:?}");
    assert!(check.end_was_noted);
    assert_eq!(check.report.rows, 3);
    core.stop().await;
}

#[tokio::test]
async fn a_row_changed_while_the_server_was_down_is_found_at_the_start() {
    let change = ["update audit set who = 'eve' where seq = 2"];
    let core = restarted_after(async |core| past_the_program(core, &change).await).await;
    let check = next_check(&core).await;
    assert_eq!(check.report.breaks, [ChainBreak::RowChanged(2)]);
    core.stop().await;
}

#[tokio::test]
async fn an_end_that_was_cut_off_stays_found_until_somebody_accepts_it() {
    let cut = [
        "delete from audit where seq = 3",
        "delete from audit_link where n > 5",
    ];
    let core = restarted_after(async |core| past_the_program(core, &cut).await).await;
    let ctx = Ctx::command_line();
    assert_eq!(next_check(&core).await.report.breaks, [ChainBreak::CutOff(5, 7)]);
    // Later rows do not cover it up, and neither does another start.
    core.audit_verify(&ctx).await.unwrap();
    let found = core.audit_verify(&ctx).await.unwrap();
    assert_eq!(found.report.breaks, [ChainBreak::Rewritten(7)]);
    let core = core.restarted().await;
    assert!(!next_check(&core).await.is_intact());

    assert!(matches!(
        core.audit_accept(&ctx, " ").await,
        Err(Error::Invalid { field: "reason", .. })
    ));
    let accepted = core.audit_accept(&ctx, "restored from last night").await.unwrap();
    assert!(accepted.is_intact(), "{accepted:?}");
    let row = core
        .audit_list(&ctx, AuditFilter::default())
        .await
        .unwrap()
        .remove(0);
    assert_eq!(row.what, "audit_accept");
    assert!(
        row.detail
            .starts_with("restored from last night (1 wrong: link 7"),
        "{row:?}"
    );
    let core = core.restarted().await;
    assert!(next_check(&core).await.is_intact());
    core.stop().await;
}

#[tokio::test]
async fn a_log_that_was_replaced_by_an_empty_one_is_found() {
    let core = restarted_after(async |core| {
        for file in ["webxenadmin.db", "webxenadmin.db-wal", "webxenadmin.db-shm"] {
            let _ = fs::remove_file(core.folder.path().join(file));
        }
    })
    .await;
    assert!(!next_check(&core).await.is_intact());
    core.stop().await;
}

#[tokio::test]
async fn a_note_that_was_changed_is_found_and_one_that_is_missing_is_said() {
    let note = |core: &TestCore| core.folder.path().join("audit.head");
    let core = restarted_after(async |core| fs::write(note(core), "since 0").unwrap()).await;
    let check = next_check(&core).await;
    assert_eq!(check.report.breaks, [ChainBreak::NoteChanged]);
    core.stop().await;

    let core = restarted_after(async |core| fs::remove_file(note(core)).unwrap()).await;
    let check = next_check(&core).await;
    assert!(check.is_intact() && !check.end_was_noted, "{check:?}");
    core.stop().await;
}

#[tokio::test]
async fn the_log_is_checked_again_and_again() {
    let core = TestCore::start().await;
    core.check_audit_every(Duration::from_millis(5));
    let mut checks = core.inner.audit_checks.watch();
    for _ in 0..3 {
        checks.changed().await.unwrap();
    }
    let forged = "insert into audit_link (n, part, \"row\", mac) values (99, 'begin', 7, x'00')";
    past_the_program(&core, &[forged]).await;
    let found = checks.wait_for(|check| check.as_ref().is_some_and(|check| !check.is_intact()));
    tokio::time::timeout(Duration::from_secs(20), found)
        .await
        .expect("found in time")
        .unwrap();
    core.stop().await;
}

#[tokio::test]
async fn a_kept_link_is_looked_for_and_only_administrators_check() {
    let core = TestCore::start().await;
    let ctx = Ctx::command_line();
    let kept = core.audit_verify(&ctx).await.unwrap().report.head.unwrap();
    assert!(core.audit_check(&ctx, &[kept]).await.unwrap().is_intact());
    let other = ChainHead { mac: [0; 32], ..kept };
    let found = core.audit_check(&ctx, &[other]).await.unwrap();
    assert_eq!(found.report.breaks, [ChainBreak::Rewritten(kept.n)]);
    let stranger = Ctx::anonymous("192.0.2.1", "r");
    assert!(matches!(
        core.audit_verify(&stranger).await,
        Err(Error::Forbidden)
    ));
    assert!(matches!(core.audit_checked(&stranger), Err(Error::Forbidden)));
    core.stop().await;
}
