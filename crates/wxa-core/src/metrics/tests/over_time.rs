//! Ranges of measurements through core's front door: resolutions, restarts, gaps, sums and who may see them.
use crate::{
    Ctx, Error, MetricsAsk, MetricsFrom, MetricsOf, MetricsRange, Parts,
    core::test_core::{TestCore, stranger},
    test_driver::{HOST, SITE, Script, Watching, record, soon, until, vm, vm_id},
};
use std::time::Duration;
use wxa_driver::DriverEvent;
use wxa_model::{
    Grant, HostId, HostSample, Metric, Part, PartSample, PowerState, Role, SampleBatch, Scope, Site,
    UnixMillis, VmSample,
};
use wxa_store::Quantity;

const HOUR: u64 = 3_600_000;

async fn core() -> (TestCore, Script, Watching) {
    let core = TestCore::start().await;
    let (script, watching) = attach(&core).await;
    (core, script, watching)
}

async fn attach(core: &TestCore) -> (Script, Watching) {
    let mut script = Script::new();
    let live = core.live();
    let site = Site {
        id: SITE,
        name: "Home".into(),
    };
    live.inventory.put_site(site).await;
    live.hosts.attach(record(HOST), script.driver.clone()).await;
    let watching = soon(script.watches.recv()).await.unwrap();
    watching.list(vec![vm(1, PowerState::Running)]).await;
    until(&live.inventory, |now| now.vm(vm_id(1)).is_some()).await;
    (script, watching)
}

fn batch(at: UnixMillis, cpu: f32) -> SampleBatch {
    let store = Part::Storage("local".into());
    let parts = vec![
        PartSample {
            vm: None,
            part: store,
            values: vec![(Metric::DiskWrite, 7.0)],
        },
        PartSample {
            vm: Some(vm_id(1)),
            part: Part::Cpu(0),
            values: vec![(Metric::Cpu, cpu)],
        },
    ];
    SampleBatch {
        at,
        host: HostSample {
            cpu: Some(cpu * 2.0),
            ..HostSample::default()
        },
        vms: vec![(
            vm_id(1),
            VmSample {
                cpu: Some(cpu),
                ..VmSample::default()
            },
        )],
        parts,
    }
}

/// Measures every 5 s for so many seconds: the CPU is `cpu` of the second since the beginning. It is written now and then.
async fn measure(core: &TestCore, seconds: u64, cpu: impl Fn(u64) -> f32) {
    for second in (0..seconds).step_by(5) {
        core.clock.advance(Duration::from_secs(5));
        core.live().samples.push(HOST, batch(core.now(), cpu(second)));
        if second % 400 == 0 {
            core.metrics_flush().await.unwrap();
        }
    }
}

fn ask(of: MetricsOf) -> MetricsAsk {
    MetricsAsk {
        of,
        metrics: Vec::new(),
        parts: Parts::Without,
        from: None,
        to: None,
        points: None,
    }
}

async fn get(core: &TestCore, ask: &MetricsAsk) -> MetricsRange {
    core.metrics_get(&Ctx::command_line(), ask).await.unwrap()
}

/// Known points, and smallest and largest of all.
fn told(range: &MetricsRange) -> (usize, f32, f32) {
    let known: Vec<_> = range
        .series
        .iter()
        .flat_map(|series| series.points.iter().flatten())
        .collect();
    let smallest = known.iter().map(|stat| stat.min).fold(f32::MAX, f32::min);
    (
        known.len(),
        smallest,
        known.iter().map(|stat| stat.max).fold(0.0, f32::max),
    )
}

#[tokio::test]
async fn a_quarter_of_an_hour_is_as_it_was_measured_and_a_day_is_of_minutes() {
    let (core, _script, _watching) = core().await;
    measure(&core, 1200, |second| second as f32).await;
    let now = core.now();
    let mut ask = ask(MetricsOf::Vm(vm_id(1)));
    ask.from = Some(UnixMillis(now.0 - 900_000));
    let raw = get(&core, &ask).await;
    assert_eq!((raw.from, raw.grid.step), (MetricsFrom::Raw, 5000));
    assert!(told(&raw).0 >= 180, "{:?}", told(&raw));

    ask.parts = Parts::With;
    let parts: Vec<_> = get(&core, &ask)
        .await
        .series
        .into_iter()
        .map(|series| series.part)
        .collect();
    assert_eq!(parts, [None, Some(Part::Cpu(0))]);
    // Of an hour the parts are known for as long as they are kept.
    ask.from = Some(UnixMillis(now.0 - 4 * HOUR));
    let hours = get(&core, &ask).await;
    assert_eq!(hours.from, MetricsFrom::Minutes);
    let cpu = hours.series.iter().find(|series| series.part.is_some()).unwrap();
    let known = cpu.points.iter().flatten().count();
    assert!((15..=21).contains(&known), "{known} of {:?}", hours.grid);

    ask.parts = Parts::Without;

    // Minutes, some written and some under way.
    ask.from = Some(UnixMillis(now.0 - 24 * HOUR));
    ask.points = Some(2000);
    let before = get(&core, &ask).await;
    core.metrics_flush().await.unwrap();
    let after = get(&core, &ask).await;
    assert_eq!((after.from, after.grid.step), (MetricsFrom::Minutes, 60_000));
    assert_eq!(told(&before).0, told(&after).0);
    let (known, smallest, largest) = told(&after);
    assert!((20..=21).contains(&known), "{known}");
    assert!(
        smallest.abs() < 1.0 && (largest - 1195.0).abs() < 1.0,
        "{smallest} {largest}"
    );
    core.stop().await;
}

