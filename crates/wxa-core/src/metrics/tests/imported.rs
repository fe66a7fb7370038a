//! A pool's own history: read once, and only where nothing of our own is.
use crate::{
    Ctx, MetricsAsk, MetricsOf, Parts,
    core::test_core::TestCore,
    inventory::HostRecord,
    metrics::import::Histories,
    test_driver::{HOST, SITE, Script, Watching, record, soon, until, vm, vm_id},
};
use std::sync::atomic::Ordering;
use uuid::Uuid;
use wxa_driver::{Archive, DriverEvent, History, Member};
use wxa_model::{HostFacts, HostId, HostKind, PowerState, SampleBatch, Site, UnixMillis, VmSample};

const ONE: HostId = HostId(Uuid::from_u128(0x51));
const HOUR: u64 = 3_600_000;

/// Means of a VM's CPU, each `step` ms before the one behind it.
fn history(newest: u64, step: u64, count: u64, cpu: f32) -> History {
    let batch = |back: u64| SampleBatch {
        at: UnixMillis(newest - back * step),
        vms: vec![(
            vm_id(1),
            VmSample {
                cpu: Some(cpu),
                ..VmSample::default()
            },
        )],
        ..SampleBatch::default()
    };
    History {
        batches: (0..count).rev().map(batch).collect(),
    }
}

/// A pool with a member, on which a VM runs.
async fn core_with_pool() -> (TestCore, Script, Watching) {
    let core = TestCore::start().await;
    let mut script = Script::new();
    let live = core.live();
    let site = Site {
        id: SITE,
        name: "Home".into(),
    };
    live.inventory.put_site(site).await;
    let pool = HostRecord {
        kind: HostKind::Pool,
        ..record(HOST)
    };
    live.hosts.attach(pool, script.driver.clone()).await;
    let watching = soon(script.watches.recv()).await.unwrap();
    let mut runs = vm(1, PowerState::Running);
    runs.host = ONE;
    let member = Member {
        id: ONE,
        name: "xcp-1".into(),
        address: "192.0.2.1".into(),
        live: true,
        facts: HostFacts::default(),
    };
    for event in [
        DriverEvent::ResyncBegin,
        DriverEvent::Facts(HostFacts::default()),
        DriverEvent::Member(member),
        DriverEvent::Listed(runs),
        DriverEvent::ResyncEnd,
    ] {
        watching.say(event).await;
    }
    until(&live.inventory, |now| {
        now.host(ONE).is_some_and(|(host, _)| host.link.is_up())
    })
    .await;
    (core, script, watching)
}

#[tokio::test]
async fn a_new_installation_is_not_empty_and_nothing_of_our_own_is_replaced() {
    let (core, script, _watching) = core_with_pool().await;
    let live = core.live();
    let now = core.now().0;
    // Our own, of the minute before.
    live.samples.push_through(HOST, ONE, {
        let mut own = history(now - 60_000, 1, 1, 9.0);
        own.batches.remove(0)
    });
    core.metrics_flush().await.unwrap();
    *script.driver.archives.lock().unwrap() = vec![
        (Archive::Minutes, history(now / 60_000 * 60_000, 60_000, 120, 1.0)),
        (Archive::Hours, history(now / HOUR * HOUR, HOUR, 168, 2.0)),
        (
            Archive::Days,
            history(now / (24 * HOUR) * 24 * HOUR, 24 * HOUR, 365, 3.0),
        ),
    ];
    let known = Histories::default();
    core.import_some(&known).await.unwrap();
    core.metrics_flush().await.unwrap();

    let points = |from: u64, points: u32| {
        let ask = MetricsAsk {
            of: MetricsOf::Vm(vm_id(1)),
            metrics: Vec::new(),
            parts: Parts::Without,
            from: Some(UnixMillis(from)),
            to: Some(UnixMillis(now)),
            points: Some(points),
        };
        let core = core.clone();
        async move {
            let range = core.metrics_get(&Ctx::command_line(), &ask).await.unwrap();
            let mut found: Vec<f32> = range
                .series
                .iter()
                .flat_map(|series| series.points.iter().flatten())
                .map(|stat| stat.avg)
                .collect();
            let count = found.len();
            found.sort_by(f32::total_cmp);
            found.dedup();
            (count, found)
        }
    };
    let (count, values) = points(now - 2 * HOUR, 600).await;
    assert!((118..=121).contains(&count), "{count}");
    assert_eq!(values, [1.0, 9.0], "our own minute is as we measured it");
    let (count, values) = points(now - 6 * 24 * HOUR, 4000).await;
    assert!(
        (143..=146).contains(&count) && values.ends_with(&[2.0]),
        "hours, where minutes reach back over less than half: {count} {values:?}"
    );
    let (count, values) = points(now - 300 * 24 * HOUR, 600).await;
    assert!(count >= 299, "{count}");
    assert!(
        values[0] > 1.0 && values[0] <= 2.0,
        "today is of minutes and hours: {values:?}"
    );
    assert!(values.ends_with(&[3.0]), "{values:?}");

    let asked = script.driver.archives_asked.load(Ordering::Relaxed);
    core.import_some(&known).await.unwrap();
    core.import_some(&Histories::default()).await.unwrap();
    assert_eq!(
        script.driver.archives_asked.load(Ordering::Relaxed),
        asked,
        "once is enough"
    );
    core.stop().await;
}

#[tokio::test]
async fn histories_wait_until_they_were_looked_for_and_those_given_up_do_not_wait() {
    let (core, script, _watching) = core_with_pool().await;
    let left = || {
        let left = core.histories_left();
        (left.waiting, left.room, left.dropped)
    };
    let known = &core.inner.metrics.histories;
    assert_eq!(left(), (1, 1, 0), "not looked for yet");
    script.driver.archives_fail.store(true, Ordering::Relaxed);
    core.import_some(known).await.unwrap();
    assert_eq!(left(), (1, 1, 0), "it is tried again");
    for _ in 0..3 {
        core.import_some(known).await.unwrap();
    }
    assert_eq!(left(), (0, 1, 1));
    let asked = script.driver.archives_asked.load(Ordering::Relaxed);
    core.import_some(known).await.unwrap();
    assert_eq!(script.driver.archives_asked.load(Ordering::Relaxed), asked);
    core.stop().await;

    let (core, _script, _watching) = core_with_pool().await;
    let known = &core.inner.metrics.histories;
    core.import_some(known).await.unwrap();
    let left = core.histories_left();
    assert_eq!((left.waiting, left.room, left.dropped), (0, 1, 0));
    core.stop().await;
}
