//! Nothing is counted twice, nothing is lost but what nobody measured, and nothing ever becomes less.
use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;
use wxa_model::Bytes;

const NOON: u64 = 20_000 * DAY_MS + DAY_MS / 2;

fn host(n: u128) -> HostId {
    HostId(Uuid::from_u128(n))
}

fn vm(n: u128) -> VmId {
    VmId(Uuid::from_u128(0x100 + n))
}

fn sample(cpu: f32) -> VmSample {
    VmSample {
        cpu: Some(cpu),
        memory: Some(Bytes::mib(512)),
        net_rx: Some(1000.0),
        ..VmSample::default()
    }
}

fn batch(at: u64, vms: &[(u128, f32)]) -> SampleBatch {
    SampleBatch {
        at: UnixMillis(at),
        vms: vms.iter().map(|(n, cpu)| (vm(*n), sample(*cpu))).collect(),
        ..SampleBatch::default()
    }
}

/// All that is known of a VM: CPU units, known and unknown milliseconds.
fn total(ledger: &Ledger, of: u128) -> (u64, u64, u64) {
    sum(&ledger.of(vm(of)))
}

fn sum(days: &[UsageRecord]) -> (u64, u64, u64) {
    let cpu = |record: &UsageRecord| {
        record
            .used
            .amounts
            .get(&Quantity::Cpu)
            .copied()
            .unwrap_or_default()
    };
    days.iter().fold((0, 0, 0), |(units, known, unknown), record| {
        let cpu = cpu(record);
        (
            units + cpu.units,
            known + cpu.known_ms,
            unknown + record.used.unknown_ms,
        )
    })
}

/// A ledger and its database.
#[derive(Default)]
struct Kept {
    ledger: Ledger,
    database: BTreeMap<(u32, VmId), UsageRecord>,
}

impl Kept {
    fn write(&mut self, now: u64) {
        for record in self.ledger.take_out(UnixMillis(now)) {
            let new = UsageRecord {
                used: UsageDay::default(),
                ..record.clone()
            };
            let there = self.database.entry((record.day, record.vm)).or_insert(new);
            there.used.add(&record.used);
        }
    }

    fn restart(&mut self, now: u64) {
        self.write(now);
        self.ledger = Ledger::default();
        let newest = self
            .database
            .keys()
            .map(|(day, _)| *day)
            .max()
            .unwrap_or_default();
        let latest = self.database.values().filter(|record| record.day + 1 >= newest);
        self.ledger.restore(&latest.cloned().collect::<Vec<_>>());
    }

    fn total(&self, of: u128) -> (u64, u64, u64) {
        let kept = self
            .database
            .values()
            .filter(|record| record.vm == vm(of))
            .cloned();
        sum(&kept.chain(self.ledger.of(vm(of))).collect::<Vec<_>>())
    }
}

#[test]
fn an_hour_of_half_a_cpu_is_half_a_cpu_hour() {
    let mut ledger = Ledger::default();
    for second in 0..=3600 {
        ledger.take(host(1), &batch(NOON + second * 1000, &[(1, 0.5)]));
    }
    let (units, known, unknown) = total(&ledger, 1);
    assert_eq!(
        (natural(Quantity::Cpu, units), known, unknown),
        (1800.0, 3_600_000, 0)
    );
    let day = ledger.of(vm(1)).remove(0).used;
    let memory = day.amounts[&Quantity::Memory].units;
    assert_eq!(natural(Quantity::Memory, memory), 512.0 * 1_048_576.0 * 3600.0);
    assert_eq!(
        natural(Quantity::NetRx, day.amounts[&Quantity::NetRx].units),
        3_600_000.0
    );
    assert!(
        !day.amounts.contains_key(&Quantity::DiskRead),
        "what is not measured is not zero"
    );
}

#[test]
fn a_vm_that_is_told_by_two_members_while_it_migrates_counts_once() {
    let mut ledger = Ledger::default();
    for step in 0..=20u64 {
        let at = NOON + step * 5000;
        ledger.take(host(1), &batch(at, if step <= 12 { &[(1, 1.0)] } else { &[] }));
        ledger.take(
            host(2),
            &batch(at + 1500, if step >= 10 { &[(1, 1.0)] } else { &[] }),
        );
    }
    let (units, known, unknown) = total(&ledger, 1);
    assert_eq!((known, unknown), (101_500, 0));
    assert_eq!(natural(Quantity::Cpu, units), 101.5);
}

