//! What consoles printed.
use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;
use wxa_model::{ConsoleKind, HostId, UnixMillis, VmId};
use wxa_store::{
    ConsoleStore, TapeKey,
    consoles::{BOOT, Keep, MarkRecord, PIECE, PlaceRecord, Printed, TapeWrite},
};

const HOST: HostId = HostId(Uuid::from_u128(2));

fn key(n: u128) -> TapeKey {
    TapeKey {
        vm: VmId(Uuid::from_u128(n)),
        kind: ConsoleKind::Pv,
    }
}

async fn open(folder: &TempDir) -> ConsoleStore {
    let opened = ConsoleStore::open(&folder.path().join("consoles.db")).await;
    opened.expect("a store").0
}

fn write(key: TapeKey, end: u64, printed: Vec<Printed>) -> TapeWrite {
    TapeWrite {
        key,
        epoch: 7,
        end,
        printed,
        places: Vec::new(),
        marks: Vec::new(),
    }
}

fn printed(offset: u64, at: u64, bytes: &[u8]) -> Printed {
    Printed {
        offset,
        at: UnixMillis(at),
        bytes: bytes.to_vec(),
    }
}

fn text(read: &[Printed]) -> String {
    let bytes: Vec<u8> = read.iter().flat_map(|printed| printed.bytes.clone()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn what_was_printed_is_read_with_its_times_and_its_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let first = vec![printed(0, 1000, b"one "), printed(4, 1500, b"two ")];
    store.append(&[write(key(1), 8, first)]).await.unwrap();
    store
        .append(&[write(key(1), 14, vec![printed(8, 2000, b"three ")])])
        .await
        .unwrap();
    store
        .append(&[write(key(1), 104, vec![printed(100, 9000, b"four")])])
        .await
        .unwrap();
    let read = store.read(key(1), 2, 102, 1000).await.unwrap();
    let told: Vec<_> = read
        .iter()
        .map(|one| (one.offset, one.at.0, text(std::slice::from_ref(one))))
        .collect();
    assert_eq!(
        told,
        [
            (2, 1000, "e ".to_owned()),
            (4, 1500, "two ".to_owned()),
            (8, 2000, "three ".to_owned()),
            (100, 9000, "fo".to_owned())
        ]
    );
    assert_eq!(store.spans(key(1), 9).await.unwrap(), [(0, 14), (100, 104)]);
    assert_eq!(store.kept_before(key(1), 90).await.unwrap(), Some(14));
    assert_eq!(text(&store.read(key(1), 0, 104, 5).await.unwrap()), "one t");
    assert_eq!(store.read(key(2), 0, 104, 5).await.unwrap(), []);
}

#[tokio::test]
async fn places_and_marks_are_there_with_the_bytes_after_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let place = PlaceRecord {
        host: HOST,
        file: u64::MAX,
        offset: 12,
        owed: 3,
    };
    let boot = MarkRecord {
        offset: 0,
        at: UnixMillis(5),
        what: BOOT.into(),
        value: None,
    };
    let one = TapeWrite {
        places: vec![place],
        marks: vec![boot.clone()],
        ..write(key(1), 5, vec![printed(0, 10, b"hello")])
    };
    store.append(&[one]).await.unwrap();
    // Not closed: as after a kill.
    let store = open(&folder).await;
    let tapes = store.tapes().await.unwrap();
    assert_eq!(tapes.len(), 1);
    assert_eq!((tapes[0].epoch, tapes[0].end, tapes[0].bytes), (7, 5, 5));
    assert_eq!(tapes[0].places, [place]);
    assert_eq!(
        store.marks(key(1), None, 9).await.unwrap(),
        std::slice::from_ref(&boot)
    );
    let known = MarkRecord {
        value: Some(1500),
        ..boot
    };
    let told = TapeWrite {
        marks: vec![known.clone()],
        ..write(key(1), 5, vec![])
    };
    store.append(&[told]).await.unwrap();
    assert_eq!(store.marks(key(1), Some(BOOT), 9).await.unwrap(), [known]);
    assert_eq!(store.kept(key(1)).await.unwrap(), (5, Some(UnixMillis(10))));
}

#[tokio::test]
async fn the_beginning_of_each_boot_and_the_latest_stay_and_the_rest_goes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let block = vec![b'x'; PIECE];
    let size = PIECE as u64;
    for n in 0..12 {
        let mut one = write(key(1), (n + 1) * size, vec![printed(n * size, 1000 + n, &block)]);
        if n == 4 {
            one.marks.push(MarkRecord {
                offset: n * size + 10,
                at: UnixMillis(1000),
                what: BOOT.into(),
                value: None,
            });
        }
        store.append(&[one]).await.unwrap();
    }
    let keep = Keep {
        boot_bytes: 100,
        window_bytes: 2 * size,
        since: UnixMillis(0),
    };
    while store.prune_some(key(1), keep).await.unwrap() {}
    let kept = [(4 * size, 5 * size), (10 * size, 12 * size)];
    assert_eq!(store.spans(key(1), 9).await.unwrap(), kept);
    assert_eq!(store.facts().await.unwrap().bytes, 3 * size);
    let old = Keep {
        since: UnixMillis(1011),
        ..keep
    };
    while store.prune_some(key(1), old).await.unwrap() {}
    assert_eq!(store.spans(key(1), 9).await.unwrap(), [(11 * size, 12 * size)]);
}