#[tokio::test]
async fn a_killed_server_leaves_a_gap_and_nothing_twice() {
    let (core, script, watching) = core().await;
    measure(&core, 3 * 3600, |_| 1.0).await;
    core.metrics_flush().await.unwrap();
    core.clock.advance(Duration::from_secs(1800));
    drop((script, watching));
    let core = core.restarted().await;
    let (_script, _watching) = attach(&core).await;
    measure(&core, 600, |_| 3.0).await;

    let mut ask = ask(MetricsOf::Vm(vm_id(1)));
    ask.from = Some(UnixMillis(core.now().0 - 4 * HOUR));
    let range = get(&core, &ask).await;
    assert_eq!(range.from, MetricsFrom::Minutes);
    let (known, smallest, largest) = told(&range);
    assert!((190..=192).contains(&known), "{known} of {:?}", range.grid);
    assert_eq!((smallest, largest), (1.0, 3.0));
    let counts = range
        .series
        .iter()
        .flat_map(|series| series.points.iter().flatten());
    assert_eq!(counts.map(|stat| stat.count).sum::<u32>(), (3 * 3600 + 600) / 5);

    ask.from = Some(UnixMillis(core.now().0 - 400 * 24 * HOUR));
    let range = get(&core, &ask).await;
    assert_eq!((range.from, range.grid.step), (MetricsFrom::Hours, 86_400_000));
    let mean = (3.0 * 3600.0 + 600.0 * 3.0) / (3.0 * 3600.0 + 600.0);
    let point = range.series[0]
        .points
        .iter()
        .flatten()
        .copied()
        .reduce(wxa_store::Stat::and)
        .unwrap();
    assert!((point.avg - mean).abs() < 1e-3, "{point:?}");

    let used = core
        .usage_get(&Ctx::command_line(), vm_id(1), None, None)
        .await
        .unwrap();
    let sum = |of: fn(&crate::DayUsed) -> f64| used.iter().map(of).sum::<f64>();
    let cpu = |day: &crate::DayUsed| day.amounts[&Quantity::Cpu].0;
    assert!(
        (sum(cpu) - (3.0 * 3600.0 - 5.0 + 595.0 * 3.0)).abs() < 1e-3,
        "{used:?}"
    );
    assert_eq!(sum(|day| day.unknown_ms as f64), 1_805_000.0);
    core.stop().await;
}

#[tokio::test]
async fn a_host_has_its_own_series_and_its_stores_over_time_and_a_site_is_the_sum() {
    let (core, _script, _watching) = core().await;
    let live = core.live();
    let other = HostId(uuid::Uuid::from_u128(77));
    let script = Script::new();
    let second = crate::inventory::HostRecord {
        id: other,
        name: "xen-2".into(),
        ..record(HOST)
    };
    live.hosts.attach(second, script.driver.clone()).await;
    until(&live.inventory, |now| now.host(other).is_some()).await;
    measure(&core, 7200, |_| 1.0).await;
    let mut host = ask(MetricsOf::Host(HOST));
    host.parts = Parts::With;
    host.from = Some(UnixMillis(core.now().0 - 2 * HOUR));
    let range = get(&core, &host).await;
    let series: Vec<_> = range
        .series
        .iter()
        .map(|series| (series.metric, series.part.clone()))
        .collect();
    assert_eq!(
        series,
        [
            (Metric::Cpu, None),
            (Metric::DiskWrite, Some(Part::Storage("local".into())))
        ]
    );
    let mut site = ask(MetricsOf::Site(SITE));
    site.from = host.from;
    let range = get(&core, &site).await;
    let (members, known) = range.sum.clone().unwrap();
    assert_eq!(
        (members, known.iter().max()),
        (2, Some(&1)),
        "the other host is not known"
    );
    assert_eq!(told(&range).2, 2.0);
    core.stop().await;
}

