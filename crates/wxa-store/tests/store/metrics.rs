//! Minutes and hours, over restarts and with a clock that jumps.
use tempfile::TempDir;
use uuid::Uuid;
use wxa_model::{HostId, Metric, Part, VmId};
use wxa_store::{
    MetricStore, SeriesKey, Stat,
    metrics::{Old, Renamed},
};

/// A whole hour somewhere in 2026.
const HOUR: u64 = 497_000;
const MINUTE: u64 = HOUR * 60;

async fn open(folder: &TempDir) -> MetricStore {
    MetricStore::open(&folder.path().join("metrics.db"))
        .await
        .unwrap()
        .0
}

fn vm(n: u128) -> SeriesKey {
    SeriesKey::Vm(VmId(Uuid::from_u128(n)))
}

fn one(value: f32) -> Vec<(Metric, Stat)> {
    vec![(Metric::Cpu, Stat::one(value))]
}

async fn pack_all(store: &MetricStore, hour: u64) -> usize {
    let mut steps = 0;
    while store.pack_some(hour).await.unwrap() {
        steps += 1;
    }
    steps
}

/// The CPU's slots.
fn cpu(slots: &wxa_store::metrics::Slots) -> Vec<(u64, f32, u32)> {
    let column = slots.get(&Metric::Cpu).into_iter().flatten();
    column.map(|(at, stat)| (*at, stat.avg, stat.count)).collect()
}

#[tokio::test]
async fn minutes_and_hours_are_the_same_before_and_after_packing_and_gaps_stay_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    for minute in [0, 1, 5, 59, 60] {
        let rows: Vec<_> = (0..200).map(|n| (vm(n), one(minute as f32))).collect();
        store.put_minute(MINUTE + minute, &rows).await.unwrap();
    }
    let key = vm(77);
    let minutes = store.minutes(&key, MINUTE, MINUTE + 120).await.unwrap();
    let hours = store.hours(&key, HOUR, HOUR + 2).await.unwrap();
    assert_eq!(
        cpu(&minutes),
        [0, 1, 5, 59, 60].map(|minute| (MINUTE + minute, minute as f32, 1))
    );
    assert_eq!(cpu(&hours), [(HOUR, 16.25, 4), (HOUR + 1, 60.0, 1)]);

    assert_eq!(pack_all(&store, HOUR + 1).await, 4, "64 objects at a time");
    store.close().await;
    let store = open(&folder).await;
    assert_eq!(store.minutes(&key, MINUTE, MINUTE + 120).await.unwrap(), minutes);
    assert_eq!(store.hours(&key, HOUR, HOUR + 2).await.unwrap(), hours);
    assert_eq!(
        cpu(&store.minutes(&key, MINUTE + 1, MINUTE + 6).await.unwrap()),
        [(MINUTE + 1, 1.0, 1), (MINUTE + 5, 5.0, 1)]
    );
}

#[tokio::test]
async fn a_clock_set_back_adds_to_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    store.put_minute(MINUTE, &[(vm(1), one(1.0))]).await.unwrap();
    store
        .put_minute(MINUTE, &[(vm(1), one(3.0)), (vm(2), one(9.0))])
        .await
        .unwrap();
    pack_all(&store, HOUR + 1).await;
    store.put_minute(MINUTE, &[(vm(1), one(5.0))]).await.unwrap();
    let before = store.minutes(&vm(1), MINUTE, MINUTE + 1).await.unwrap();
    pack_all(&store, HOUR + 1).await;
    let after = store.minutes(&vm(1), MINUTE, MINUTE + 1).await.unwrap();
    assert_eq!(
        (cpu(&before), cpu(&after)),
        (vec![(MINUTE, 3.0, 3)], vec![(MINUTE, 3.0, 3)])
    );
    assert_eq!(
        cpu(&store.hours(&vm(1), HOUR, HOUR + 1).await.unwrap()),
        [(HOUR, 3.0, 3)]
    );
    assert_eq!(
        cpu(&store.hours(&vm(2), HOUR, HOUR + 1).await.unwrap()),
        [(HOUR, 9.0, 1)]
    );
}

