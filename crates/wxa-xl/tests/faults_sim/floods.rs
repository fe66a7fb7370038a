//! Guests that write as fast as they can.
use super::{
    SOON,
    bed::{Sim, guest},
    memory,
};
use std::time::{Duration, Instant};
use wxa_driver::conformance::{Bench, Broken, HostShell, consoles, listing};
use wxa_model::{ConsoleKind, PowerState, VmId};
use wxa_sim::{GuestSpec, sentinels};

/// What an administrator does on the host is seen within this, whatever guests do.
const BOUND: Duration = Duration::from_secs(4);

/// Starts and stops `shop` on the host by hand for so long; returns how long each took to be seen.
async fn goes_on(sim: &Sim, bench: &Bench, shop: VmId, time: Duration) -> Result<Vec<Duration>, Broken> {
    let until = Instant::now() + time;
    let mut took = Vec::new();
    while Instant::now() < until {
        for (command, power) in [
            ("xl create /etc/xen/shop.cfg", PowerState::Running),
            ("xl destroy shop", PowerState::Halted),
        ] {
            sim.run(command).await?;
            let done = Instant::now();
            bench
                .wait(&format!("shop {power:?}"), SOON, |view| {
                    view.vms.get(&shop).is_some_and(|vm| vm.power == power)
                })
                .await?;
            took.push(done.elapsed());
        }
    }
    Ok(took)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_floods_xenstore_neither_hides_the_host_nor_delays_the_others() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new(sentinels::FLOODS_STORE));
        config.guests.push(GuestSpec::new("shop").halted());
        config.guests.push(GuestSpec::new("web-01"));
    })
    .await?;
    let before = memory::resident();
    // It floods already while the first look is under way.
    let bench = Bench::start(sim.driver(), SOON).await?;
    let shop = bench.vm("shop")?.id;
    let took = goes_on(&sim, &bench, shop, Duration::from_secs(10)).await?;
    let paused = listing::sees_what_others_do(&bench, &sim, "web-01", 2).await?;
    println!("under a flood of xenstore: start and stop {took:?}, pause {paused:?}");
    assert!(
        took.iter().chain(&paused).all(|took| *took < BOUND),
        "{took:?} {paused:?}"
    );
    sim.run("xl rename web-01 renamed").await?;
    bench
        .wait("the new name", Duration::from_secs(12), |view| {
            view.named("renamed").is_some()
        })
        .await?;
    let view = bench.view();
    assert!(
        view.ended.is_none() && view.faults.is_empty(),
        "{:?}",
        view.faults
    );
    assert!(view.longest_silence < Duration::from_secs(5));
    memory::assert_grown_less(before, 96 << 20);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_that_floods_with_random_bytes_slows_no_other_console() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new(sentinels::FLOODS_RAW));
        config.guests.push(GuestSpec::new("web-01"));
        config.guests.push(GuestSpec::new("shop").halted());
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let web = guest("web-01");
    // Both on one connection.
    let mut terminal = consoles::boots_to_a_shell(&bench, &web).await?;
    let flooding = bench.vm(sentinels::FLOODS_RAW)?.id;
    let mut flood = bench.driver().console(flooding, ConsoleKind::Pv).await?;
    let shop = bench.vm("shop")?.id;
    let before = memory::resident();
    let began = Instant::now();
    let read = async {
        let mut bytes = 0usize;
        while let Some(Ok(piece)) = flood.output.recv().await {
            bytes += piece.len();
        }
        bytes
    };
    let work = async {
        let mut echoes = Vec::new();
        for number in 0..20 {
            let typed = Instant::now();
            terminal.write(format!("echo <{number}>\r")).await?;
            terminal.expect(&format!("\n<{number}>"), SOON).await?;
            echoes.push(typed.elapsed());
        }
        let took = goes_on(&sim, &bench, shop, Duration::from_secs(3)).await?;
        sim.run(&format!("xl destroy {}", sentinels::FLOODS_RAW)).await?;
        Ok::<_, Broken>((echoes, took))
    };
    let (bytes, work) = tokio::join!(read, work);
    let (echoes, took) = work?;
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "flood: {:.0} MB/s; echoes beside it {echoes:?}; events {took:?}",
        bytes as f64 / seconds / 1e6
    );
    assert!(bytes > 10 << 20, "it was no flood: {bytes}");
    assert!(
        echoes.iter().all(|echo| *echo < Duration::from_secs(2)),
        "{echoes:?}"
    );
    assert!(took.iter().all(|took| *took < BOUND), "{took:?}");
    memory::assert_grown_less(before, 96 << 20);
    Ok(())
}
