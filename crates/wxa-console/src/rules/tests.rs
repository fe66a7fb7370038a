//! Each rule by itself.
use super::*;
use crate::Reader;

#[test]
fn every_rule_tells_what_it_says_of_its_own_example() {
    for rule in RULES {
        let before = match rule.moves {
            After(phase) => Some(phase),
            Anew | Onward => None,
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
            Anew | Onward => None,
        };
        let first = RULES.iter().position(|other| {
            other.applies(now) && crate::pattern::Seen::all(rule.example).any(|seen| other.pattern.fits(seen))
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