#[test]
fn silence_is_unknown_for_those_who_ran_before_or_after_it_and_for_nobody_else() {
    let mut ledger = Ledger::default();
    ledger.take(host(1), &batch(NOON, &[(1, 1.0), (2, 1.0)]));
    ledger.take(host(1), &batch(NOON + 1000, &[(1, 1.0), (2, 1.0)]));
    ledger.take(host(1), &batch(NOON + 601_000, &[(2, 1.0), (3, 1.0)]));
    ledger.take(host(1), &batch(NOON + 602_000, &[(2, 1.0), (3, 1.0)]));
    assert_eq!(total(&ledger, 1), (1_000_000_000, 1000, 600_000));
    assert_eq!(total(&ledger, 2), (2_000_000_000, 2000, 600_000));
    assert_eq!(total(&ledger, 3), (1_000_000_000, 1000, 600_000));
    // Halted in between, while its host was heard: that is known to be nothing.
    ledger.take(host(1), &batch(NOON + 603_000, &[(2, 1.0)]));
    for second in 604..700 {
        ledger.take(host(1), &batch(NOON + second * 1000, &[(2, 1.0)]));
    }
    ledger.take(host(1), &batch(NOON + 700_000, &[(2, 1.0), (3, 1.0)]));
    assert_eq!(total(&ledger, 3), (2_000_000_000, 2000, 600_000));
}

#[test]
fn the_time_that_the_server_did_not_run_is_unknown() {
    let mut kept = Kept::default();
    for second in 0..=10 {
        kept.ledger
            .take(host(1), &batch(NOON + second * 1000, &[(1, 1.0)]));
    }
    kept.restart(NOON + 10_000);
    kept.ledger
        .take(host(1), &batch(NOON + 100_000, &[(1, 1.0), (2, 1.0)]));
    kept.ledger
        .take(host(1), &batch(NOON + 101_000, &[(1, 1.0), (2, 1.0)]));
    assert_eq!(kept.total(1), (11_000_000_000, 11_000, 90_000));
    assert_eq!(kept.total(2), (1_000_000_000, 1000, 90_000));
}

#[test]
fn a_day_that_begins_takes_what_is_used_in_it() {
    let midnight = 20_001 * DAY_MS;
    let mut ledger = Ledger::default();
    ledger.take(host(1), &batch(midnight - 2000, &[(1, 1.0)]));
    ledger.take(host(1), &batch(midnight + 3000, &[(1, 1.0)]));
    let days: Vec<_> = ledger
        .of(vm(1))
        .iter()
        .map(|record| (record.day, record.used.amounts[&Quantity::Cpu].known_ms))
        .collect();
    assert_eq!(days, [(20_000, 2000), (20_001, 3000)]);
}

#[test]
fn who_is_gone_is_let_go_of_once_written() {
    let mut ledger = Ledger::default();
    ledger.take(host(1), &batch(NOON, &[(1, 1.0)]));
    ledger.take(host(1), &batch(NOON + 1000, &[(1, 1.0)]));
    let records = ledger.take_out(UnixMillis(NOON + 3 * DAY_MS));
    assert_eq!((records.len(), ledger.len()), (1, 0));
    ledger.put_back(&records);
    assert_eq!(ledger.take_out(UnixMillis(NOON)), records);
}

/// What may happen: time passes, or the clock is set, or the server is started anew.
#[test]
fn a_vm_that_is_gone_after_a_restart_may_have_run_until_its_host_was_heard_again() {
    let mut kept = Kept::default();
    for second in 0..=100 {
        kept.ledger.take(
            host(1),
            &batch(NOON + second * 1000, &[(1, 1.0), (2, 1.0), (3, 1.0)]),
        );
    }
    kept.restart(NOON + 100_000);
    let heard = NOON + 700_000;
    let look = |ledger: &mut Ledger, at: u64, all_up: bool| {
        ledger.settle(UnixMillis(at), |id| match id {
            id if id == vm(2) => Heard::With(host(1)),
            id if id != vm(1) && all_up => Heard::Now,
            _ => Heard::NotYet,
        });
    };
    look(&mut kept.ledger, heard - 1000, false);
    assert_eq!(kept.total(2).2, 0, "nobody was heard yet");
    kept.ledger.take(host(1), &batch(heard, &[(1, 1.0)]));
    look(&mut kept.ledger, heard + 60_000, false);
    assert_eq!(kept.total(1).2, 600_000);
    assert_eq!(kept.total(2).2, 600_000, "it is halted now");
    assert_eq!(kept.total(3).2, 0, "a host is down: it may be there");
    look(&mut kept.ledger, heard + 120_000, true);
    assert_eq!(kept.total(3).2, 720_000, "nobody has it");
    look(&mut kept.ledger, heard + 180_000, true);
    assert_eq!(kept.total(3).2, 720_000, "told once");
}

