//! The ledger's rows.
use super::{at, fresh};
use std::collections::BTreeMap;
use uuid::Uuid;
use wxa_model::VmId;
use wxa_store::{Amount, Quantity, UsageDay, UsageRecord};

fn record(vm: u128, day: u32, units: u64) -> UsageRecord {
    let amount = Amount {
        units,
        known_ms: 86_400_000,
    };
    UsageRecord {
        vm: VmId(Uuid::from_u128(vm)),
        day,
        used: UsageDay {
            unknown_ms: 7,
            until: at(5),
            amounts: BTreeMap::from([(Quantity::Cpu, amount), (Quantity::NetTx, amount)]),
        },
    }
}

#[tokio::test]
async fn what_is_used_adds_up_by_day() {
    let store = fresh().await;
    let all: Vec<_> = (0..1200).map(|vm| record(vm, 20_000, 5)).collect();
    store.usage_add(&all).await.unwrap();
    store
        .usage_add(&[record(1, 20_001, 2), record(1, 20_003, u64::MAX - 1)])
        .await
        .unwrap();
    store.usage_add(&[record(1, 20_001, 3)]).await.unwrap();
    assert_eq!(store.usage_of_day(20_000).await.unwrap(), all);
    assert_eq!(store.usage_newest_day().await.unwrap(), Some(20_003));
    let of = store
        .usage_of(VmId(Uuid::from_u128(1)), 20_001, 20_400)
        .await
        .unwrap();
    let mut both = record(1, 20_001, 2);
    both.used.add(&record(1, 20_001, 3).used);
    assert_eq!(both.used.amounts[&Quantity::Cpu].units, 5);
    assert_eq!(of, [both, record(1, 20_003, u64::MAX - 1)]);
    assert_eq!(store.usage_of(VmId(Uuid::from_u128(1)), 5, 4).await.unwrap(), []);
}

#[tokio::test]
async fn old_days_go_in_small_steps() {
    let store = fresh().await;
    let all: Vec<_> = (0..700)
        .map(|vm| record(vm, 10, 1))
        .chain([record(1, 11, 1)])
        .collect();
    store.usage_add(&all).await.unwrap();
    let mut steps = 0;
    while store.usage_prune_some(11, 1).await.unwrap() {
        steps += 1;
    }
    assert_eq!(steps, 2);
    assert_eq!(store.usage_of_day(11).await.unwrap(), [record(1, 11, 1)]);
}

#[tokio::test]
async fn a_clock_that_is_ahead_takes_no_day_from_the_ledger() {
    let store = fresh().await;
    let all: Vec<_> = [10, 11, 12, 5000].map(|day| record(1, day, 1)).into();
    store.usage_add(&all).await.unwrap();
    assert!(!store.usage_prune_some(3900, 1100).await.unwrap());
    assert!(!store.usage_prune_some(3900, 4).await.unwrap());
    while store.usage_prune_some(3900, 3).await.unwrap() {}
    let vm = VmId(Uuid::from_u128(1));
    assert_eq!(store.usage_of(vm, 0, 6000).await.unwrap(), all[1..]);
}

#[tokio::test]
async fn what_was_used_under_one_id_goes_to_another() {
    let store = fresh().await;
    let all = [
        record(1, 10, 5),
        record(1, 11, 5),
        record(2, 11, 2),
        record(3, 10, 9),
    ];
    store.usage_add(&all).await.unwrap();
    let vm = |n| VmId(Uuid::from_u128(n));
    let renamed = [(vm(1), vm(2)), (vm(8), vm(9))].into();
    store.usage_move(&renamed).await.unwrap();
    let mut both = record(2, 11, 2);
    both.used.add(&record(1, 11, 5).used);
    assert_eq!(
        store.usage_of(vm(2), 0, 100).await.unwrap(),
        [record(2, 10, 5), both]
    );
    assert_eq!(store.usage_of(vm(1), 0, 100).await.unwrap(), []);
    assert_eq!(store.usage_of(vm(3), 0, 100).await.unwrap(), [record(3, 10, 9)]);
    assert_eq!(store.usage_of(vm(9), 0, 100).await.unwrap(), []);
}
