//! Reading from memory and from the file, and falling behind.
use super::*;
use crate::{
    console::{
        tapes::{Tapes, TapesParts},
        tests::comer,
    },
    test_driver::{HOST, soon, vm_id},
    testing::ManualClock,
};
use tempfile::TempDir;
use wxa_model::ConsoleKind;
use wxa_store::ConsoleStore;

async fn session() -> (TempDir, Tapes, Arc<Session>) {
    let folder = tempfile::tempdir().unwrap();
    let store = ConsoleStore::open(&folder.path().join("consoles.db"))
        .await
        .unwrap()
        .0;
    let tapes = Tapes::new(TapesParts {
        store: Some(store),
        known: Vec::new(),
        recording: Default::default(),
        clock: Arc::new(ManualClock::default()),
    });
    let (session, _typed) = Session::new(vm_id(1), ConsoleKind::Pv, tapes.clone());
    (folder, tapes, session)
}

async fn prints(tapes: &Tapes, session: &Session, bytes: usize) {
    for _ in 0..bytes / 16384 {
        session.tape.seen(HOST, &[b'x'; 16384]);
        tapes.flush().await.unwrap();
    }
}

/// Reads until it has everything: how many bytes, and how many it is told that it missed.
async fn reads(viewer: &mut ConsoleViewer) -> (usize, u64) {
    let (mut got, mut missed) = (0, 0);
    while viewer.offset() < viewer.session.tape.end() {
        match soon(viewer.next()).await.unwrap() {
            ViewerItem::Bytes(bytes) => got += bytes.len(),
            ViewerItem::Skipped(bytes) => missed += bytes,
            _ => {}
        }
    }
    (got, missed)
}

#[tokio::test]
async fn who_falls_a_little_behind_gets_all_of_it_and_who_falls_far_behind_what_is_in_memory() {
    let (_folder, tapes, session) = session().await;
    let mut viewer = ConsoleViewer::join(&session, comer("ada"), ReplayFrom::default()).unwrap();
    prints(&tapes, &session, 16384).await;
    assert_eq!(reads(&mut viewer).await, (16384, 0));
    assert!(viewer.ready().await.is_none(), "it has everything");

    prints(&tapes, &session, 2 * HISTORY).await;
    assert_eq!(reads(&mut viewer).await, (2 * HISTORY, 0));
    assert!(viewer.ready().await.is_none(), "it has everything");

    let flood = 2 << 20;
    prints(&tapes, &session, flood).await;
    assert_eq!(reads(&mut viewer).await, (HISTORY, (flood - HISTORY) as u64));
}

#[tokio::test]
async fn who_comes_back_gets_all_that_is_kept_however_much_that_is() {
    let (_folder, tapes, session) = session().await;
    let flood = 2 << 20;
    prints(&tapes, &session, flood).await;
    let from = ReplayFrom {
        has: Some((session.tape.epoch, 5)),
        at: None,
    };
    let mut viewer = ConsoleViewer::join(&session, comer("ada"), from).unwrap();
    assert_eq!(reads(&mut viewer).await, (flood - 5, 0));
}
