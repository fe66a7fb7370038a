//! What is known of guests, from what they print and when they begin.
use super::*;
use crate::test_driver::vm_id;
use wxa_model::console::{GuestEvent, GuestPhase};

const PV: ConsoleKind = ConsoleKind::Pv;
const START: UnixMillis = UnixMillis(1_000_000);

fn at(seconds: u64) -> UnixMillis {
    UnixMillis(START.0 + seconds * 1000)
}

/// A guest whose tape grows.
struct Bed {
    understanding: Understanding,
    offset: u64,
}

impl Bed {
    fn new() -> Self {
        Self {
            understanding: Understanding::new(START),
            offset: 0,
        }
    }

    fn prints(&mut self, when: UnixMillis, text: &str) -> Vec<Mark> {
        let marks = self
            .understanding
            .printed(vm_id(1), PV, self.offset, when, text.as_bytes());
        self.offset += text.len() as u64;
        marks
    }

    fn begins(&mut self, when: UnixMillis) -> Vec<Mark> {
        self.understanding.began(vm_id(1), PV, self.offset, when)
    }

    /// Boots within so many seconds, and returns what is marked with the prompt.
    fn boots(&mut self, from: u64, seconds: u64) -> Vec<Mark> {
        self.begins(at(from));
        self.prints(at(from), "[    0.000000] Linux version 6.1.0\r\n");
        self.prints(at(from + seconds), "web login: ")
    }

    fn now(&self) -> Option<Understood> {
        self.understanding.understood(vm_id(1))
    }

    fn phase(&self) -> Option<GuestPhase> {
        self.now().map(|understood| understood.phase)
    }
}

fn whats(marks: &[Mark]) -> Vec<(What, Option<u64>)> {
    marks.iter().map(|mark| (mark.what, mark.value)).collect()
}

const LOGIN: What = What::Told(GuestEvent::Phase(GuestPhase::Login));
const SLOW: What = What::Told(GuestEvent::SlowBoot);

#[test]
fn the_time_to_the_first_prompt_of_a_boot_is_measured_once() {
    let mut bed = Bed::new();
    let marks = bed.boots(10, 12);
    assert_eq!(whats(&marks), [(LOGIN, None), (What::Boot, Some(12_000))]);
    let understood = bed.now().unwrap();
    assert_eq!(
        (understood.phase, understood.began),
        (GuestPhase::Login, Some(at(10)))
    );
    bed.prints(at(40), "root\r\nKernel panic - not syncing: joke\r\n");
    let again = bed.prints(at(50), "web login: ");
    assert_eq!(whats(&again), [(LOGIN, None)]);
}

#[test]
fn a_boot_that_is_known_only_after_its_prompt_is_measured_too() {
    let mut bed = Bed::new();
    bed.prints(at(11), "[    0.000000] Linux version 6.1.0\r\nweb login: ");
    let marks = bed.understanding.began(vm_id(1), PV, 0, at(10));
    assert_eq!(whats(&marks), [(What::Boot, Some(1_000))]);
    assert_eq!(bed.phase(), Some(GuestPhase::Login));
}

#[test]
fn what_an_earlier_run_told_is_forgotten_when_the_next_begins() {
    let mut bed = Bed::new();
    bed.prints(at(1), "Kernel panic - not syncing: x\r\n");
    assert_eq!(bed.phase(), Some(GuestPhase::Panicked));
    bed.begins(at(5));
    assert_eq!(bed.phase(), None);
}

#[test]
fn a_boot_that_took_clearly_longer_than_those_before_is_said_to_be_slow() {
    let mut bed = Bed::new();
    for n in 0..3 {
        let marks = bed.boots(100 * n, 20);
        assert!(!whats(&marks).iter().any(|(what, _)| *what == SLOW));
    }
    let marks = bed.boots(1000, 45);
    assert_eq!(
        whats(&marks),
        [(LOGIN, None), (What::Boot, Some(45_000)), (SLOW, Some(45_000))]
    );
    assert!(bed.now().unwrap().slow);
    bed.boots(2000, 20);
    assert!(!bed.now().unwrap().slow, "the next one is not");
}

#[test]
fn nothing_is_measured_of_what_was_printed_while_nobody_listened() {
    let mut bed = Bed::new();
    bed.understanding
        .began(vm_id(1), PV, 0, UnixMillis(START.0 - 60_000));
    assert_eq!(whats(&bed.prints(at(1), "web login: ")), [(LOGIN, None)]);
}

#[test]
fn what_is_known_outlasts_a_restart_of_the_server() {
    let mut bed = Bed::new();
    let mut marks = Vec::new();
    for n in 0..4 {
        marks.extend(bed.begins(at(100 * n)));
        marks.extend(bed.boots(100 * n, 20));
    }
    marks.extend(bed.prints(at(500), "\r\nKernel panic - not syncing: x\r\n"));
    let before = bed.now();

    let mut next = Bed {
        understanding: Understanding::new(at(600)),
        offset: bed.offset,
    };
    next.understanding.restore(vm_id(1), PV, bed.offset, &marks);
    assert_eq!(next.now(), before);
    let marks = next.boots(700, 45);
    assert!(
        whats(&marks).iter().any(|(what, _)| *what == SLOW),
        "earlier boots are still compared with: {marks:?}"
    );
}

#[test]
fn what_was_marked_before_the_last_boot_says_nothing_of_it() {
    let told = |offset, what| Mark {
        offset,
        at: START,
        what,
        value: None,
    };
    let bed = Bed::new();
    let marks = [told(5, LOGIN), told(100, What::Boot)];
    bed.understanding.restore(vm_id(1), PV, 200, &marks);
    assert_eq!(bed.now(), None);
}

#[test]
fn a_guest_that_tells_without_end_is_marked_a_little_and_is_known_as_it_is() {
    let mut bed = Bed::new();
    let mut marks = 0;
    for n in 0..10_000u64 {
        let text = if n % 2 == 0 {
            "web login: \r\n"
        } else {
            "Kernel panic - not syncing: x\r\n"
        };
        marks += bed.prints(UnixMillis(START.0 + n), text).len();
    }
    assert!(marks < 60, "{marks}");
    assert_eq!(bed.phase(), Some(GuestPhase::Panicked));
    assert_eq!(bed.understanding.take().len(), 1);
    bed.understanding.catch_up();
    assert_eq!(bed.understanding.take().len(), 1, "the last word comes late");
}

#[test]
fn of_two_consoles_the_one_counts_that_told_something_last() {
    let bed = Bed::new();
    let tell = |kind, when, text: &[u8]| {
        bed.understanding.printed(vm_id(1), kind, 0, when, text);
    };
    tell(ConsoleKind::Serial, at(1), b"web login: ");
    tell(PV, at(2), b"Kernel panic - not syncing: x\r\n");
    assert_eq!(
        bed.now().map(|known| (known.kind, known.phase)),
        Some((PV, GuestPhase::Panicked))
    );
    tell(ConsoleKind::Graphical, at(3), b"web login: ");
    assert_eq!(bed.phase(), Some(GuestPhase::Panicked));
}