#[tokio::test]
async fn foreign_hours_fill_only_what_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    store.put_minute(MINUTE, &[(vm(1), one(1.0))]).await.unwrap();
    pack_all(&store, HOUR + 1).await;
    let foreign = |hour| (hour, Metric::Cpu, Stat::one(7.0));
    let rows = [
        (vm(1), vec![foreign(HOUR - 1), foreign(HOUR)]),
        (vm(9), vec![foreign(HOUR)]),
    ];
    store.fill_hours(&rows).await.unwrap();
    store.fill_hours(&rows).await.unwrap();
    let of = |key| {
        let store = store.clone();
        async move { cpu(&store.hours(&key, HOUR - 5, HOUR + 5).await.unwrap()) }
    };
    assert_eq!(of(vm(1)).await, [(HOUR - 1, 7.0, 1), (HOUR, 1.0, 1)]);
    assert_eq!(of(vm(9)).await, [(HOUR, 7.0, 1)]);
}

#[tokio::test]
async fn what_is_old_goes_and_what_nothing_is_kept_of_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let store_part = SeriesKey::Part(HostId(Uuid::from_u128(3)), Part::Storage("local".into()));
    store.put_minute(MINUTE, &[(vm(1), one(1.0))]).await.unwrap();
    let later = HOUR + 24 * 800;
    store
        .put_minute(later * 60, &[(store_part.clone(), one(2.0))])
        .await
        .unwrap();
    pack_all(&store, later + 1).await;
    assert_eq!(store.facts().await.unwrap().objects, 2);
    let old = |before, keep| Old { before, keep };
    while store
        .prune_some(old(later, 1), old(later / 24 - 10, 1))
        .await
        .unwrap()
    {}
    assert_eq!(store.facts().await.unwrap().objects, 1);
    assert_eq!(cpu(&store.hours(&vm(1), HOUR, HOUR + 1).await.unwrap()), []);
    let kept = store
        .minutes(&store_part, later * 60, later * 60 + 1)
        .await
        .unwrap();
    assert_eq!(cpu(&kept), [(later * 60, 2.0, 1)]);
}

#[tokio::test]
async fn a_clock_that_is_ahead_and_stays_there_deletes_nothing_that_is_not_old() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let ahead = HOUR + 24 * 3650;
    let hours: Vec<u64> = (0..5).map(|hour| HOUR + hour).chain([ahead]).collect();
    for hour in &hours {
        store.put_minute(hour * 60, &[(vm(1), one(1.0))]).await.unwrap();
    }
    pack_all(&store, ahead + 1).await;
    let left = || async {
        let mut found = Vec::new();
        for hour in &hours {
            let slots = store.minutes(&vm(1), hour * 60, hour * 60 + 60).await.unwrap();
            found.extend(cpu(&slots).iter().map(|(at, ..)| at / 60));
        }
        found
    };
    let by_clock = |keep| Old {
        before: ahead - 168,
        keep,
    };
    let days = Old {
        before: ahead / 24 - 731,
        keep: 732,
    };
    while store.prune_some(by_clock(168), days).await.unwrap() {}
    assert_eq!(left().await, hours, "one hour was measured since, not a week");
    assert_eq!(store.facts().await.unwrap().objects, 1);
    while store.prune_some(by_clock(3), days).await.unwrap() {}
    assert_eq!(
        left().await,
        hours[3..],
        "what was measured after it is proof of its age"
    );
}

#[tokio::test]
async fn what_is_known_under_a_new_id_keeps_its_past_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let host = |n| HostId(Uuid::from_u128(n));
    let nic = |n| SeriesKey::Part(host(n), Part::Nic("eth0".into()));
    let rows = [
        (vm(1), one(1.0)),
        (vm(2), one(2.0)),
        (nic(5), one(5.0)),
        (vm(7), one(7.0)),
    ];
    store.put_minute(MINUTE, &rows).await.unwrap();
    pack_all(&store, HOUR + 1).await;
    let id = |n| VmId(Uuid::from_u128(n));
    let renamed = Renamed {
        vms: [(id(1), id(11)), (id(2), id(7))].into(),
        hosts: [(host(5), host(55))].into(),
    };
    store.rename(&renamed).await.unwrap();
    store
        .put_minute(MINUTE + 60, &[(vm(11), one(3.0))])
        .await
        .unwrap();
    store.close().await;
    let store = open(&folder).await;
    let of = async |key| cpu(&store.minutes(&key, MINUTE, MINUTE + 61).await.unwrap());
    assert_eq!(of(vm(11)).await, [(MINUTE, 1.0, 1), (MINUTE + 60, 3.0, 1)]);
    assert_eq!(of(nic(55)).await, [(MINUTE, 5.0, 1)]);
    assert_eq!(of(vm(1)).await, []);
    assert_eq!(
        of(vm(7)).await,
        [(MINUTE, 7.0, 1)],
        "another one's past is left to it"
    );
}

