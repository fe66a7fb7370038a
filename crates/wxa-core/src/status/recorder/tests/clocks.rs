//! Restarts, kills, and clocks that are set.
use super::*;
use crate::test_driver::vm;
use Standing::{Down, Unknown, Up};
use wxa_model::PowerState::{Halted, Running};
use wxa_store::{PeriodRecord, SpanChange, SpanRecord};

const DAY: u64 = 86_400_000;

#[tokio::test]
async fn a_server_that_is_killed_knows_up_to_its_last_beat_and_nothing_of_the_time_between() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running), vm(2, Halted)]).await;
    rig.pass(30_000).await;
    // Seen, and not written before the end.
    rig.clock.advance(Duration::from_millis(3_000));
    rig.says(DriverEvent::Changed(vm(1, Halted))).await;
    rig.look(3_000).await;
    let rig = rig.killed(57_000).await;
    let known = Some(UnixMillis(START + 30_000));
    assert_eq!(
        rig.stand(a_vm(1)),
        Stand {
            standing: Unknown,
            since: known
        }
    );
    assert_eq!(rig.told(a_vm(1)).await, [(0, 30_000, Up)]);
    rig.pass(10_000).await;
    rig.lists(vec![vm(1, Halted), vm(2, Halted)]).await;
    rig.pass(10_000).await;
    assert_eq!(
        rig.told(a_vm(1)).await,
        [(0, 30_000, Up), (100_000, 110_000, Down)]
    );
    assert_eq!(
        rig.told(a_vm(2)).await,
        [(0, 30_000, Down), (100_000, 110_000, Down)]
    );
    let rig = rig.killed(1_000).await;
    assert_eq!(
        rig.told(a_vm(2)).await,
        [(0, 30_000, Down), (100_000, 110_000, Down)]
    );
}

#[tokio::test]
async fn a_host_that_stays_away_after_a_restart_is_unknown_since_it_was_known_last() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.watches(&[spec(1, &[1], Rule::All)]).await;
    rig.pass(30_000).await;
    let rig = rig.killed(60_000).await;
    rig.watches(&[spec(1, &[1], Rule::All)]).await;
    let link = Link::Down {
        since: rig.now(),
        why: "no answer".into(),
        retry_at: rig.now(),
    };
    rig.inventory
        .send(InventoryCmd::Link {
            host: HOST,
            link,
            heard: None,
        })
        .await;
    rig.pass(5_000).await;
    let known = Some(UnixMillis(START + 30_000));
    for of in [a_vm(1), service(1), Watched::Host(HOST)] {
        assert_eq!(
            rig.stand(of),
            Stand {
                standing: Unknown,
                since: known
            },
            "{of:?}"
        );
    }
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_leaves_a_gap_that_is_unknown() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(30_000).await;
    rig.clock.advance(Duration::from_secs(3600));
    assert_eq!(
        rig.told(a_vm(1)).await,
        [(0, 60_000, Up)],
        "not before it was looked at"
    );
    rig.look(5_000).await;
    rig.pass(10_000).await;
    let jumped = 3_630_000;
    let expected = [(0, 35_000, Up), (jumped, jumped + 10_000, Up)];
    assert_eq!(rig.told(a_vm(1)).await, expected);
    let rig = rig.killed(1_000).await;
    assert_eq!(rig.told(a_vm(1)).await, expected);
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_second_record_of_a_time() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(600_000).await;
    rig.clock.set_back(Duration::from_secs(300));
    rig.look(5_000).await;
    rig.says(DriverEvent::Changed(vm(1, Halted))).await;
    rig.pass(295_000).await;
    assert_eq!(
        rig.stand(a_vm(1)).standing,
        Down,
        "what is now is told all the same"
    );
    assert_eq!(rig.told(a_vm(1)).await, [(0, 595_000, Up)]);
    rig.pass(60_000).await;
    let expected = [(0, 605_000, Up), (610_000, 655_000, Down)];
    assert_eq!(rig.told(a_vm(1)).await, expected);
    let rig = rig.killed(1_000).await;
    assert_eq!(rig.told(a_vm(1)).await, expected);
}

#[tokio::test]
async fn after_a_clock_from_a_wrong_future_recording_goes_on_at_once() {
    let year = 31_536_000_000;
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(30_000).await;
    rig.clock.advance(Duration::from_millis(year));
    rig.look(5_000).await;
    rig.pass(20_000).await;
    rig.clock.set_back(Duration::from_millis(year));
    rig.look(5_000).await;
    rig.pass(30_000).await;
    assert_eq!(rig.told(a_vm(1)).await, [(0, 35_000, Up), (50_000, 80_000, Up)]);
    let rig = rig.killed(1_000).await;
    assert_eq!(rig.told(a_vm(1)).await, [(0, 35_000, Up), (50_000, 80_000, Up)]);
}

#[tokio::test]
async fn a_server_that_stood_still_knows_nothing_of_that_time() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(30_000).await;
    rig.clock.advance(Duration::from_secs(100));
    rig.look(100_000).await;
    rig.pass(10_000).await;
    assert_eq!(rig.told(a_vm(1)).await, [(0, 30_000, Up), (130_000, 140_000, Up)]);
}

#[tokio::test]
async fn a_clock_that_is_years_ahead_makes_nothing_old() {
    let rig = Rig::start().await;
    rig.lists(vec![vm(1, Running)]).await;
    rig.pass(30_000).await;
    rig.clock.advance(Duration::from_millis(800 * DAY));
    rig.look(5_000).await;
    rig.pass(30_000).await;
    rig.handle.prune().await;
    rig.clock.set_back(Duration::from_millis(800 * DAY));
    assert_eq!(rig.told(a_vm(1)).await, [(0, 35_000, Up)]);
}

#[tokio::test]
async fn what_was_more_than_four_hundred_recorded_days_ago_goes() {
    let rig = Rig::start().await;
    let day = |day: u64| UnixMillis(START + day * DAY);
    let span = |began, ended| {
        let (of, ended, standing) = (a_vm(1), Some(day(ended)), Up);
        let began = day(began);
        SpanChange::Put(SpanRecord {
            of,
            began,
            ended,
            standing,
        })
    };
    let period = |began, known| PeriodRecord {
        began: day(began),
        known: day(known),
    };
    let periods = [period(1, 100), period(150, 500)];
    let spans = [span(1, 10), span(10, 60), span(150, 500)];
    rig.store.state_write(&spans, &periods).await.unwrap();
    let rig = rig.killed(501 * DAY).await;
    rig.handle.prune().await;
    let kept = [(10 * DAY, 60 * DAY, Up), (150 * DAY, 500 * DAY, Up)];
    assert_eq!(
        rig.told(a_vm(1)).await,
        kept,
        "50 days were recorded after the 50th"
    );
}
