//! Consoles that end in other ways than by their viewer's wish.
use super::{
    SOON,
    bed::{Sim, guest},
};
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, HostShell, Terminal, consoles, terminal::End},
};
use wxa_model::ConsoleKind;
use wxa_sim::GuestSpec;

async fn attached(sim: &Sim) -> Result<(Bench, Terminal), Broken> {
    let bench = Bench::start(sim.driver(), SOON).await?;
    let terminal = consoles::boots_to_a_shell(&bench, &guest("web-01")).await?;
    Ok((bench, terminal))
}

#[tokio::test]
async fn a_console_ends_cleanly_when_its_guest_is_destroyed() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    let (_bench, terminal) = attached(&sim).await?;
    sim.run("xl destroy web-01").await?;
    consoles::ends_with_its_guest(terminal, SOON).await
}

#[tokio::test]
async fn a_console_whose_host_is_cut_off_ends_with_the_reason() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    let (_bench, mut terminal) = attached(&sim).await?;
    sim.host.cut().await;
    match terminal.end(SOON).await? {
        End::Error(error) => assert_eq!(error.kind, ErrorKind::Unreachable, "{error}"),
        End::Clean => return Err(Broken("it ended as if the guest were gone".to_owned())),
    }
    Ok(())
}

#[tokio::test]
async fn an_administrators_own_console_on_the_host_keeps_us_out_until_it_ends() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let other = Bench::start(sim.driver(), SOON).await?;
    let theirs = consoles::boots_to_a_shell(&other, &guest("web-01")).await?;
    let vm = bench.vm("web-01")?.id;
    let mut ours = Terminal::new(bench.driver().console(vm, ConsoleKind::Pv).await?);
    match ours.end(SOON).await? {
        End::Error(error) => assert_eq!(error.kind, ErrorKind::Busy, "{error}"),
        End::Clean => return Err(Broken("nobody said that it is held".to_owned())),
    }
    drop(theirs);
    drop(other);
    let until = std::time::Instant::now() + SOON;
    loop {
        let mut ours = Terminal::new(bench.driver().console(vm, ConsoleKind::Pv).await?);
        ours.write("\r").await?;
        match ours.expect("web-01:~# ", std::time::Duration::from_secs(5)).await {
            Ok(()) => return Ok(()),
            Err(error) if std::time::Instant::now() > until => return Err(error),
            Err(_) => {}
        }
    }
}
