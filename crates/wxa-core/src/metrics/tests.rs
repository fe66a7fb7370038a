//! Measurements reach whoever may see them; a slow reader harms nobody.
mod imported;
mod moved;
mod over_time;

use super::{SamplesFeed, feed::cut_to, *};
use crate::{
    inventory::{Inventory, Published},
    supervisor::Supervisor,
    test_driver::{Bench, HOST, batch, soon, until, vm, vm_id},
};
use wxa_model::{Grant, HostSample, Metric, Part, PartSample, PowerState, Role, Scope};

fn grant(scope: Scope) -> [Grant; 1] {
    [Grant {
        role: Role::Viewer,
        scope,
    }]
}

#[test]
fn a_ring_holds_the_last_minute_and_forgets_who_stopped() {
    let samples = Samples::new();
    for second in 0..200u64 {
        let vms = if second < 100 {
            vec![vm_id(1), vm_id(2)]
        } else {
            vec![vm_id(2)]
        };
        samples.push(HOST, batch(HOST, second * 1000, &vms).batch);
    }
    assert_eq!(samples.recent(HOST, vm_id(1)), []);
    let recent = samples.recent(HOST, vm_id(2));
    assert_eq!((recent[0].0, recent.len()), (UnixMillis(139_000), 61));
    samples.forget(HOST, UnixMillis(200_000));
    assert_eq!(samples.recent(HOST, vm_id(2)), []);
}

#[test]
fn a_host_that_measures_in_a_hurry_does_not_fill_the_memory() {
    let samples = Samples::new();
    for at in 0..10_000 {
        samples.push(HOST, batch(HOST, at, &[vm_id(1)]).batch);
    }
    assert_eq!(samples.recent(HOST, vm_id(1)).len(), 64);
}

#[test]
fn the_rings_of_ten_thousand_vms_fit_and_hold_minutes() {
    let samples = Samples::new();
    let full = VmSample {
        cpu: Some(0.5),
        memory: Some(wxa_model::Bytes::mib(512)),
        disk_read: Some(1.0),
        disk_write: Some(1.0),
        disk_read_ops: Some(1.0),
        disk_write_ops: Some(1.0),
        net_rx: Some(1.0),
        net_tx: Some(1.0),
        ..VmSample::default()
    };
    let host = |n: u128| HostId(uuid::Uuid::from_u128(n));
    for tick in 0..80u64 {
        for n in 0..64u128 {
            let vms = (0..157).map(|vm| (vm_id(n * 1000 + vm), full)).collect();
            let batch = SampleBatch {
                at: UnixMillis((tick + 1) * 5000),
                vms,
                ..SampleBatch::default()
            };
            samples.push(host(n), batch);
        }
    }
    let hosts = samples.hosts();
    let bytes: usize = hosts.values().map(|host| host.rings.bytes()).sum();
    let ticks = hosts[&host(63)].rings.of_vm(vm_id(63_000)).len();
    drop(hosts);
    println!("rings of 10,048 VMs with 8 metrics: {bytes} bytes, {ticks} ticks");
    assert!(bytes < 7_500_000 && ticks >= 40, "{bytes} bytes, {ticks} ticks");
}

fn cut(full: &Arc<HostBatch>, now: &Published, grants: &[Grant]) -> Option<Arc<HostBatch>> {
    cut_to(full, now, grants, &|_| true)
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_cut_down_to_what_the_caller_may_see() {
    let mut bench = Bench::start().await;
    let mut prod = vm(1, PowerState::Running);
    prod.tags = vec!["prod".into()];
    bench.script.listed(vec![prod, vm(2, PowerState::Running)]).await;
    let now = until(&bench.live.inventory, |now| now.vm(vm_id(2)).is_some()).await;

    let mut full = batch(HOST, 1, &[vm_id(1), vm_id(2)]);
    full.batch.host = HostSample {
        cpu: Some(1.0),
        memory_used: None,
        ..HostSample::default()
    };
    let part = |vm, part| PartSample {
        vm,
        part,
        values: vec![(Metric::Cpu, 0.5)],
    };
    full.batch.parts = vec![
        part(None, Part::Cpu(0)),
        part(Some(vm_id(1)), Part::Cpu(1)),
        part(Some(vm_id(2)), Part::Cpu(2)),
    ];
    let full = Arc::new(full);
    let seen = cut(&full, &now, &grant(Scope::Everything)).unwrap();
    assert!(
        Arc::ptr_eq(&seen, &full),
        "nothing is copied for those who see all"
    );
    let seen = cut(&full, &now, &grant(Scope::Tag("prod".into()))).unwrap();
    assert_eq!(
        seen.batch.vms.iter().map(|(vm, _)| *vm).collect::<Vec<_>>(),
        [vm_id(1)]
    );
    assert_eq!(
        seen.batch.parts,
        [part(None, Part::Cpu(0)), part(Some(vm_id(1)), Part::Cpu(1))],
        "who sees a VM sees its host, but not the parts of other VMs"
    );
    let seen = cut_to(&full, &now, &grant(Scope::Everything), &|vm| vm == vm_id(2)).unwrap();
    assert_eq!(
        (seen.batch.vms.len(), &seen.batch.parts),
        (
            1,
            &vec![part(None, Part::Cpu(0)), part(Some(vm_id(2)), Part::Cpu(2))]
        ),
        "only what is wanted"
    );
    assert!(cut(&full, &now, &grant(Scope::Tag("lab".into()))).is_none());
    assert!(cut(&full, &now, &[]).is_none());
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_feed_misses_batches_which_is_counted() {
    let mut bench = Bench::start().await;
    bench.script.listed(vec![]).await;
    until(&bench.live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link.is_up())
    })
    .await;
    let samples = bench.live.samples.clone();
    let inventory: Inventory = bench.live.inventory.clone();
    let mut feed = SamplesFeed::new(samples.clone(), inventory, grant(Scope::Everything).into());
    for at in 0..(BEHIND as u64 + 10) {
        samples.push(HOST, batch(HOST, at, &[]).batch);
    }
    assert_eq!(soon(feed.next()).await.unwrap().batch.at, UnixMillis(10));
    assert_eq!((feed.missed(), samples.dropped()), (10, 10));
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_row_of_a_vm_that_is_not_listed_on_that_host_is_left_out() {
    let supervisor = Supervisor::new();
    let inventory = Inventory::start(7, &supervisor);
    let mut stray = batch(HOST, 1, &[vm_id(9)]);
    stray.batch.parts.push(PartSample {
        vm: Some(vm_id(9)),
        part: Part::Cpu(0),
        values: vec![(Metric::Cpu, 0.5)],
    });
    let stray = Arc::new(stray);
    assert!(cut(&stray, &inventory.now(), &grant(Scope::Everything)).is_none());
    supervisor.stop(crate::test_driver::SOON).await;
}