#[tokio::test]
async fn who_may_not_see_it_finds_nothing_and_who_sees_a_part_is_not_told_the_whole() {
    let (core, _script, _watching) = core().await;
    let viewer = |scope| Ctx {
        grants: [Grant {
            role: Role::Viewer,
            scope,
        }]
        .into(),
        ..stranger()
    };
    let of_vm = ask(MetricsOf::Vm(vm_id(1)));
    let of_site = ask(MetricsOf::Site(SITE));
    for ask in [&of_vm, &of_site, &ask(MetricsOf::Host(HOST))] {
        let found = core.metrics_get(&stranger(), ask).await;
        assert!(matches!(found, Err(Error::NotFound)), "{ask:?} {found:?}");
    }
    let on_host = viewer(Scope::Host(HOST));
    assert!(core.metrics_get(&on_host, &of_vm).await.is_ok());
    let found = core.metrics_get(&on_host, &of_site).await;
    assert!(matches!(found, Err(Error::Forbidden)), "{found:?}");
    // A VM that is gone is there for those who see everything.
    let gone = ask(MetricsOf::Vm(vm_id(99)));
    assert!(core.metrics_get(&viewer(Scope::Everything), &gone).await.is_ok());
    assert!(matches!(
        core.metrics_get(&on_host, &gone).await,
        Err(Error::NotFound)
    ));
    let used = core.usage_get(&stranger(), vm_id(1), None, None).await;
    assert!(matches!(used, Err(Error::NotFound)));
    core.stop().await;
}

#[tokio::test]
async fn the_space_of_a_vm_is_counted_whether_it_runs_or_not_and_unknown_is_not_zero() {
    let (core, _script, watching) = core().await;
    let disk = |size| wxa_model::Disk {
        device: "xvda".into(),
        target: "/dev/vg0/a".into(),
        format: "raw".into(),
        writable: true,
        size,
    };
    let mut halted = vm(2, PowerState::Halted);
    halted.disks = vec![disk(Some(wxa_model::Bytes(8 << 30)))];
    let mut unknown = vm(3, PowerState::Halted);
    unknown.disks = vec![disk(Some(wxa_model::Bytes(8 << 30))), disk(None)];
    for vm in [halted, unknown] {
        watching.say(DriverEvent::Changed(vm)).await;
    }
    until(&core.live().inventory, |now| now.vm(vm_id(3)).is_some()).await;
    for _ in 0..=10 {
        core.metrics_flush().await.unwrap();
        core.clock.advance(Duration::from_secs(60));
    }
    let storage = async |n| {
        let ctx = Ctx::command_line();
        let days = core.usage_get(&ctx, vm_id(n), None, None).await.unwrap();
        days.iter()
            .filter_map(|day| day.amounts.get(&Quantity::Storage).copied())
            .fold((0.0, 0), |(units, known), (more, ms)| (units + more, known + ms))
    };
    assert_eq!(
        storage(2).await,
        (600.0 * f64::from(8 << 10) * 1_048_576.0, 600_000)
    );
    assert_eq!(storage(3).await, (0.0, 0));
    core.stop().await;
}

#[tokio::test]
async fn a_vm_of_a_pool_that_is_halted_after_a_restart_may_have_run_until_the_pool_was_heard() {
    let member = HostId(uuid::Uuid::from_u128(0x51));
    // On a member, or tied to none of them.
    let attach = async |core: &TestCore, power, on: HostId| {
        let mut script = Script::new();
        let live = core.live();
        let site = Site {
            id: SITE,
            name: "Home".into(),
        };
        live.inventory.put_site(site).await;
        let pool = crate::inventory::HostRecord {
            kind: wxa_model::HostKind::Pool,
            ..record(HOST)
        };
        live.hosts.attach(pool, script.driver.clone()).await;
        let watching = soon(script.watches.recv()).await.unwrap();
        let one = wxa_driver::Member {
            id: member,
            name: "xcp-1".into(),
            address: "192.0.2.1".into(),
            live: true,
            facts: wxa_model::HostFacts::default(),
        };
        watching.say(DriverEvent::ResyncBegin).await;
        watching.say(DriverEvent::Member(one)).await;
        let mut listed = vm(1, power);
        listed.host = on;
        watching.say(DriverEvent::Listed(listed)).await;
        (script, watching)
    };
    let core = TestCore::start().await;
    let (_script, watching) = attach(&core, PowerState::Running, member).await;
    watching.say(DriverEvent::ResyncEnd).await;
    until(&core.live().inventory, |now| now.vm(vm_id(1)).is_some()).await;
    for _ in 0..20 {
        core.clock.advance(Duration::from_secs(5));
        let batch = batch(core.now(), 1.0);
        core.live().samples.push_through(HOST, member, batch);
    }
    core.metrics_flush().await.unwrap();
    drop(watching);
    let core = core.restarted().await;
    let unknown = async || {
        core.metrics_flush().await.unwrap();
        let ctx = Ctx::command_line();
        let days = core.usage_get(&ctx, vm_id(1), None, None).await.unwrap();
        days.iter().map(|day| day.unknown_ms).sum::<u64>()
    };
    let (_script, watching) = attach(&core, PowerState::Halted, HOST).await;
    until(&core.live().inventory, |now| now.vm(vm_id(1)).is_some()).await;
    core.clock.advance(Duration::from_secs(600));
    assert_eq!(unknown().await, 0, "the pool has not told everything yet");
    watching.say(DriverEvent::ResyncEnd).await;
    until(&core.live().inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link.is_up())
    })
    .await;
    assert_eq!(unknown().await, 600_000);
    core.clock.advance(Duration::from_secs(600));
    assert_eq!(unknown().await, 600_000, "told once");
    core.stop().await;
}
