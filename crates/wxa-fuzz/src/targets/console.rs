//! What guests print on their consoles.
use serde_json::Value;
use wxa_console::Reader;
use wxa_core::console::{Cast, PlainLine, PlainLines};
use wxa_model::UnixMillis;

use crate::{Target, seeds};

pub const TARGETS: &[Target] = &[
    Target {
        name: "console_text",
        reads: "what a guest printed, as lines for people and for search",
        run: text,
        seeds: seeds::PRINTED,
    },
    Target {
        name: "console_cast",
        reads: "what a guest printed, as an asciicast",
        run: cast,
        seeds: seeds::PRINTED,
    },
    Target {
        name: "console",
        reads: "what a guest prints on its console, to understand how far it has come",
        run: console,
        seeds: seeds::CONSOLE,
    },
];

/// The first byte says where the rest is cut in two, as a piece that is read may be.
fn in_two(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (at, rest) = bytes
        .split_first()
        .map_or((0, bytes), |(at, rest)| (usize::from(*at), rest));
    rest.split_at(at.min(rest.len()))
}

fn text(bytes: &[u8]) {
    let (begin, rest) = in_two(bytes);
    let lines = |pieces: &[&[u8]]| -> Vec<PlainLine> {
        let (mut reader, mut lines, mut place) = (PlainLines::from(4000), Vec::new(), 4000);
        for piece in pieces {
            reader.push(place, piece, &mut lines);
            place += piece.len() as u64;
        }
        reader.end(&mut lines);
        lines
    };
    let whole = lines(&[&[begin, rest].concat()]);
    assert_eq!(lines(&[begin, rest]), whole, "it depends on how it is cut");
    assert!(whole.is_sorted_by_key(|line| line.offset), "out of order");
    for line in whole {
        assert!(line.offset <= 4000 + bytes.len() as u64, "a line beyond the end");
        assert!(line.text.len() <= 32 << 10, "a line without an end");
        let acts = |character: char| character.is_control() && character != '\t';
        assert!(
            !line.text.contains(acts),
            "it can play with a terminal: {:?}",
            line.text
        );
    }
}

fn cast(bytes: &[u8]) {
    let (begin, rest) = in_two(bytes);
    let (mut cast, mut made) = (Cast::new(&String::from_utf8_lossy(begin)), Vec::new());
    // Time goes back, and something is missing, now and then.
    let gap = u64::from(begin.first().is_some_and(|byte| *byte > 200));
    cast.push(0, UnixMillis(7000), begin, &mut made);
    cast.push(
        begin.len() as u64 + gap,
        UnixMillis(9000 - 3000 * gap),
        rest,
        &mut made,
    );
    cast.end(&mut made);
    let file = String::from_utf8(made).unwrap_or_else(|error| panic!("not text: {error}"));
    assert!(
        !file.contains(|character: char| character.is_control() && character != '\n'),
        "it can play with a terminal"
    );
    let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let lines: Vec<Value> = file.lines().map(line).collect();
    assert_eq!(lines.first().map(|head| &head["version"]), Some(&Value::from(2)));
    let events = lines.get(1..).unwrap_or_default();
    assert!(events.is_sorted_by_key(|event| event[0].as_f64().unwrap_or(-1.0).to_bits()));
    let printed: String = events.iter().filter_map(|event| event[2].as_str()).collect();
    if let (0, Ok(all)) = (gap, String::from_utf8([begin, rest].concat())) {
        assert_eq!(printed, all, "text does not come whole");
    }
}

/// However the bytes come: offsets are those of the bytes, in order, and none of them hides a panic after it.
fn console(bytes: &[u8]) {
    const BEGIN: u64 = 1000;
    let end = BEGIN + bytes.len() as u64;
    let size = bytes.first().map_or(1, |byte| usize::from(*byte) + 1);
    let mut reader = Reader::new(BEGIN, None);
    let mut last = BEGIN;
    for piece in bytes.chunks(size) {
        for told in reader.feed(piece) {
            assert!(last <= told.offset && told.offset <= end, "{told:?} after {last}");
            last = told.offset;
        }
    }
    assert_eq!(reader.end(), end);
    let _ignored = reader.feed(b"\r\n[   14.303075] Kernel panic - not syncing: x\r\n");
    assert_eq!(reader.phase(), Some(wxa_model::console::GuestPhase::Panicked));
}