#[test]
fn what_ran_on_a_member_that_is_lost_may_have_run_until_then_and_nothing_counts_twice() {
    let mut ledger = Ledger::default();
    ledger.take(host(1), &batch(NOON, &[(1, 1.0), (2, 1.0)]));
    ledger.take(host(1), &batch(NOON + 5000, &[(1, 1.0), (2, 1.0)]));
    ledger.take(host(2), &batch(NOON + 5000, &[]));
    // The second went to another member before the first member was lost.
    for second in (10..=60).step_by(5) {
        ledger.take(host(2), &batch(NOON + second * 1000, &[(2, 1.0)]));
    }
    ledger.forget(host(1), UnixMillis(NOON + 65_000));
    assert_eq!(total(&ledger, 1), (5_000_000_000, 5000, 60_000));
    assert_eq!(
        total(&ledger, 2).2,
        5000,
        "but for the time since it was measured last"
    );
    ledger.take(host(2), &batch(NOON + 65_000, &[(2, 1.0)]));
    assert_eq!(total(&ledger, 2).1 + total(&ledger, 2).2, 65_000);
    ledger.forget(host(1), UnixMillis(NOON + 99_000));
    assert_eq!(total(&ledger, 1).2, 60_000);
}

#[derive(Clone, Debug)]
enum Step {
    Tick {
        ms: u64,
        vms: Vec<u8>,
        cpu: f32,
        host: u8,
    },
    ClockBack(u64),
    ClockForward(u64),
    Write,
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let tick = (
        500u64..20_000,
        proptest::collection::vec(0u8..4, 0..4),
        0.0f32..16.0,
        1u8..3,
    )
        .prop_map(|(ms, vms, cpu, host)| Step::Tick { ms, vms, cpu, host });
    let step = prop_oneof![
        12 => tick,
        1 => (0u64..400_000_000).prop_map(Step::ClockBack),
        1 => (0u64..400_000_000).prop_map(Step::ClockForward),
        1 => Just(Step::Write),
        1 => Just(Step::Restart),
    ];
    proptest::collection::vec(step, 1..80)
}

proptest! {
    #[test]
    fn whatever_happens_nothing_becomes_less_or_more_than_the_time_allows(steps in steps()) {
        let mut kept = Kept::default();
        let (mut now, mut real) = (NOON * 2, 0u64);
        let mut before = [(0, 0, 0); 4];
        for step in steps {
            match step {
                Step::Tick { ms, mut vms, cpu, host: of } => {
                    now += ms;
                    real += ms;
                    vms.sort_unstable();
                    vms.dedup();
                    let vms: Vec<_> = vms.into_iter().map(|vm| (u128::from(vm), cpu)).collect();
                    kept.ledger.take(host(u128::from(of)), &batch(now, &vms));
                }
                Step::ClockBack(ms) => now -= ms,
                Step::ClockForward(ms) => now += ms,
                Step::Write => kept.write(now),
                Step::Restart => kept.restart(now),
            }
            for (n, before) in (0u128..).zip(&mut before) {
                let after = kept.total(n);
                prop_assert!(after.0 >= before.0 && after.1 >= before.1 && after.2 >= before.2);
                prop_assert!(after.0 - before.0 <= (after.1 - before.1) * 16_000_001);
                prop_assert!(after.1 <= real + 80 * MOST_MS, "never known for longer than it ran");
                *before = after;
            }
        }
    }

    #[test]
    fn the_sum_of_any_parts_is_the_whole(
        cuts in proptest::collection::btree_set(1u64..10_000, 0..20),
        cpu in 0.0f32..64.0,
        start in 0u64..DAY_MS,
    ) {
        let begin = NOON + start;
        let ends = cuts.into_iter().chain([10_000]);
        let mut parts = Ledger::default();
        parts.take(host(1), &batch(begin, &[(1, cpu)]));
        for end in ends {
            parts.take(host(1), &batch(begin + end, &[(1, cpu)]));
        }
        let mut whole = Ledger::default();
        whole.take(host(1), &batch(begin, &[(1, cpu)]));
        whole.take(host(1), &batch(begin + 10_000, &[(1, cpu)]));
        prop_assert_eq!(total(&parts, 1), total(&whole, 1));
    }

    #[test]
    fn a_restart_costs_at_most_the_time_it_took_and_that_is_told(
        ticks in 3u64..200,
        at in 1u64..200,
        down in 0u64..600,
    ) {
        let at = at.min(ticks - 1);
        let seconds = |ledger: &mut Ledger, from: u64, to: u64| {
            for second in from..=to {
                ledger.take(host(1), &batch(NOON + second * 1000, &[(1, 1.0)]));
            }
        };
        let mut steady = Ledger::default();
        seconds(&mut steady, 0, ticks + down);
        let mut kept = Kept::default();
        seconds(&mut kept.ledger, 0, at);
        kept.restart(NOON + at * 1000);
        seconds(&mut kept.ledger, at + 1 + down, ticks + down);
        let (all, found) = (total(&steady, 1), kept.total(1));
        prop_assert_eq!(found.1 + found.2, all.1, "every second is known or unknown");
        prop_assert_eq!(found.2, (down + 1) * 1000);
    }
}
