//! Searching what a hostile guest printed.
use super::*;
use crate::{console::tapes::TapesParts, testing::ManualClock};
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;
use wxa_model::HostId;
use wxa_store::ConsoleStore;

const HOST: HostId = HostId(Uuid::from_u128(2));

/// A guest that printed all this.
async fn printed(bytes: &[u8]) -> (TempDir, Tapes, Arc<Tape>) {
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
    let tape = tapes.tape(VmId(Uuid::from_u128(1)), ConsoleKind::Pv);
    for piece in bytes.chunks(16 << 10) {
        tape.seen(HOST, piece);
        tapes.flush().await.unwrap();
    }
    assert_eq!(tapes.queue().dropped, 0);
    (folder, tapes, tape)
}

async fn all(tapes: &Tapes, tape: &Tape, wanted: &str) -> Vec<Hit> {
    let (mut hits, mut before) = (Vec::new(), Some(tape.end()));
    while let Some(end) = before {
        let found = search(tapes, tape, wanted, end).await.unwrap();
        assert!(
            found.before.is_none_or(|before| before < end),
            "it goes on for ever"
        );
        hits.extend(found.hits);
        before = found.before;
    }
    hits
}

/// A flood with a needle here and there, never where a line is cut.
fn flood(filling: &[u8], bytes: u64) -> (Vec<u8>, usize) {
    let (mut flood, mut needles) = (Vec::new(), 0);
    while (flood.len() as u64) < bytes {
        flood.extend(filling.repeat(9001 / filling.len() + needles % 7));
        if flood.len() as u64 % CUT < CUT - 100 {
            flood.extend(b" NEEDLE ");
            needles += 1;
        }
    }
    (flood, needles)
}

#[tokio::test]
async fn what_stands_in_a_flood_without_a_newline_is_found_once_and_newest_first() {
    for filling in ["x", "\u{20ac}", "\u{1b}[1mx", "\u{1b}]0;", "\u{1b}P"] {
        let (bytes, needles) = flood(filling.as_bytes(), 2 * STRETCH + 5000);
        let (_folder, tapes, tape) = printed(&bytes).await;
        let hits = all(&tapes, &tape, "needle").await;
        // What a sequence hides on a screen may be hidden here.
        if !filling.contains('\u{1b}') || filling.ends_with("mx") {
            assert_eq!(hits.len(), needles, "{filling:?}");
        }
        assert!(
            hits.is_sorted_by(|one, other| one.offset > other.offset),
            "{filling:?}"
        );
        for hit in hits {
            let found: String = hit
                .line
                .chars()
                .skip(hit.begin as usize)
                .take(hit.len as usize)
                .collect();
            assert_eq!(found, "NEEDLE", "{filling:?}");
            assert!(hit.line.chars().count() <= TOLD);
        }
    }
}

#[tokio::test]
async fn nothing_of_what_is_found_acts_on_a_terminal() {
    let line = "\x1b]52;c;c2VjcmV0\x07\x1b[6n\x1bP$qm\x1b\\\u{9b}c\u{202e}needle\x1b[5n\x05\r\n";
    let (_folder, tapes, tape) = printed(line.repeat(50).as_bytes()).await;
    let hits = all(&tapes, &tape, "needle").await;
    assert_eq!(hits.len(), 50);
    assert!(hits.iter().all(|hit| hit.line == "cneedle"), "{:?}", hits[0]);
}
