//! Acts on VMs: the command, and waiting until the host shows that it was done.
mod going;
mod start;
mod sysrq;

use crate::{
    driver::Host,
    parse::{name, stderr},
    shell,
    transport::{Connection, Limits},
    world::Sighting,
};
use std::time::Duration;
use wxa_driver::{Error, ErrorKind, Progress, ProgressSink};
use wxa_model::{Action, PowerState, SysrqKey, VmAct, VmRole};

/// Pausing and the like are quick, but a host may be busy.
const QUICK: Duration = Duration::from_secs(60);

/// Does it.
///
/// # Errors
/// See [`wxa_driver::Driver::perform`].
pub(crate) async fn perform(
    host: &Host,
    VmAct {
        action,
        vm,
        on: _,
        key,
    }: VmAct,
    progress: &ProgressSink,
) -> Result<(), Error> {
    let connection = host.connection().await?;
    // What was shown may be old: who it is is looked up right before.
    let sighting = host.sight(&connection, vm).await?;
    let act = Act {
        host,
        connection: &connection,
        sighting: &sighting,
        progress,
    };
    match action {
        Action::VmStart => act.start().await,
        Action::VmShutdown => act.shut_down().await,
        Action::VmReboot => act.reboot().await,
        Action::VmPause => act.quick("Pausing", "pause").await,
        Action::VmUnpause => act.quick("Unpausing", "unpause").await,
        Action::VmPowerOff => act.quick("Powering off", "destroy").await,
        Action::VmSysrq => act.sysrq(key).await,
        Action::VmSuspend | Action::VmResume | Action::VmReset => Err(Error::new(
            ErrorKind::NotSupported { action: Some(action) },
            format!("A plain Xen host cannot {}.", action.label().to_lowercase()),
        )),
    }
}

/// One act under way.
struct Act<'a> {
    host: &'a Host,
    connection: &'a Connection,
    sighting: &'a Sighting,
    progress: &'a ProgressSink,
}

impl Act<'_> {
    fn step(&self, step: impl Into<String>) {
        self.progress.send_replace(Progress {
            step: step.into(),
            percent: None,
            ..Progress::default()
        });
    }

    /// The number of its present run.
    fn domid(&self) -> Result<u32, Error> {
        self.sighting.domid.ok_or_else(|| {
            refused(
                "not_running",
                format!("{} is not running.", self.sighting.vm.name),
            )
        })
    }

    async fn quick(&self, doing: &str, verb: &str) -> Result<(), Error> {
        let domid = self.domid()?.to_string();
        match (verb, self.sighting.vm.power) {
            ("unpause", power) if power != PowerState::Paused => {
                return Err(refused(
                    "not_paused",
                    format!("{} is not paused.", self.sighting.vm.name),
                ));
            }
            // Xen counts pauses: two need two unpauses.
            ("pause", PowerState::Paused) => {
                return Err(refused(
                    "paused",
                    format!("{} is already paused.", self.sighting.vm.name),
                ));
            }
            _ => {}
        }
        self.step(format!("{doing} {}", self.sighting.vm.name));
        self.xl(doing, &["xl", verb, &domid], QUICK).await
    }

    /// Runs a command that acts; neither its exit status nor its silence is trusted alone.
    async fn xl(&self, doing: &str, words: &[&str], time: Duration) -> Result<(), Error> {
        let output = self.connection.run(words, Limits::act(time)).await?;
        if output.status == Some(0) && !stderr::tells_failure(&output.stderr) {
            return Ok(());
        }
        if output.status.is_none() {
            return Err(Error::new(
                ErrorKind::TimedOut { maybe_done: true },
                format!(
                    "`{}` was ended on the host before it was through.",
                    shell::line(words)
                ),
            ));
        }
        Err(stderr::to_error(
            &format!("{doing} {}", self.sighting.vm.name),
            output.status,
            &output.stderr,
        ))
    }
}

fn refused(code: &str, sentence: String) -> Error {
    Error::new(
        ErrorKind::Refused {
            code: code.to_owned(),
        },
        sentence,
    )
}

/// What an administrator would type on the host; with `KEY` for a SysRq key that nobody has named yet.
pub(crate) fn equivalent(action: Action, key: Option<SysrqKey>, sighting: &Sighting) -> Option<String> {
    if sighting.vm.role == VmRole::ControlDomain {
        return None;
    }
    let verb = match action {
        Action::VmStart => return Some(shell::line(["xl", "create", sighting.vm.config_path.as_deref()?])),
        Action::VmShutdown => "shutdown",
        Action::VmReboot => "reboot",
        Action::VmPause => "pause",
        Action::VmUnpause => "unpause",
        Action::VmPowerOff => "destroy",
        Action::VmSysrq => "sysrq",
        Action::VmSuspend | Action::VmResume | Action::VmReset => return None,
    };
    let domain = match name::is_plain(&sighting.name) {
        true => sighting.name.clone(),
        // It would be taken for an option or a number, or cannot be typed.
        false => sighting.domid?.to_string(),
    };
    let mut words = vec!["xl".to_owned(), verb.to_owned(), domain];
    if action.takes_key() {
        words.push(key.map_or_else(|| "KEY".to_owned(), |key| key.to_string()));
    }
    Some(shell::line(words))
}
