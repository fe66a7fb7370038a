//! Spans of states: what is written, what a killed run leaves, what is read of a time, what goes with age, and what it costs.
use super::{Fresh, at, fresh};
use uuid::Uuid;
use wxa_model::{
    HostId, ServiceId, UnixMillis, VmId,
    status::{Standing, Watched},
};
use wxa_store::{PeriodRecord, SpanChange, SpanRecord};

fn vm(n: u128) -> Watched {
    Watched::Vm(VmId(Uuid::from_u128(n)))
}

fn span(of: Watched, began: u64, ended: Option<u64>, standing: Standing) -> SpanRecord {
    SpanRecord {
        of,
        began: at(began),
        ended: ended.map(at),
        standing,
    }
}

fn period(began: u64, known: u64) -> [PeriodRecord; 1] {
    [PeriodRecord {
        began: at(began),
        known: at(known),
    }]
}

async fn put(store: &Fresh, spans: &[SpanRecord], periods: impl AsRef<[PeriodRecord]>) {
    let changes: Vec<_> = spans.iter().copied().map(SpanChange::Put).collect();
    store.state_write(&changes, periods.as_ref()).await.unwrap();
}

const EVER: UnixMillis = UnixMillis(u64::MAX);

#[tokio::test]
async fn what_reaches_into_a_time_is_read_in_order() {
    let store = fresh().await;
    let host = Watched::Host(HostId(Uuid::from_u128(1)));
    let first = [
        span(vm(1), 10, Some(20), Standing::Up),
        span(vm(1), 20, Some(30), Standing::Down),
        span(vm(1), 50, None, Standing::Degraded),
        span(host, 15, Some(60), Standing::Up),
        span(vm(2), 15, Some(60), Standing::Up),
    ];
    put(&store, &first, period(10, 60)).await;
    let read = |from, until| {
        let store = &store;
        async move {
            store
                .state_spans(&[vm(1), host], at(from), at(until))
                .await
                .unwrap()
        }
    };
    assert_eq!(read(0, 100).await, first[..4]);
    assert_eq!(read(20, 50).await, [first[1], first[3]]);
    assert_eq!(read(25, 51).await, first[1..4]);
    assert_eq!(read(30, 50).await, [first[3]]);
    assert_eq!(read(70, 80).await, [first[2]], "it goes on");
    put(&store, &[span(vm(1), 50, Some(55), Standing::Degraded)], []).await;
    assert_eq!(read(70, 80).await, []);
    let dropped = SpanChange::Drop {
        of: vm(1),
        began: at(50),
    };
    store.state_write(&[dropped], &[]).await.unwrap();
    assert_eq!(read(30, 50).await, [first[3]]);
    assert!(store.state_knows(host).await.unwrap());
    let service = Watched::Service(ServiceId(Uuid::from_u128(1)));
    assert!(
        !store.state_knows(service).await.unwrap(),
        "the same id of another kind"
    );
}

#[tokio::test]
async fn under_another_id_the_past_is_the_same_and_comes_back_once() {
    let store = fresh().await;
    let here = [
        span(vm(1), 10, Some(20), Standing::Up),
        span(vm(1), 30, None, Standing::Down),
    ];
    put(&store, &here, period(10, 40)).await;
    for _ in 0..2 {
        store.state_copy(&[(vm(1), vm(2)), (vm(8), vm(9))]).await.unwrap();
    }
    let read = async |of| store.state_spans(&[of], at(0), EVER).await.unwrap();
    let there = [
        span(vm(2), 10, Some(20), Standing::Up),
        span(vm(2), 30, Some(40), Standing::Down),
    ];
    assert_eq!(read(vm(2)).await, there);
    assert!(
        !store.state_knows(vm(9)).await.unwrap(),
        "nothing was known of it"
    );

    // It stood there for a while, and is here again.
    put(&store, &[span(vm(1), 30, Some(41), Standing::Down)], []).await;
    put(&store, &[span(vm(2), 50, Some(60), Standing::Up)], period(10, 60)).await;
    store.state_copy(&[(vm(2), vm(1))]).await.unwrap();
    let all = [
        here[0],
        span(vm(1), 30, Some(41), Standing::Down),
        span(vm(1), 50, Some(60), Standing::Up),
    ];
    assert_eq!(read(vm(1)).await, all);
}