#[tokio::test]
async fn a_damaged_file_is_put_aside_and_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.db");
    std::fs::write(&path, vec![7u8; 8192]).unwrap();
    let (store, aside) = MetricStore::open(&path).await.unwrap();
    assert!(aside.unwrap().exists());
    store.put_minute(MINUTE, &[(vm(1), one(1.0))]).await.unwrap();
    store.note_put("k", "v").await.unwrap();
    assert_eq!(store.note("k").await.unwrap().as_deref(), Some("v"));
}

#[tokio::test]
async fn the_last_file_put_aside_has_nothing_of_the_one_whose_place_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.db");
    let names = std::iter::once(String::new()).chain((2..=9).map(|n| format!("-{n}")));
    for name in names {
        std::fs::write(folder.path().join(format!("metrics.db.aside{name}")), [1]).unwrap();
    }
    let last = folder.path().join("metrics.db.aside-9");
    for side in ["-wal", "-shm"] {
        std::fs::write(folder.path().join(format!("metrics.db.aside-9{side}")), [1]).unwrap();
    }
    std::fs::write(&path, vec![7u8; 8192]).unwrap();
    let (store, aside) = MetricStore::open(&path).await.unwrap();
    assert_eq!(aside.as_ref(), Some(&last));
    assert_eq!(std::fs::read(&last).unwrap(), vec![7u8; 8192]);
    for side in ["-wal", "-shm"] {
        let side = folder.path().join(format!("metrics.db.aside-9{side}"));
        assert!(!side.exists(), "{}", side.display());
    }
    store.close().await;
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_put_aside_with_all_that_was_written_to_it() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("metrics.db");
    let store = MetricStore::open(&path).await.unwrap().0;
    store.put_minute(MINUTE, &[(vm(1), one(1.0))]).await.unwrap();
    let newer = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'from the future', true, x'00', 1)",
    )
    .execute(&newer)
    .await
    .unwrap();
    let moved = other.path().join("metrics.db");
    let mut all_aside = Vec::new();
    for _ in 0..2 {
        // As a server that is killed leaves it: what was written last is beside the file.
        for name in ["metrics.db", "metrics.db-wal"] {
            std::fs::copy(folder.path().join(name), other.path().join(name)).unwrap();
        }
        let (store, aside) = MetricStore::open(&moved).await.unwrap();
        assert_eq!(store.facts().await.unwrap().objects, 0);
        store.close().await;
        all_aside.push(aside.unwrap());
    }
    assert_ne!(all_aside[0], all_aside[1], "the first one stays");
    for aside in all_aside {
        let pool = sqlx::SqlitePool::connect(aside.to_str().unwrap()).await.unwrap();
        let count: i64 = sqlx::query_scalar("select count(*) from metric_minute")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(count, 1, "{}", aside.display());
    }
}

#[tokio::test]
async fn a_host_that_invents_names_without_end_gets_no_more_than_its_share() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let part = |host: u128, name: u64| {
        let host = HostId(Uuid::from_u128(host));
        SeriesKey::Part(host, Part::Nic(format!("eth{name}")))
    };
    for minute in 0..8 {
        let names = minute * 64..(minute + 1) * 64;
        let rows: Vec<_> = names.map(|name| (part(1, name), one(1.0))).collect();
        store.put_minute(MINUTE + minute, &rows).await.unwrap();
    }
    assert_eq!(store.facts().await.unwrap().objects, 256);
    let first = store.minutes(&part(1, 0), MINUTE, MINUTE + 8).await.unwrap();
    let late = store.minutes(&part(1, 511), MINUTE, MINUTE + 8).await.unwrap();
    assert!(!first.is_empty() && late.is_empty());
    // It takes nothing from others.
    store
        .put_minute(MINUTE + 9, &[(part(2, 0), one(1.0))])
        .await
        .unwrap();
    let other = store.minutes(&part(2, 0), MINUTE, MINUTE + 10).await.unwrap();
    assert!(!other.is_empty());
}
