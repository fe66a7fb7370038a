//! Every command that the driver runs gives every kind of output that makes no sense: bytes and time are bounded, what is
//! not needed is done without, and the next connection works again.
use super::{bed::Sim, memory};
use futures::future::join_all;
use std::time::Duration;
use tokio::time::timeout;
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, HostShell},
};
use wxa_model::{Action, ConsoleKind, PowerState};
use wxa_sim::GuestSpec;

/// Without these nothing is known of a host.
const NEEDED: [&str; 4] = ["id", "xl list $", "xl info", "xentop"];
/// Without these something is missing.
const ASIDE: [&str; 6] = ["xl list -l", "xl uptime", "find", "head", "ps", "xenstore-watch"];
/// The longest that a first look may take: a command's 30 s, and those of what is only asked aside.
const LONGEST: Duration = Duration::from_secs(75);

async fn host() -> Result<Sim, Broken> {
    Sim::start(|config| {
        config.guests.push(GuestSpec::new("web-01"));
        config.guests.push(GuestSpec::new("shop").halted());
    })
    .await
}

/// One command misbehaves from the first connection on.
async fn one(command: &str, how: &str) -> Result<(), Broken> {
    let told = |why: String| Broken(format!("{command} {how}: {why}"));
    let sim = host().await?;
    let driver = sim.driver();
    sim.host.spoil(&format!("{command}: {how}\n")).await;
    match Bench::start(driver.clone(), LONGEST).await {
        Ok(bench) => {
            let web = bench.vm("web-01").map_err(|error| told(error.to_string()))?;
            if web.power != PowerState::Running {
                return Err(told(format!("web-01 is {:?}", web.power)));
            }
        }
        Err(Broken(why)) if ASIDE.contains(&command) => return Err(told(why)),
        Err(Broken(why)) if why.contains("Internal") || !why.contains("the watch ended") => {
            return Err(told(why));
        }
        Err(_) => {}
    }
    sim.host.spoil("").await;
    let bench = Bench::start(driver, LONGEST)
        .await
        .map_err(|error| told(format!("afterwards: {error}")))?;
    for name in ["web-01", "shop"] {
        let vm = bench.vm(name).map_err(|error| told(error.to_string()))?;
        if let Some(problem) = vm.config_problem {
            return Err(told(format!("{name} stays broken: {problem}")));
        }
    }
    Ok(())
}

async fn all(how: &str) -> Result<(), Broken> {
    let before = memory::resident();
    let commands = NEEDED.iter().chain(&ASIDE);
    let results = join_all(commands.map(|command| one(command, how))).await;
    let broken: Vec<String> = results
        .into_iter()
        .filter_map(|result| Some(result.err()?.to_string()))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
    // Ten hosts with all that they hold, and whatever their commands printed.
    memory::assert_grown_less(before, 192 << 20);
    Ok(())
}

#[tokio::test]
async fn every_command_may_print_garbage() -> Result<(), Broken> {
    all("garbage").await
}

#[tokio::test]
async fn every_command_may_break_off() -> Result<(), Broken> {
    all("truncated 40").await?;
    all("truncated 300").await
}

#[tokio::test]
async fn every_command_may_print_without_end() -> Result<(), Broken> {
    all("endless").await
}

#[tokio::test]
async fn every_command_may_complain_without_end() -> Result<(), Broken> {
    all("complains").await
}

#[tokio::test]
async fn every_command_may_be_very_slow() -> Result<(), Broken> {
    all("slow").await
}

#[tokio::test]
async fn every_command_may_hang() -> Result<(), Broken> {
    all("hangs").await
}

#[tokio::test]
async fn every_command_may_fail_or_be_missing() -> Result<(), Broken> {
    all("fails 1 no way").await?;
    all("missing").await
}

/// An act's own output counts for nothing but its end: what it did is what the host shows.
#[tokio::test]
async fn an_act_whose_command_prints_without_end_is_not_held_for_undone() -> Result<(), Broken> {
    let sim = host().await?;
    let bench = Bench::start(sim.driver(), LONGEST).await?;
    let web = bench.vm("web-01")?.id;
    sim.host.spoil("xl pause: endless\n").await;
    let (result, _) = bench.perform(Action::VmPause, web).await;
    assert_eq!(
        result.err().map(|error| error.kind),
        Some(ErrorKind::TimedOut { maybe_done: true })
    );
    sim.host.spoil("xl pause: garbage\n").await;
    let (result, _) = bench.perform(Action::VmPause, web).await;
    assert!(result.is_ok(), "its exit status says that it was done");
    Ok(())
}

/// A console's tools, and those around it.
#[tokio::test]
async fn a_consoles_commands_may_misbehave_too() -> Result<(), Broken> {
    let sim = host().await?;
    let bench = Bench::start(sim.driver(), LONGEST).await?;
    let web = bench.vm("web-01")?.id;
    for how in ["garbage", "endless", "missing", "fails 7 no way"] {
        sim.host.spoil(&format!("tail: {how}\nfuser: {how}\n")).await;
        let log = timeout(LONGEST, bench.driver().console_log(web, 1000)).await;
        let log = log.map_err(|_| Broken(format!("tail {how}: no answer")))?;
        assert!(log.map_or(0, |bytes| bytes.len()) <= 5000, "tail {how}");
        sim.host.spoil(&format!("xl console: {how}\n")).await;
        let mut io = bench.driver().console(web, ConsoleKind::Pv).await?;
        let read = async {
            let mut bytes = 0;
            while let Some(Ok(piece)) = io.output.recv().await {
                bytes += piece.len();
                if bytes > 10 << 20 {
                    break;
                }
            }
        };
        timeout(LONGEST, read)
            .await
            .map_err(|_| Broken(format!("xl console {how}: no end")))?;
        drop(io);
        sim.host
            .spoil(&format!("xenstore-read: {how}\ndd: {how}\n"))
            .await;
        let io = bench.driver().console(web, ConsoleKind::Pv).await?;
        for typed in ["a", "\x1d", "b\r"] {
            let _ = io.input.send(typed.into()).await;
        }
    }
    sim.host.spoil("").await;
    sim.run("xl list web-01").await?;
    let mut terminal =
        wxa_driver::conformance::Terminal::new(bench.driver().console(web, ConsoleKind::Pv).await?);
    terminal.write("\r").await?;
    terminal.expect("\n", LONGEST).await
}
