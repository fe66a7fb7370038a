//! Rules with what is unknown, against all that the unknown could be; the past against the present.
use super::*;
use Standing::{Degraded, Down, Unknown, Up};
use proptest::{collection::vec, prelude::*, sample::select};

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::All),
        Just(Rule::Any),
        (0u16..6).prop_map(Rule::AtLeast)
    ]
}

fn standings(most: usize) -> impl Strategy<Value = Vec<Standing>> {
    vec(select(vec![Up, Degraded, Down, Unknown]), 0..=most)
}

/// Spans of one part within 0 to 60.
fn spans() -> impl Strategy<Value = Vec<Span>> {
    vec((0u64..8, 1u64..20, select(vec![Up, Degraded, Down])), 0..6).prop_map(|pieces| {
        let mut at = 0;
        let mut spans = Vec::new();
        for (gap, length, standing) in pieces {
            let from = at + gap;
            at = from + length;
            push(
                &mut spans,
                Span {
                    from: UnixMillis(from),
                    until: UnixMillis(at),
                    standing,
                },
            );
        }
        spans
    })
}

fn at(spans: &[Span], ms: u64) -> Standing {
    let now = UnixMillis(ms);
    let covers = spans.iter().find(|span| span.from <= now && now < span.until);
    covers.map_or(Unknown, |span| span.standing)
}

fn past(members: &[Vec<Span>], checks: &[Vec<Span>], rule: Rule, from: u64, until: u64) -> Vec<Span> {
    let mut past = Past::new(UnixMillis(from), UnixMillis(until));
    members.iter().for_each(|spans| past.add(Part::Member, spans));
    checks.iter().for_each(|spans| past.add(Part::Check, spans));
    past.judge(rule)
}

#[test]
fn a_service_stands_by_its_rule() {
    let by = |rule: Rule, members: &[Standing]| rule.judge(Tally::of(members.iter().copied()));
    assert_eq!(by(Rule::All, &[Up, Up]), Up);
    assert_eq!(by(Rule::All, &[Up, Down]), Down);
    assert_eq!(by(Rule::All, &[Up, Unknown]), Unknown);
    assert_eq!(
        by(Rule::All, &[Down, Unknown]),
        Down,
        "whatever the unknown one is"
    );
    assert_eq!(by(Rule::Any, &[Up, Down]), Degraded);
    assert_eq!(by(Rule::Any, &[Down, Unknown]), Unknown);
    assert_eq!(by(Rule::Any, &[Down, Down]), Down);
    assert_eq!(by(Rule::AtLeast(2), &[Up, Up, Unknown]), Degraded);
    assert_eq!(by(Rule::AtLeast(2), &[Up, Down, Unknown]), Unknown);
    assert_eq!(by(Rule::AtLeast(2), &[Up, Down, Down]), Down);
    assert_eq!(by(Rule::AtLeast(3), &[Up, Up]), Down, "there are not so many");
    assert_eq!(by(Rule::All, &[]), Unknown);
}

#[test]
fn members_that_may_still_turn_up_are_unknown_however_many_they_are() {
    let by =
        |rule: Rule, members: &[Standing]| rule.judge(Tally::of(members.iter().copied()).with_more_to_come());
    assert_eq!(by(Rule::All, &[Up]), Unknown);
    assert_eq!(by(Rule::All, &[Down]), Down);
    assert_eq!(by(Rule::Any, &[Up]), Degraded);
    assert_eq!(by(Rule::AtLeast(u16::MAX), &[Down, Down]), Unknown);
    assert_eq!(by(Rule::Any, &[]), Unknown);
}

#[test]
fn checks_make_it_down_and_decide_what_members_leave_open() {
    let by = |members: &[Standing], checks: &[Standing]| {
        let tally = |standings: &[Standing]| Tally::of(standings.iter().copied());
        judge(Rule::All, tally(members), tally(checks))
    };
    assert_eq!(by(&[Up], &[Up, Down]), Down);
    assert_eq!(by(&[Unknown], &[Unknown, Down]), Down);
    assert_eq!(by(&[Up], &[Degraded]), Degraded, "its certificate ends soon");
    assert_eq!(by(&[Unknown], &[Up]), Up, "no word from the host, but it answers");
    assert_eq!(by(&[], &[Up, Degraded]), Degraded);
    assert_eq!(by(&[Unknown], &[Up, Unknown]), Unknown);
    assert_eq!(by(&[Unknown], &[]), Unknown);
    assert_eq!(by(&[Up], &[Unknown]), Up, "our own trouble is not the service's");
    assert_eq!(by(&[Down], &[Up]), Down, "a rule that cannot hold does not hold");
}

proptest! {
    #[test]
    fn what_is_told_stays_true_whatever_the_unknown_turn_out_to_be(
        rule in rules(), members in standings(5), turns_out in vec(select(vec![Up, Degraded, Down]), 5),
    ) {
        let told = rule.judge(Tally::of(members.iter().copied()));
        let known = members.iter().zip(&turns_out).map(|(was, is)| match was {
            Unknown => *is,
            known => *known,
        });
        let truth = rule.judge(Tally::of(known));
        match told {
            Up => prop_assert_eq!(truth, Up),
            Degraded => prop_assert!(matches!(truth, Up | Degraded)),
            Down => prop_assert_eq!(truth, Down),
            Unknown => {}
        }
    }

    #[test]
    fn a_member_that_gets_better_makes_no_service_worse(
        rule in rules(), members in vec(select(vec![Up, Degraded, Down]), 1..6), which in 0usize..5,
    ) {
        let which = which % members.len();
        let mut better = members.clone();
        better[which] = Up;
        let before = rule.judge(Tally::of(members));
        prop_assert!(rule.judge(Tally::of(better)) <= before);
    }

    #[test]
    fn the_past_at_each_moment_is_what_would_have_been_told_then(
        rule in rules(), members in vec(spans(), 0..4), checks in vec(spans(), 0..3),
    ) {
        let whole = past(&members, &checks, rule, 5, 60);
        for ms in 0..70 {
            let tally = |parts: &[Vec<Span>]| Tally::of(parts.iter().map(|spans| at(spans, ms)));
            let then = match (5..60).contains(&ms) {
                true => judge(rule, tally(&members), tally(&checks)),
                false => Unknown,
            };
            prop_assert_eq!(at(&whole, ms), then, "at {}", ms);
        }
        for pair in whole.windows(2) {
            prop_assert!(pair[0].until <= pair[1].from);
            prop_assert!(pair[0].until < pair[1].from || pair[0].standing != pair[1].standing);
        }
    }

    #[test]
    fn the_past_in_two_parts_is_the_past(
        rule in rules(), members in vec(spans(), 0..4), checks in vec(spans(), 0..3), split in 0u64..60,
    ) {
        let mut joined = past(&members, &checks, rule, 0, split);
        for span in past(&members, &checks, rule, split, 60) {
            push(&mut joined, span);
        }
        prop_assert_eq!(joined, past(&members, &checks, rule, 0, 60));
    }
}