#[tokio::test]
async fn all_together_are_bounded_and_the_oldest_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let block = vec![b'x'; PIECE];
    let size = PIECE as u64;
    for n in 0..4 {
        for tape in 1..=3 {
            let one = write(key(tape), (n + 1) * size, vec![printed(n * size, n, &block)]);
            store.append(&[one]).await.unwrap();
        }
    }
    while store.prune_total_some(5 * size).await.unwrap() {}
    assert_eq!(store.facts().await.unwrap().bytes, 5 * size);
    assert_eq!(store.spans(key(1), 9).await.unwrap(), [(3 * size, 4 * size)]);
    assert_eq!(store.spans(key(3), 9).await.unwrap(), [(2 * size, 4 * size)]);
    store.shrink_some().await.unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consoles.db");
    std::fs::write(&path, [7; 8192]).unwrap();
    let (store, aside) = ConsoleStore::open(&path).await.unwrap();
    assert_eq!(aside, Some(folder.path().join("consoles.db.aside")));
    assert_eq!(store.tapes().await.unwrap(), []);
}

#[tokio::test]
async fn a_vm_that_is_called_differently_keeps_its_tape() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    store
        .append(&[write(key(1), 5, vec![printed(0, 1, b"hello")])])
        .await
        .unwrap();
    store.rename(&[(key(1).vm, key(2).vm)], &[]).await.unwrap();
    assert_eq!(text(&store.read(key(2), 0, 9, 9).await.unwrap()), "hello");
    assert_eq!(store.read(key(1), 0, 9, 9).await.unwrap(), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever comes in whatever pieces, what is read at an offset is what was printed there, and what is let go of is a gap.
    #[test]
    fn what_is_read_at_an_offset_is_what_was_printed_there(
        steps in proptest::collection::vec((1usize..30_000, 0u64..100_000, 0u64..3), 1..12),
        reads in proptest::collection::vec((0u64..200_000, 1usize..100_000), 1..6),
        window in 1u64..200_000,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let store = open(&folder).await;
            let byte = |offset: u64| u8::try_from(offset % 251).unwrap();
            let (mut end, mut at, mut there) = (0u64, 0u64, Vec::new());
            for (size, later, gap) in steps {
                end += gap * 100;
                at += later;
                let bytes: Vec<u8> = (end..end + size as u64).map(byte).collect();
                there.push((end, end + size as u64));
                let piece = printed(end, at, &bytes);
                end += size as u64;
                store.append(&[write(key(1), end, vec![piece])]).await.unwrap();
            }
            let is_there = |offset: u64| there.iter().any(|(from, to)| (*from..*to).contains(&offset));
            for pruned in [false, true] {
                if pruned {
                    let keep = Keep { boot_bytes: 0, window_bytes: window, since: UnixMillis(0) };
                    while store.prune_some(key(1), keep).await.unwrap() {}
                }
                let kept: u64 = store.spans(key(1), 99).await.unwrap().iter().map(|(from, to)| to - from).sum();
                prop_assert_eq!(store.facts().await.unwrap().bytes, kept);
                for (from, most) in &reads {
                    let read = store.read(key(1), *from, end, *most).await.unwrap();
                    let mut place = *from;
                    let mut count = 0;
                    for one in &read {
                        prop_assert!(one.offset >= place && one.end() <= end);
                        prop_assert!((one.offset..one.end()).zip(&one.bytes).all(|(offset, got)| is_there(offset) && byte(offset) == *got));
                        if !pruned {
                            prop_assert!((place..one.offset).all(|offset| !is_there(offset)));
                        }
                        place = one.end();
                        count += one.bytes.len();
                    }
                    prop_assert!(count <= *most);
                    let all = end.saturating_sub(window).max(*from)..end;
                    if count < *most {
                        // Nothing of the window is missing.
                        prop_assert!(all.clone().all(|offset| !is_there(offset) || read.iter().any(|one| (one.offset..one.end()).contains(&offset))));
                    }
                }
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_tape_is_forgotten_with_its_marks_when_nothing_of_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let mark = MarkRecord {
        offset: 0,
        at: UnixMillis(1000),
        what: BOOT.into(),
        value: None,
    };
    let marked = TapeWrite {
        marks: vec![mark],
        ..write(key(1), 4, vec![printed(0, 1000, b"text")])
    };
    store
        .append(&[marked, write(key(2), 0, Vec::new())])
        .await
        .unwrap();
    assert!(
        !store.forget_empty(key(1), UnixMillis(5000)).await.unwrap(),
        "bytes are kept"
    );
    let keep = Keep {
        boot_bytes: 0,
        window_bytes: 0,
        since: UnixMillis(5000),
    };
    while store.prune_some(key(1), keep).await.unwrap() {}
    assert!(
        !store.forget_empty(key(1), UnixMillis(1000)).await.unwrap(),
        "a mark is kept"
    );
    assert!(store.forget_empty(key(1), UnixMillis(5000)).await.unwrap());
    assert!(
        store.forget_empty(key(1), UnixMillis(5000)).await.unwrap(),
        "it is gone already"
    );
    let left: Vec<TapeKey> = store
        .tapes()
        .await
        .unwrap()
        .into_iter()
        .map(|tape| tape.key)
        .collect();
    assert_eq!(left, [key(2)]);
    assert_eq!(store.marks(key(1), None, 10).await.unwrap(), []);
}
