//! Files of what a hostile guest printed.
use super::*;
use crate::core::test_core::TestCore;
use uuid::Uuid;
use wxa_model::HostId;

const HOST: HostId = HostId(Uuid::from_u128(2));

/// A file with all of that, and the longest of its parts.
async fn file(core: &Core, tape: &Arc<Tape>, format: PastFormat) -> (Vec<u8>, usize) {
    let mut file = PastFile::of(
        core.clone(),
        tape.clone(),
        "web".to_owned(),
        PastPart {
            format,
            from: None,
            to: None,
        },
    );
    let (mut all, mut longest) = (Vec::new(), 0);
    while let Some(part) = file.more().await.unwrap() {
        longest = longest.max(part.len());
        all.extend(part);
    }
    (all, longest)
}

#[tokio::test]
async fn however_much_a_guest_floods_a_file_of_it_is_made_in_small_parts() {
    let core = TestCore::start().await;
    let tape = core
        .live()
        .consoles
        .tapes()
        .tape(VmId(Uuid::from_u128(1)), ConsoleKind::Pv);
    let mut printed = Vec::new();
    let floods: [&[u8]; 6] = [b"x", b"\n", b"\xff", b"\x1b]0;", b"\x1b[", b"\x05"];
    for flood in floods {
        let flood = flood.repeat((512 << 10) / flood.len());
        for piece in flood.chunks(16 << 10) {
            tape.room(piece.len()).await;
            tape.seen(HOST, piece);
        }
        printed.extend(flood);
    }
    let (raw, longest) = file(&core, &tape, PastFormat::Raw).await;
    assert_eq!((raw == printed, longest <= AT_ONCE), (true, true), "{longest}");
    let (text, longest) = file(&core, &tape, PastFormat::Text).await;
    assert!(longest <= 4 * AT_ONCE, "{longest}");
    let text = String::from_utf8(text).unwrap();
    assert!(
        !text
            .chars()
            .any(|character| character.is_control() && !"\n\t".contains(character))
    );
    let (cast, longest) = file(&core, &tape, PastFormat::Asciicast).await;
    assert!(longest <= 8 * AT_ONCE, "{longest}");
    let events = cast.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let events: Vec<serde_json::Value> = events.map(|line| serde_json::from_slice(line).unwrap()).collect();
    let text: String = events
        .iter()
        .skip(1)
        .map(|event| event[2].as_str().unwrap())
        .collect();
    assert_eq!(text, String::from_utf8_lossy(&printed));
    core.stop().await;
}
