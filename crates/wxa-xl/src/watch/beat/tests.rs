//! The host's own rates.
use super::*;

fn disk(reads: u64, sectors_read: u64, read_ms: u64) -> DiskCounters {
    DiskCounters {
        reads,
        sectors_read,
        read_ms,
        writes: 0,
        sectors_written: 0,
        write_ms: 0,
    }
}

fn reading(at: Instant, rx: [u64; 2], sda: DiskCounters) -> Reading {
    let [first, second] = rx;
    Reading {
        devices: None,
        counters: Some((
            Counters {
                load: Some(0.5),
                nics: vec![("eth0".into(), first, 0), ("eth1".into(), second, 0)],
                disks: vec![("sda".into(), sda)],
            },
            at,
        )),
        vcpus: None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_is_the_sum_of_its_own_devices() {
    let world = World::default();
    let (mut beat, start) = (Beat::default(), Instant::now());
    let mut batch = SampleBatch::default();
    beat.take(reading(start, [100, 1000], disk(10, 100, 50)), &world);
    beat.complete(&mut batch);
    assert_eq!(
        (batch.host.load, batch.host.net_rx, batch.parts.len()),
        (Some(0.5), None, 0)
    );

    tokio::time::advance(EVERY).await;
    beat.take(reading(Instant::now(), [600, 2000], disk(20, 200, 90)), &world);
    beat.complete(&mut batch);
    assert_eq!((batch.host.net_rx, batch.host.net_tx), (Some(300.0), Some(0.0)));
    assert_eq!(batch.host.disk_read, Some(20.0 * 512.0));
    let sda = batch
        .parts
        .iter()
        .find(|part| part.part == Part::Disk("sda".into()))
        .unwrap();
    assert!(sda.vm.is_none() && sda.values.contains(&(Metric::DiskLatency, 0.004)));
    assert_eq!(batch.parts.len(), 3);

    let mut next = SampleBatch::default();
    beat.complete(&mut next);
    assert_eq!(next.host.net_rx, Some(300.0), "it holds until the next reading");
    assert!(next.parts.is_empty(), "parts are told once");
    tokio::time::advance(HOLDS * 2).await;
    let mut late = SampleBatch::default();
    beat.complete(&mut late);
    assert_eq!(
        (late.host.net_rx, late.host.load),
        (None, None),
        "but not for ever"
    );
}

#[tokio::test(start_paused = true)]
async fn a_counter_that_begins_again_leaves_the_sum_unknown_and_no_request_has_no_latency() {
    let world = World::default();
    let mut beat = Beat::default();
    beat.take(reading(Instant::now(), [100, 1000], disk(10, 100, 50)), &world);
    tokio::time::advance(EVERY).await;
    beat.take(reading(Instant::now(), [5, 2000], disk(10, 100, 50)), &world);
    let mut batch = SampleBatch::default();
    beat.complete(&mut batch);
    assert_eq!((batch.host.net_rx, batch.host.disk_read), (None, Some(0.0)));
    let sda = batch
        .parts
        .iter()
        .find(|part| part.part == Part::Disk("sda".into()))
        .unwrap();
    assert!(
        !sda.values
            .iter()
            .any(|(metric, _)| *metric == Metric::DiskLatency)
    );
}

#[test]
fn large_hosts_are_not_asked_for_virtual_cpus_and_devices_are_looked_for_now_and_then() {
    let mut beat = Beat::default();
    let wanted: Vec<_> = (0..24).map(|_| beat.next(LARGE)).collect();
    assert_eq!(wanted.iter().filter(|wanted| wanted.vcpus).count(), 12);
    assert!(!Beat::default().next(LARGE + 1).vcpus);
    beat.devices = Some(Devices::default());
    let looks = (0..24).filter(|_| {
        let looks = beat.next(1).devices.is_none();
        beat.devices = Some(Devices::default());
        looks
    });
    assert_eq!(looks.count(), 2);
}
