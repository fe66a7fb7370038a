//! Large pools.
use crate::bed::Bed;
use std::time::{Duration, Instant};
use wxa_driver::conformance::{Bench, Broken};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_vms_are_read_at_once() -> Result<(), Broken> {
    let bed = Bed::start(|config| {
        config.hosts = 16;
        config.vms = 10_000;
    })
    .await?;
    let began = Instant::now();
    let bench = Bench::start(bed.driver(), Duration::from_secs(120)).await?;
    let took = began.elapsed();
    let view = bench.view();
    assert_eq!((view.vms.len(), view.members.len()), (10_016, 16));
    assert!(view.faults.is_empty(), "{:?}", view.faults);
    assert!(
        view.vms
            .values()
            .all(|vm| vm.nics.len() <= 1 && vm.disks.len() <= 2)
    );
    let measured = bench
        .wait("measurements", Duration::from_secs(60), |view| {
            view.member_samples.len() == 16
        })
        .await?;
    assert!(measured.ended.is_none(), "{:?}", measured.ended);
    // Unoptimised and beside other tests; what it takes in a server is measured there.
    assert!(took < Duration::from_secs(60), "{took:?}");
    Ok(())
}
