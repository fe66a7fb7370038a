//! From a change on the host to the delta at a browser's socket: `xl pause` and `xl unpause`, typed by somebody else.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;
use wxa_model::PowerState;

use crate::live::Live;
use crate::server::Server;
use crate::ssh::DEADLINE;
use crate::stats::Spread;
use crate::target::Target;

/// Hosts report some changes in a beat. Somebody who typed right after each of them would always wait a whole one: so wait
/// a part of this first, another each time.
const BEAT: Duration = Duration::from_secs(1);
/// Steps of the golden ratio fall evenly into the beat.
const STEP: f64 = 0.618_034;

/// The outcome.
#[derive(Debug, Serialize)]
pub struct Events {
    /// From sending the command to the host until the delta is here.
    pub from_command: Spread,
    /// The command itself: from sending it until its end is here.
    pub command: Spread,
}

/// Pauses and unpauses a guest `pairs` times in each of `rounds` rounds.
///
/// # Errors
/// When a command fails or no delta comes.
pub async fn measure(server: &Server, target: &Target, rounds: usize, pairs: usize) -> Result<Events> {
    let [guest, _] = target.guests;
    let mut live = Live::open(server).await?;
    let runs = |live: &Live| live.vm(guest).is_some_and(|vm| vm.power == PowerState::Running);
    live.until("the guest runs", DEADLINE, runs).await?;
    let vm = live.vm(guest).context("a guest to pause")?.id;

    let mut phase = 0.0;
    let (mut deltas, mut commands) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (mut of_delta, mut of_command) = (Vec::new(), Vec::new());
        for _ in 0..pairs {
            for (verb, wanted) in [("pause", PowerState::Paused), ("unpause", PowerState::Running)] {
                let command = format!("xl {verb} {guest}");
                phase = (phase + STEP) % 1.0;
                tokio::time::sleep(BEAT.mul_f64(phase)).await;
                let begun = Instant::now();
                let typing = async {
                    target.run(&command).await?;
                    Ok(begun.elapsed())
                };
                let seeing = live.until(&command, DEADLINE, |live| live.power(vm) == Some(wanted));
                let (came, took) = tokio::try_join!(seeing, typing)?;
                of_delta.push(came - begun);
                of_command.push(took);
            }
        }
        deltas.push(of_delta);
        commands.push(of_command);
    }
    Ok(Events {
        from_command: Spread::of(&deltas),
        command: Spread::of(&commands),
    })
}

impl fmt::Display for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  → delta    {}", self.from_command)?;
        write!(f, "  command    {}", self.command)
    }
}
