//! What goes wrong on a host's side, against the simulator's real SSH server: one file for each kind of trouble.
#[path = "conformance_sim/bed.rs"]
mod bed;
#[path = "faults_sim/clocks.rs"]
mod clocks;
#[path = "faults_sim/connection.rs"]
mod connection;
#[path = "faults_sim/consoles.rs"]
mod consoles;
#[path = "faults_sim/definitions.rs"]
mod definitions;
#[path = "faults_sim/floods.rs"]
mod floods;
#[path = "faults_sim/memory.rs"]
mod memory;
#[path = "faults_sim/names.rs"]
mod names;
#[path = "faults_sim/output.rs"]
mod output;
#[path = "faults_sim/scale.rs"]
mod scale;
#[path = "faults_sim/sign_in.rs"]
mod sign_in;
#[path = "faults_sim/tools.rs"]
mod tools;

use bed::Sim;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use wxa_driver::{Driver, Error, Progress, conformance::Broken};
use wxa_model::{Action, VmAct, VmId};

/// Generous: a loaded machine must not fail a test.
const SOON: Duration = Duration::from_secs(30);

/// The error of a call that must fail.
fn failed<T>(result: Result<T, Error>) -> Result<Error, Broken> {
    match result {
        Err(error) => Ok(error),
        Ok(_) => Err(Broken("it worked".to_owned())),
    }
}

/// Runs a command on the host until what it prints holds `words`.
async fn shows(sim: &Sim, command: &str, words: &str) -> Result<(), Broken> {
    let until = Instant::now() + SOON;
    loop {
        let said = sim.host.run(command).await.stdout;
        if said.contains(words) {
            return Ok(());
        }
        if Instant::now() > until {
            return Err(Broken(format!("`{command}` does not show {words:?}: {said}")));
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Performs an act to which something happens as soon as the host shows `words` in its list.
async fn act_with_trouble(
    sim: &Sim,
    driver: &dyn Driver,
    (action, vm): (Action, VmId),
    words: &str,
    trouble: impl Future<Output = ()>,
) -> Result<Error, Broken> {
    let (progress, _told) = tokio::sync::watch::channel(Progress::default());
    let act = driver.perform(VmAct::new(action, vm), &progress);
    let happens = async {
        shows(sim, "xl list", words).await?;
        trouble.await;
        Ok::<_, Broken>(())
    };
    let (result, happened) = tokio::join!(act, happens);
    happened?;
    failed(result)
}