#[tokio::test]
async fn many_are_read_at_once() {
    let store = fresh().await;
    let all: Vec<_> = (0..1200)
        .map(|n| span(vm(n), 10, Some(20), Standing::Up))
        .collect();
    put(&store, &all, []).await;
    let of: Vec<_> = (0..1300).map(vm).collect();
    assert_eq!(store.state_spans(&of, at(0), EVER).await.unwrap(), all);
}

#[tokio::test]
async fn what_a_killed_run_left_open_ends_where_it_is_known() {
    let store = fresh().await;
    let left = [
        span(vm(1), 10, None, Standing::Up),
        span(vm(2), 10, Some(20), Standing::Up),
        span(vm(3), 40, None, Standing::Down),
    ];
    put(&store, &left, period(10, 30)).await;
    put(&store, &[], period(10, 40)).await;
    let ended = span(vm(1), 10, Some(40), Standing::Up);
    assert_eq!(store.state_end_open().await.unwrap(), [ended]);
    let of = [vm(1), vm(2), vm(3)];
    let kept = store.state_spans(&of, at(0), EVER).await.unwrap();
    assert_eq!(
        kept,
        [ended, left[1]],
        "of what began after the last word nothing is known"
    );
    assert_eq!(store.state_end_open().await.unwrap(), []);
}

#[tokio::test]
async fn periods_come_as_they_began_to_be_recorded_and_never_become_shorter() {
    let store = fresh().await;
    for (began, known) in [(1000, 1010), (1000, 1040), (1000, 1020), (5, 6)] {
        put(&store, &[], period(began, known)).await;
    }
    let kept = store.state_periods().await.unwrap();
    assert_eq!(kept, [period(1000, 1040), period(5, 6)].concat());
    put(&store, &[span(vm(1), 5, None, Standing::Up)], []).await;
    let ended = store.state_end_open().await.unwrap();
    assert_eq!(ended[0].ended, Some(at(6)), "by the clock that was set back");
}

#[tokio::test]
async fn what_is_old_goes_in_steps_with_those_of_whom_nothing_is_left() {
    let store = fresh().await;
    let old: Vec<_> = (0..450)
        .map(|n| span(vm(n), 10, Some(20), Standing::Up))
        .collect();
    put(&store, &old, period(10, 20)).await;
    put(&store, &[span(vm(7), 20, None, Standing::Down)], period(50, 60)).await;
    let (mut after, mut steps) = (0, 0);
    while let Some(next) = store.state_prune_some(after, at(30)).await.unwrap() {
        (after, steps) = (next, steps + 1);
    }
    assert_eq!(steps, 3);
    store.state_prune_periods(at(100)).await.unwrap();
    assert_eq!(store.state_periods().await.unwrap(), period(50, 60));
    let of: Vec<_> = (0..450).map(vm).collect();
    let left = store.state_spans(&of, at(0), EVER).await.unwrap();
    assert_eq!(left, [span(vm(7), 20, None, Standing::Down)]);
    assert!(!store.state_knows(vm(8)).await.unwrap());
}

/// A year of a thousand VMs as it comes: each is started anew twice a month (two changes), and all of them have a gap twice a
/// month, when their host's connection or this server was started anew.
#[tokio::test]
async fn a_year_of_a_vm_takes_a_few_kilobytes() {
    const VMS: u128 = 1000;
    let store = fresh().await;
    let before = store.database_facts().await.unwrap();
    for half_month in 0..24u64 {
        let begin = 1_790_000_000_000 + half_month * 1_314_000_000;
        let mut spans = Vec::new();
        for n in 0..VMS {
            let boot = begin + 1000 + u64::try_from(n).unwrap() * 700_000;
            spans.extend([
                span(vm(n << 64 | n), begin, Some(boot), Standing::Up),
                span(vm(n << 64 | n), boot, Some(boot + 20_000), Standing::Down),
                span(
                    vm(n << 64 | n),
                    boot + 20_000,
                    Some(begin + 1_313_990_000),
                    Standing::Up,
                ),
            ]);
        }
        spans.sort_by_key(|span| span.began);
        for some in spans.chunks(500) {
            put(&store, some, period(begin, begin + 1_313_990_000)).await;
        }
    }
    let after = store.database_facts().await.unwrap();
    let bytes = (after.pages - before.pages) * after.page_bytes;
    let (rows, each) = (24 * 3, bytes / u64::try_from(VMS).unwrap());
    println!(
        "{rows} rows a year: {each} bytes for each VM, {} a row",
        each / rows
    );
    assert!((500..4096).contains(&each), "{each} bytes");
}
