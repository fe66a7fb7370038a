//! Each rule by itself.
use super::*;
use crate::Reader;

#[test]
fn every_rule_tells_what_it_says_of_its_own_example() {
    for rule in RULES {
        let before = match rule.moves {
            After(phase) => Some(phase),
            Anew | AnewButLinux | Onward => None,
        };
        let told = Reader::new(7, before).feed(format!("{}\r\n", rule.example).as_bytes());
        let whats: Vec<_> = told.iter().map(|told| (told.offset, told.what)).collect();
        assert_eq!(whats, [(7, rule.tells)], "{}: {}", rule.by, rule.example);
    }
}

#[test]
fn no_rule_is_hidden_by_one_before_it() {
    for (at, rule) in RULES.iter().enumerate() {
        let now = match rule.moves {
            After(phase) => Some(phase),
            Anew | AnewButLinux | Onward => None,
        };
        let first = RULES.iter().position(|other| {
            other.applies(now, Family::Unknown)
                && crate::pattern::Seen::all(rule.example).any(|seen| other.pattern.fits(seen))
        });
        let first = first.map(|first| RULES[first].example);
        assert_eq!(first, Some(rule.example), "row {at}");
    }
}

#[test]
fn a_guest_that_runs_does_not_go_back_when_a_service_is_started() {
    let mut reader = Reader::new(0, Some(Login));
    assert_eq!(
        reader.feed(b"[  OK  ] Started cron.service\r\nBegin: something\r\n"),
        []
    );
    assert_eq!(reader.phase(), Some(Login));
}

/// How far a guest has come that printed this.
fn after(output: &str) -> Option<GuestPhase> {
    let mut reader = Reader::new(0, None);
    reader.feed(output.as_bytes());
    reader.phase()
}

#[test]
fn a_program_that_panics_is_not_the_guest() {
    let go = "panic: runtime error: index out of range [3] with length 3\r\n\r\ngoroutine 1 [running]:\r\n";
    let own = "panic: no configuration\r\n\r\ngoroutine 1 [running]:\r\n";
    let prompt = "web login: \r\n";
    assert_eq!(after(&format!("{prompt}{go}")), Some(Login));
    for linux in [
        "Linux version 6.1.0-56-amd64\r\n",
        "[    0.000000] Command line: root=/dev/xvda1\r\n",
        "[12345.678901] audit: something\r\n",
    ] {
        assert_eq!(after(&format!("{linux}{prompt}{own}")), Some(Login), "{linux}");
    }
}

#[test]
fn the_kernel_of_another_family_panics_after_linux_was_booted_too() {
    for anew in [
        "SeaBIOS (version 1.16.2-debian-1.16.2-1)\r\n",
        "---<<BOOT>>---\r\n",
        "Copyright (c) 1992-2023 The FreeBSD Project.\r\n",
    ] {
        let output = format!("[    0.000000] Linux version 6.1.0\r\n{anew}panic: page fault\r\n");
        assert_eq!(after(&output), Some(Panicked), "{anew}");
    }
    assert_eq!(
        after("[   1.0000000] NetBSD 9.3\r\n[  12.3456789] panic: trap\r\n"),
        Some(Panicked),
        "NetBSD tells times too"
    );
    let mut reader = Reader::new(0, None);
    reader.feed(b"[    0.000000] Linux version 6.1.0\r\n");
    reader.forget();
    reader.feed(b"panic: page fault\r\n");
    assert_eq!(reader.phase(), Some(Panicked), "another boot");
}
