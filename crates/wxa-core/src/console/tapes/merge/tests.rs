//! Nothing twice and nothing lost, in whatever order the two tell of the same output.
use super::*;
use proptest::prelude::*;

/// A tape with both its sources.
struct Both {
    tape: History,
    merge: Merge,
}

impl Both {
    fn new() -> Self {
        Self {
            tape: History::new(1 << 20, 0),
            merge: Merge::default(),
        }
    }

    fn seen(&mut self, bytes: &[u8]) {
        let skip = self.merge.seen(&self.tape, bytes);
        self.tape.push(&bytes[skip..]);
    }

    fn told(&mut self, bytes: &[u8]) {
        let skip = self.merge.told(&self.tape, bytes);
        self.tape.push(&bytes[skip..]);
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.tape.tail(1 << 20)).into_owned()
    }
}

#[test]
fn what_the_log_tells_of_what_was_seen_is_left_out_and_after_it_the_log_goes_on() {
    let mut both = Both::new();
    both.told(b"booting\n");
    both.merge.attach();
    both.seen(b"login: root\n");
    both.told(b"login: ");
    both.merge.detach();
    assert_eq!(both.merge.owed(), 5);
    both.told(b"root\nlater\n");
    assert_eq!(both.text(), "booting\nlogin: root\nlater\n");
}

#[test]
fn a_log_that_is_quicker_than_the_console_is_left_out_of_what_is_seen() {
    let mut both = Both::new();
    both.merge.attach();
    both.told(b"one two three");
    both.seen(b"one ");
    both.seen(b"two three four");
    assert_eq!(both.text(), "one two three four");
}

#[test]
fn a_console_that_shows_less_of_what_was_before_than_the_log_told_is_put_together_with_it() {
    let mut both = Both::new();
    both.merge.attach();
    both.told(b"line 16\r\nline 17\r\nline 18\r\nline 19\r\nline 20\r\n");
    both.seen(b"line 18\r\nline 19\r\n");
    both.seen(b"line 20\r\nline 21\r\n");
    both.told(b"line 21\r\nline 22\r\n");
    both.seen(b"line 22\r\n");
    let lines: Vec<u32> = both
        .text()
        .lines()
        .filter_map(|line| line[5..].parse().ok())
        .collect();
    assert_eq!(lines, (16..=22).collect::<Vec<u32>>());
}

#[test]
fn a_console_that_begins_later_and_shows_something_new_at_once_is_put_together_too() {
    let mut both = Both::new();
    both.merge.attach();
    both.told(b"line 16\r\nline 17\r\nline 18\r\nline 19\r\n");
    both.seen(b"line 18\r\nline 19\r\nline 20\r\n");
    both.told(b"line 20\r\nline 21\r\n");
    both.seen(b"line 21\r\n");
    let lines: Vec<u32> = both
        .text()
        .lines()
        .filter_map(|line| line[5..].parse().ok())
        .collect();
    assert_eq!(lines, (16..=21).collect::<Vec<u32>>());
}

#[test]
fn a_log_that_tells_something_else_spoils_nothing_that_is_seen() {
    let mut both = Both::new();
    both.merge.attach();
    both.seen(b"what the guest printed\n");
    both.told(b"[12:00] what the guest printed\n");
    both.seen(b"and more\n");
    assert_eq!(both.text(), "what the guest printed\nand more\n");
    both.merge.detach();
    both.told(b"[12:01] later\n");
    assert_eq!(both.text(), "what the guest printed\nand more\n[12:01] later\n");
}

#[test]
fn what_is_owed_is_still_left_out_in_the_next_run() {
    let mut both = Both::new();
    both.merge.attach();
    both.seen(b"login: root\n");
    let mut next = Both {
        // Nothing of the tape is in memory after a restart.
        tape: History::new(1 << 20, both.tape.end()),
        merge: Merge::owing(both.merge.owed()),
    };
    next.told(b"login: root\nmore");
    assert_eq!(next.text(), "more");
}

proptest! {
    /// The guest prints one text; console and log each get all of it in pieces of their own, in any order, while the console
    /// is attached from somewhere to somewhere.
    #[test]
    fn in_whatever_order_they_come_the_tape_is_what_the_guest_printed(
        text in proptest::collection::vec(any::<u8>(), 1..400),
        cuts in proptest::collection::vec((any::<bool>(), 1usize..60), 1..60),
        attach in 0usize..400,
        detach in 0usize..400,
    ) {
        let (attach, detach) = (attach.min(text.len()), detach.clamp(attach.min(text.len()), text.len()));
        let mut both = Both::new();
        // Up to the attaching all comes from the log; then from both; after the detaching the log ends it.
        both.told(&text[..attach]);
        both.merge.attach();
        let (mut seen, mut told) = (attach, attach);
        for (is_log, size) in cuts {
            let place = if is_log { &mut told } else { &mut seen };
            let limit = if is_log { text.len() } else { detach };
            let end = (*place + size).min(limit);
            let piece = &text[*place..end];
            *place = end;
            if is_log { both.told(piece) } else { both.seen(piece) }
            let far = seen.max(told);
            prop_assert_eq!(both.tape.end(), far as u64);
        }
        both.merge.detach();
        both.told(&text[told..]);
        prop_assert_eq!(both.tape.tail(1 << 20), text);
    }
}
