//! Clocks that stand, jump and go back; what is old by the time that was recorded.
use super::*;
use proptest::{collection::vec, prelude::*};

const TICK: u64 = 5_000;

fn at(ms: u64) -> UnixMillis {
    UnixMillis(ms)
}

fn period(began: u64, known: u64) -> PeriodRecord {
    PeriodRecord {
        began: at(began),
        known: at(known),
    }
}

#[test]
fn time_that_passes_is_one_period() {
    let mut timeline = Timeline::default();
    let began = Turned {
        ended: None,
        began: Some(at(1_000_000)),
    };
    assert_eq!(timeline.advance(at(1_000_000), 0), began);
    for tick in 1..100 {
        assert_eq!(
            timeline.advance(at(1_000_000 + tick * TICK), TICK),
            Turned::default()
        );
    }
    assert_eq!(timeline.present(), Some(period(1_000_000, 1_495_000)));
    assert_eq!(timeline.known(at(1_498_000)), Some(at(1_498_000)));
    assert_eq!(
        timeline.known(at(9_000_000)),
        Some(at(1_525_000)),
        "not beyond what is looked at"
    );
    assert_eq!(timeline.known(at(5)), Some(at(1_495_000)));
}

#[test]
fn a_clock_that_jumps_ahead_leaves_a_gap() {
    let mut timeline = Timeline::default();
    timeline.advance(at(1_000_000), 0);
    let turned = timeline.advance(at(5_000_000), TICK);
    let gap = Turned {
        ended: Some(at(1_005_000)),
        began: Some(at(5_000_000)),
    };
    assert_eq!(turned, gap);
}

#[test]
fn a_server_that_was_stopped_for_a_while_knows_nothing_of_it() {
    let mut timeline = Timeline::default();
    timeline.advance(at(1_000_000), 0);
    let turned = timeline.advance(at(1_060_000), 60_000);
    let gap = Turned {
        ended: Some(at(1_000_000)),
        began: Some(at(1_060_000)),
    };
    assert_eq!(turned, gap);
}

#[test]
fn a_clock_that_slips_back_a_little_is_waited_for() {
    let mut timeline = Timeline::default();
    timeline.advance(at(1_000_000), 0);
    assert_eq!(timeline.advance(at(997_000), TICK), Turned::default());
    assert_eq!(timeline.present(), Some(period(1_000_000, 1_000_000)));
    assert_eq!(timeline.advance(at(1_002_000), TICK), Turned::default());
    assert_eq!(timeline.present(), Some(period(1_000_000, 1_002_000)));
}

#[test]
fn an_hour_that_is_told_twice_is_recorded_once() {
    let mut timeline = Timeline::default();
    timeline.advance(at(1_000_000), 0);
    timeline.advance(at(1_020_000), 20_000);
    let turned = timeline.advance(at(1_010_000), TICK);
    assert_eq!(
        turned,
        Turned {
            ended: Some(at(1_025_000)),
            began: None
        }
    );
    assert_eq!(timeline.known(at(1_010_000)), None);
    assert_eq!(timeline.advance(at(1_015_000), TICK), Turned::default());
    let turned = timeline.advance(at(1_030_000), 15_000);
    assert_eq!(
        turned,
        Turned {
            ended: None,
            began: Some(at(1_030_000))
        }
    );
}

#[test]
fn a_clock_from_a_wrong_future_costs_later_what_it_took() {
    let year = 31_536_000_000;
    let mut timeline = Timeline::default();
    timeline.advance(at(year), 0);
    timeline.advance(at(year + TICK), TICK);
    let turned = timeline.advance(at(1_000_000), TICK);
    let set = Turned {
        ended: Some(at(year + 2 * TICK)),
        began: Some(at(1_000_000)),
    };
    assert_eq!(turned, set, "recording goes on at once");
    let mut timeline = Timeline::new(vec![period(year, year + 2 * TICK)]);
    timeline.advance(at(year - TICK), 0);
    let turned = timeline.advance(at(year + 1000), TICK + 1000);
    assert_eq!(
        turned,
        Turned {
            ended: Some(at(year)),
            began: None
        }
    );
    let turned = timeline.advance(at(year + 3 * TICK), 2 * TICK);
    assert_eq!(
        turned,
        Turned {
            ended: None,
            began: Some(at(year + 3 * TICK))
        }
    );
}

proptest! {
    #[test]
    fn no_time_is_recorded_twice_and_none_that_did_not_pass(
        ticks in vec((0u64..40_000, prop_oneof![9 => Just(0i64), 1 => -200_000i64..200_000]), 1..80),
        earlier in vec((0u64..600_000, 0u64..50_000), 0..3),
    ) {
        let mut taken: Vec<PeriodRecord> = Vec::new();
        for (began, length) in earlier {
            let new = period(began, began + length);
            if taken.iter().all(|old| new.known < old.began || old.known < new.began) {
                taken.push(new);
            }
        }
        let before: u64 = taken.iter().map(|period| period.known.since(period.began)).sum();
        let mut timeline = Timeline::new(taken);
        let mut now: u64 = 300_000;
        let mut passed_in_all = 0;
        timeline.advance(at(now), 0);
        for (tick, (passed, set)) in (1..).zip(ticks) {
            now = (now + passed).saturating_add_signed(set);
            passed_in_all += passed;
            timeline.advance(at(now), passed);
            let mut all: Vec<_> = timeline.over().to_vec();
            all.extend(timeline.present());
            all.sort_by_key(|period| period.began);
            for pair in all.windows(2) {
                prop_assert!(pair[0].known <= pair[1].began, "{all:?}");
            }
            let recorded: u64 = all.iter().map(|period| period.known.since(period.began)).sum();
            prop_assert!(recorded <= before + passed_in_all + tick * SET_MS, "{all:?}");
        }
    }
}

#[test]
fn age_is_proven_by_what_was_recorded_since() {
    let kept = 100;
    assert_eq!(too_old(&[period(1000, 1099)], kept), None);
    assert_eq!(too_old(&[period(1000, 1150)], kept), Some(at(1050)));
    let with_a_gap = [period(1000, 1150), period(5000, 5060)];
    assert_eq!(too_old(&with_a_gap, kept), Some(at(1110)));
    let a_wrong_future = [period(1000, 1150), period(900_000_000, 900_000_001)];
    assert_eq!(too_old(&a_wrong_future, kept), Some(at(1051)));
    let set_back = [period(900_000_000, 900_000_100), period(1000, 1060)];
    assert_eq!(too_old(&set_back, kept), Some(at(1000)), "what is newer stays");
}
