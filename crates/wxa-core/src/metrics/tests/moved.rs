//! What a pool tells while it goes to another site: nothing is lost, nothing counts twice, and nothing is charged that nobody ran.
use crate::{
    Core,
    core::test_core::TestCore,
    metrics::Samples,
    test_driver::{HOST, batch, vm_id},
};
use uuid::Uuid;
use wxa_model::{HostId, UnixMillis, VmId};
use wxa_store::{Quantity, SeriesKey, UsageDay, UsageRecord, metrics::Renamed};

const OLD: HostId = HostId(Uuid::from_u128(0x51));
const NEW: HostId = HostId(Uuid::from_u128(0x52));
const DAY_MS: u64 = 86_400_000;
const NOON: u64 = 20_000 * DAY_MS + DAY_MS / 2;

fn renamed() -> Renamed {
    Renamed {
        vms: [(vm_id(1), vm_id(11))].into(),
        hosts: [(OLD, NEW)].into(),
    }
}

fn day(until: u64) -> UsageRecord {
    UsageRecord {
        vm: vm_id(1),
        day: u32::try_from(until / DAY_MS).unwrap(),
        used: UsageDay {
            unknown_ms: 5,
            until: UnixMillis(until),
            ..UsageDay::default()
        },
    }
}

/// Milliseconds that are known of a VM, and that are not.
fn told(samples: &Samples, vm: VmId) -> (u64, u64) {
    let used = samples.used(vm);
    let known = |record: &UsageRecord| {
        record
            .used
            .amounts
            .get(&Quantity::Cpu)
            .map_or(0, |cpu| cpu.known_ms)
    };
    (
        used.iter().map(known).sum(),
        used.iter().map(|record| record.used.unknown_ms).sum(),
    )
}

/// Ten seconds, told every five.
fn tell(samples: &Samples, from: u64, member: HostId, vm: VmId) {
    for at in [from, from + 5000, from + 10_000] {
        samples.push_through(HOST, member, batch(member, at, &[vm]).batch);
    }
}

#[test]
fn what_is_told_under_old_ids_after_a_pool_was_moved_goes_on_where_it_was() {
    let samples = Samples::new();
    // The server did not run for a day.
    samples.ledger().restore(&[day(NOON - DAY_MS)]);
    tell(&samples, NOON, OLD, vm_id(1));
    assert_eq!(told(&samples, vm_id(1)), (10_000, DAY_MS));
    samples.rename(HOST, &renamed());
    // Its connection is not made anew yet.
    tell(&samples, NOON + 15_000, OLD, vm_id(1));
    tell(&samples, NOON + 30_000, NEW, vm_id(11));
    assert_eq!(told(&samples, vm_id(11)), (40_000, DAY_MS));
    assert!(samples.used(vm_id(1)).is_empty());
    let minutes = |key| {
        let open = samples.open_minutes(&key).into_iter();
        open.filter(|(_, metric, _)| *metric == wxa_model::Metric::Cpu)
            .map(|(.., stat)| stat.count)
            .sum::<u32>()
    };
    assert_eq!(minutes(SeriesKey::Vm(vm_id(11))), 9);
    assert_eq!(minutes(SeriesKey::Vm(vm_id(1))), 0);
    assert_eq!(minutes(SeriesKey::Host(OLD)), 0);

    // Another pool may have the old ids from now on.
    let other = HostId(Uuid::from_u128(0x99));
    let told_there = batch(OLD, NOON + 45_000, &[vm_id(1)]).batch;
    samples.push_through(other, OLD, told_there);
    assert_eq!(minutes(SeriesKey::Vm(vm_id(1))), 1);
}

#[test]
fn the_time_without_a_server_is_charged_once_when_a_pool_is_moved_before_it_is_heard() {
    let samples = Samples::new();
    samples.ledger().restore(&[day(NOON - DAY_MS)]);
    samples.rename(HOST, &renamed());
    tell(&samples, NOON, OLD, vm_id(1));
    tell(&samples, NOON + 15_000, NEW, vm_id(11));
    assert_eq!(told(&samples, vm_id(11)), (25_000, DAY_MS));
    assert!(samples.used(vm_id(1)).is_empty());
}

#[test]
fn a_pool_that_comes_back_while_nothing_of_it_is_listed_has_its_old_ids_again() {
    let samples = Samples::new();
    samples.rename(HOST, &renamed());
    samples.rename(HOST, &Renamed::default());
    tell(&samples, NOON, OLD, vm_id(1));
    assert_eq!(told(&samples, vm_id(1)), (10_000, 0));
    assert!(samples.used(vm_id(11)).is_empty());
}

#[test]
fn a_pool_that_could_not_be_moved_goes_on_under_its_old_ids() {
    let samples = Samples::new();
    tell(&samples, NOON, OLD, vm_id(1));
    samples.rename(HOST, &renamed());
    tell(&samples, NOON + 15_000, OLD, vm_id(1));
    samples.rename(HOST, &renamed().back());
    tell(&samples, NOON + 30_000, OLD, vm_id(1));
    assert_eq!(told(&samples, vm_id(1)), (40_000, 0));
    assert!(samples.used(vm_id(11)).is_empty());
    // What ran there may have run until the pool was forgotten.
    samples.rename(HOST, &renamed());
    samples.forget(HOST, UnixMillis(NOON + 50_000));
    assert_eq!(told(&samples, vm_id(11)), (40_000, 10_000));
}

#[tokio::test]
async fn what_was_used_comes_along_where_nothing_is_measured() {
    let core = TestCore::start().await;
    core.inner.store.usage_add(&[day(NOON)]).await.unwrap();
    core.stop().await;
    let records = Core::open(core.config()).await.unwrap();
    records.move_history(HOST, &renamed()).await.unwrap();
    let found = records.inner.store.usage_of(vm_id(11), 0, 30_000).await.unwrap();
    let expected = UsageRecord {
        vm: vm_id(11),
        ..day(NOON)
    };
    assert_eq!(found, [expected]);
}
