//! A thousand domains on one host.
use super::{SOON, bed::Sim, memory};
use std::time::{Duration, Instant};
use wxa_driver::conformance::{Bench, Broken, listing};
use wxa_model::PowerState;
use wxa_sim::GuestSpec;

const DOMAINS: usize = 1000;

#[tokio::test]
async fn a_thousand_domains_are_listed_and_stay_live_within_seconds() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.total_memory_mib = 1 << 20;
        for number in 0..DOMAINS {
            let mut guest = GuestSpec::new(format!("vm-{number:04}"));
            guest.memory_mib = 256;
            config.guests.push(guest);
        }
    })
    .await?;
    let before = memory::resident();
    let began = Instant::now();
    let bench = Bench::start(sim.driver(), Duration::from_secs(60)).await?;
    let listed = began.elapsed();
    let view = bench.view();
    assert_eq!(view.vms.len(), DOMAINS + 1);
    assert!(view.vms.values().all(|vm| vm.power == PowerState::Running));
    assert!(
        view.vms
            .values()
            .all(|vm| vm.guest_type.is_some() && vm.started_at.is_some()),
        "with all their details"
    );
    let took = listing::sees_what_others_do(&bench, &sim, "vm-0777", 4).await?;
    println!("{DOMAINS} domains: listed after {listed:?}; xl pause ended -> event: {took:?}");
    assert!(
        listed < Duration::from_secs(20),
        "{listed:?} even unoptimised and with the host in the same process"
    );
    assert!(took.iter().all(|took| *took < Duration::from_secs(5)), "{took:?}");
    let view = bench
        .wait("measurements of all", SOON, |view| {
            let batch = view.samples.as_ref();
            batch.is_some_and(|batch| {
                batch
                    .vms
                    .iter()
                    .filter(|(_, sample)| sample.cpu.is_some())
                    .count()
                    > DOMAINS
            })
        })
        .await?;
    assert!(
        view.longest_silence < Duration::from_secs(8),
        "{:?}",
        view.longest_silence
    );
    assert!(view.faults.is_empty(), "{:?}", view.faults);
    let samples = view.samples.unwrap_or_default();
    assert!(
        samples.parts.iter().all(|part| part.vm.is_none()),
        "the devices of so many are not measured one by one"
    );
    assert!(samples.host.load.is_some());
    // The driver's part, the test's own copy and what the simulated host builds to answer.
    memory::assert_grown_less(before, 160 << 20);
    drop(bench);
    assert!(sim.driver().probe().await.is_ok());
    Ok(())
}
