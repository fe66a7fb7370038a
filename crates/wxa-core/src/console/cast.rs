//! asciicast v2: what a console printed and when, as a file that players know. Pure.
use serde_json::Value;
use wxa_model::UnixMillis;

/// Writes one. A player is a terminal: what the guest printed is in it as it was.
#[derive(Debug)]
pub struct Cast {
    title: String,
    /// When the first byte was printed; none before there was one.
    began: Option<UnixMillis>,
    /// Milliseconds after that of what was written last: time never goes back.
    last_ms: u64,
    /// Offset of the next byte.
    place: u64,
    /// The end of what came last, when that is part of a character.
    rest: Vec<u8>,
}

impl Cast {
    /// With a title, and nothing in it.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            began: None,
            last_ms: 0,
            place: 0,
            rest: Vec::new(),
        }
    }

    /// Adds what was printed at a time. Where it does not stand right after what came before, something is missing between.
    pub fn push(&mut self, offset: u64, at: UnixMillis, bytes: &[u8], made: &mut Vec<u8>) {
        let began = self.begin(at, made);
        self.last_ms = self.last_ms.max(at.0.saturating_sub(began.0));
        let mut text = String::new();
        let mut all = std::mem::take(&mut self.rest);
        if offset != self.place {
            text.push_str(&String::from_utf8_lossy(&all));
            all.clear();
        }
        self.place = offset.saturating_add(bytes.len() as u64);
        all.extend_from_slice(bytes);
        self.rest = all.split_off(whole_characters(&all));
        text.push_str(&String::from_utf8_lossy(&all));
        self.write(&text, made);
    }

    /// Ends it.
    pub fn end(&mut self, made: &mut Vec<u8>) {
        self.begin(UnixMillis(0), made);
        let rest = std::mem::take(&mut self.rest);
        self.write(&String::from_utf8_lossy(&rest), made);
    }

    /// Writes its head unless that is there; returns when it began.
    fn begin(&mut self, at: UnixMillis, made: &mut Vec<u8>) -> UnixMillis {
        *self.began.get_or_insert_with(|| {
            let head = serde_json::json!({
                "version": 2, "width": 80, "height": 24, "timestamp": at.0 / 1000, "title": self.title,
            });
            line(&head, made);
            at
        })
    }

    fn write(&self, text: &str, made: &mut Vec<u8>) {
        if !text.is_empty() {
            line(
                &serde_json::json!([self.last_ms as f64 / 1000.0, "o", text]),
                made,
            );
        }
    }
}

/// A line that does nothing to a terminal which shows the file itself: JSON leaves some control characters as they are.
fn line(json: &Value, made: &mut Vec<u8>) {
    let mut text = String::new();
    for character in json.to_string().chars() {
        if character.is_control() {
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    made.extend_from_slice(text.as_bytes());
    made.push(b'\n');
}

/// How many bytes are there before a character of which the end is missing.
fn whole_characters(bytes: &[u8]) -> usize {
    // A character has four bytes at most: one of the last three begins it.
    let tail = bytes.len().saturating_sub(3);
    let is_open = |index: &usize| {
        let rest = bytes.get(*index..).unwrap_or_default();
        std::str::from_utf8(rest).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    };
    (tail..bytes.len()).find(is_open).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cast(pieces: &[(u64, u64, &[u8])]) -> Vec<Value> {
        let (mut cast, mut made) = (Cast::new("web \"01\"\u{1b}"), Vec::new());
        for (offset, at, bytes) in pieces {
            cast.push(*offset, UnixMillis(*at), bytes, &mut made);
        }
        cast.end(&mut made);
        let text = String::from_utf8(made).unwrap();
        assert!(!text.contains(|character: char| character.is_control() && character != '\n'));
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn printed(lines: &[Value]) -> String {
        lines[1..]
            .iter()
            .map(|event| event[2].as_str().unwrap())
            .collect()
    }

    #[test]
    fn a_character_is_not_cut_in_two_and_broken_ones_are_not_waited_for() {
        assert_eq!(whole_characters("aé".as_bytes()), 3);
        assert_eq!(whole_characters(&"aé".as_bytes()[..2]), 1);
        assert_eq!(whole_characters(b"\xff\xffa"), 3);
        assert_eq!(whole_characters(b"\xffa\xe2\x82"), 2);
        assert_eq!(whole_characters(b""), 0);
        let lines = cast(&[
            (0, 1000, b"\xe2\x82"),
            (2, 1500, b"\xac\xe2"),
            (90, 1600, b"\x82x\xe2"),
        ]);
        assert_eq!(printed(&lines), "€\u{fffd}\u{fffd}x\u{fffd}");
    }

    #[test]
    fn time_never_goes_back_and_a_file_of_nothing_has_its_head() {
        let lines = cast(&[(0, 5000, b"a"), (1, 7500, b"b"), (2, 6000, b"c")]);
        let times: Vec<_> = lines[1..]
            .iter()
            .map(|event| event[0].as_f64().unwrap())
            .collect();
        assert_eq!(times, [0.0, 2.5, 2.5]);
        assert_eq!(lines[0]["timestamp"], 5);
        let nothing = cast(&[]);
        assert_eq!((nothing.len(), &nothing[0]["version"]), (1, &Value::from(2)));
    }

    proptest! {
        #[test]
        fn text_comes_whole_however_it_was_cut(text in "(\\PC|[\\x00-\\x9f]){0,60}", cuts in proptest::collection::vec(0usize..200, 0..6)) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| (pair[0] as u64, 1000, &bytes[pair[0]..pair[1]])).collect();
            prop_assert_eq!(printed(&cast(&pieces)), text);
        }
    }
}
