//! What floods neither comes twice nor keeps others waiting.
use super::*;
use crate::{console::tapes::TapesParts, testing::ManualClock};
use std::{collections::HashSet, sync::Arc};
use tempfile::TempDir;
use uuid::Uuid;
use wxa_model::{ConsoleKind, HostId, VmId};

const HOST: HostId = HostId(Uuid::from_u128(2));

async fn tapes() -> (TempDir, Tapes) {
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
    (folder, tapes)
}

fn key(n: u128) -> TapeKey {
    TapeKey {
        vm: VmId(Uuid::from_u128(n)),
        kind: ConsoleKind::Pv,
    }
}

fn prints(tapes: &Tapes, n: u128, bytes: usize) {
    tapes.tape(key(n).vm, key(n).kind).seen(HOST, &vec![b'x'; bytes]);
}

fn keys(writes: &[TapeWrite]) -> Vec<TapeKey> {
    writes.iter().map(|write| write.key).collect()
}

#[tokio::test]
async fn nothing_is_written_twice_while_guests_go_on_printing() {
    let (_folder, tapes) = tapes().await;
    let flooding = tapes.clone();
    let flood = std::thread::spawn(move || {
        for _ in 0..20_000 {
            prints(&flooding, 1, 10);
            prints(&flooding, 2, 10);
        }
    });
    while !flood.is_finished() {
        let taken = keys(&tapes.take_some());
        let different: HashSet<_> = taken.iter().collect();
        assert_eq!(different.len(), taken.len(), "the same bytes twice in one go");
    }
    flood.join().unwrap();
}

#[tokio::test]
async fn who_waits_longest_is_written_first_however_much_others_print() {
    let (_folder, tapes) = tapes().await;
    let all = 200;
    for n in 1..=all {
        prints(&tapes, n, 40 << 10);
    }
    let first = keys(&tapes.take_some());
    assert!(first.len() < 200 && first.starts_with(&[key(1), key(2)]));
    for n in 1..=20 {
        prints(&tapes, n, 40 << 10);
    }
    let next = first.len() as u128 + 1;
    let second = keys(&tapes.take_some());
    let wanted: Vec<_> = (next..=all).map(key).collect();
    assert!(
        second.starts_with(&wanted),
        "{} of {}",
        second.len(),
        wanted.len()
    );
}

#[tokio::test]
async fn what_could_not_be_written_waits_once() {
    let (_folder, tapes) = tapes().await;
    prints(&tapes, 1, 100);
    let writes = tapes.take_some();
    let store = tapes.store().unwrap().clone();
    store.close().await;
    assert!(tapes.write(&store, &writes).await.is_err());
    prints(&tapes, 1, 100);
    let again = tapes.take_some();
    assert_eq!(keys(&again), [key(1)]);
    assert_eq!(again.iter().map(printed).sum::<usize>(), 200);
}
