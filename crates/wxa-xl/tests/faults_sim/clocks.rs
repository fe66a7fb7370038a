//! Hosts that change their name or their clock while they are watched.
use super::{SOON, bed::Sim};
use wxa_driver::conformance::{Bench, Broken, HostShell, listing};
use wxa_sim::GuestSpec;

#[tokio::test]
async fn a_host_that_is_renamed_is_the_same_host() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let before = bench.vm("web-01")?;
    sim.run("hostname renamed").await?;
    bench
        .wait("the new name", SOON, |view| {
            view.facts
                .as_ref()
                .is_some_and(|facts| facts.hostname == "renamed")
        })
        .await?;
    assert_eq!(bench.vm("web-01")?.id, before.id);
    Ok(())
}

#[tokio::test]
async fn a_host_whose_clock_jumps_is_followed_on_and_tells_no_nonsense() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    let driver = sim.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let before = bench.vm("web-01")?;
    assert!(before.started_at.is_some());
    for jump in ["date -s @4000000000", "date -s @1000"] {
        let batches = bench.view().batches;
        sim.run(jump).await?;
        listing::sees_what_others_do(&bench, &sim, "web-01", 2).await?;
        bench
            .wait("more measurements", SOON, |view| view.batches > batches + 2)
            .await?;
        assert_eq!(bench.vm("web-01")?.started_at, before.started_at, "{jump}");
    }
    sim.run("date -s @4000000000").await?;
    drop(bench);
    // By the host's new clock the guest would have begun before the host.
    let again = Bench::start(driver, SOON).await?;
    assert_eq!(again.vm("web-01")?.started_at, None);
    Ok(())
}
