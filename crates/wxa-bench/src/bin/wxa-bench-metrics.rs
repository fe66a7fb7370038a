//! How fast measurements go in, are rolled up and come out again: one line of JSON. A program of its own, so that what it takes in
//! memory is what measurements take; `cargo xtask bench --only metrics` runs it.
//!
//! `cargo run --release -p wxa-bench --bin wxa-bench-metrics -- [VMS] [HOSTS]`
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program for people who measure: it stops at the first failure"
)]
use std::time::Instant;
use uuid::Uuid;
use wxa_core::metrics::bench::MetricsBench;
use wxa_model::{Bytes, HostId, HostSample, Metric, SampleBatch, UnixMillis, VmId, VmSample};
use wxa_store::{SeriesKey, Stat};

const HOUR_MS: u64 = 3_600_000;
/// A whole hour of 2026.
const BEGIN: u64 = 497_000 * HOUR_MS;
const YEAR_HOURS: u64 = 365 * 24;
const TICK_MS: u64 = 5000;

fn host(n: usize) -> HostId {
    HostId(Uuid::from_u128(n as u128))
}

fn batch(at: u64, of: usize, vms: usize) -> SampleBatch {
    // Some noise that costs nothing to make.
    let noise = |n: usize| ((at / TICK_MS) as usize * 31 + n * 17) as f32 % 97.0;
    let sample = |n: usize| VmSample {
        cpu: Some(noise(n) / 97.0),
        memory: Some(Bytes::mib(2048)),
        disk_read: Some(noise(n + 1) * 1e4),
        disk_write: Some(noise(n + 2) * 1e4),
        disk_read_ops: Some(noise(n + 3)),
        disk_write_ops: Some(noise(n + 4)),
        net_rx: Some(noise(n + 5) * 1e4),
        net_tx: Some(noise(n + 6) * 1e4),
        ..VmSample::default()
    };
    let id = |n: usize| VmId(Uuid::from_u128((of * 100_000 + n) as u128 | 1 << 100));
    SampleBatch {
        at: UnixMillis(at),
        host: HostSample {
            cpu: Some(noise(of)),
            memory_used: Some(Bytes::mib(65_536)),
            ..HostSample::default()
        },
        vms: (0..vms).map(|n| (id(n), sample(n))).collect(),
        parts: Vec::new(),
    }
}

/// Bytes of memory that the process holds.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or_default() * 1024
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut given = std::env::args().skip(1).filter_map(|word| word.parse().ok());
    let vms: usize = given.next().unwrap_or(10_000);
    let hosts: usize = given.next().unwrap_or(64);
    let each = vms.div_ceil(hosts);
    let folder = tempfile::tempdir().expect("a folder");
    let bench = MetricsBench::open(&folder.path().join("metrics.db"))
        .await
        .expect("a file");

    let (mut ingesting, mut samples, mut longest_minute) = (0.0, 0u64, 0.0f64);
    let mut rolling = 0.0;
    for tick in 1..=HOUR_MS / TICK_MS {
        let at = BEGIN + tick * TICK_MS;
        for n in 0..hosts {
            let batch = batch(at, n, each);
            samples += batch.vms.len() as u64 + 1;
            let begun = Instant::now();
            bench.ingest(host(n), batch);
            ingesting += begun.elapsed().as_secs_f64();
        }
        let begun = Instant::now();
        if bench.roll_up(UnixMillis(at)).await.expect("room") > 0 {
            longest_minute = longest_minute.max(begun.elapsed().as_secs_f64());
            rolling += begun.elapsed().as_secs_f64();
        }
    }
    let resident = resident();
    let begun = Instant::now();
    bench
        .roll_up(UnixMillis(BEGIN + HOUR_MS + 120_000))
        .await
        .expect("room");
    let packing = begun.elapsed().as_secs_f64();
    let file = bench.store().facts().await.expect("the file answers");

    let metrics = [
        Metric::Cpu,
        Metric::MemoryUsed,
        Metric::DiskRead,
        Metric::DiskWrite,
        Metric::NetRx,
        Metric::NetTx,
    ];
    let first = BEGIN / HOUR_MS - YEAR_HOURS;
    for n in 0..hosts {
        let hours = (first..first + YEAR_HOURS)
            .flat_map(|hour| metrics.map(|metric| (hour, metric, Stat::one((hour % 89) as f32))))
            .collect();
        bench
            .store()
            .fill_hours(&[(SeriesKey::Host(host(n)), hours)])
            .await
            .expect("room");
    }
    let ids: Vec<HostId> = (0..hosts).map(host).collect();
    let (from, to) = (UnixMillis(first * HOUR_MS), UnixMillis(BEGIN));
    let begun = Instant::now();
    let one = bench
        .hours_of(&ids[..1], from, to)
        .await
        .expect("the file answers");
    let of_one = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let all = bench.hours_of(&ids, from, to).await.expect("the file answers");
    let of_all = begun.elapsed().as_secs_f64();
    println!(
        "{{\"vms\":{vms},\"hosts\":{hosts},\"samples\":{samples},\"ingest_per_s\":{:.0},\"rolled_up_per_s\":{:.0},\
         \"minute_ms\":{:.2},\"longest_minute_ms\":{:.2},\"hour_ms\":{:.1},\"file_bytes\":{},\"resident_bytes\":{resident},\
         \"year_of_host_ms\":{:.2},\"year_of_host_values\":{one},\"year_of_site_ms\":{:.1},\"year_of_site_values\":{all}}}",
        samples as f64 / ingesting,
        samples as f64 / rolling,
        rolling / 60.0 * 1e3,
        longest_minute * 1e3,
        packing * 1e3,
        file.bytes,
        of_one * 1e3,
        of_all * 1e3,
    );
}
