//! Shutting down and rebooting: the guest is asked, and then it takes as long as it takes.
use super::{Act, refused};
use crate::parse::{
    state::{DomainState, ShutdownReason},
    xl_list::{self, XlDomain},
};
use std::{future::Future, pin::pin, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use wxa_driver::{Error, ErrorKind};
use wxa_model::{GuestType, PowerState};

/// `xl shutdown` itself waits up to 60 s for the guest to acknowledge.
const ASK: Duration = Duration::from_secs(90);
/// How long a guest may take to go down.
const GO: Duration = Duration::from_secs(120);
/// How long it may take to come back after that.
const COME_BACK: Duration = Duration::from_secs(60);
/// A domain that has shut down but stays has lost the process that would take it away.
const REAP: Duration = Duration::from_secs(20);
/// How often the host is asked.
const POLL: Duration = Duration::from_millis(700);

impl Act<'_> {
    pub(super) async fn shut_down(&self) -> Result<(), Error> {
        self.ask("Shutting down", "shutdown").await?;
        self.wait_until_gone().await
    }

    pub(super) async fn reboot(&self) -> Result<(), Error> {
        self.ask("Rebooting", "reboot").await?;
        self.wait_until_gone().await?;
        let began = Instant::now();
        self.step("Waiting for the host to start it again");
        while began.elapsed() < COME_BACK {
            let world = self.host.look(self.connection).await.map_err(maybe)?;
            let back = world.get(self.sighting.vm.id);
            if back.is_some_and(|now| now.domid != self.sighting.domid && now.vm.power == PowerState::Running)
            {
                return Ok(());
            }
            sleep(POLL).await;
        }
        Err(Error::new(
            ErrorKind::TimedOut { maybe_done: true },
            format!(
                "{} went down but has not come back within {} s: it may have powered off instead.",
                self.sighting.vm.name,
                COME_BACK.as_secs()
            ),
        ))
    }

    /// Sends the request; a guest that does not acknowledge keeps the command waiting.
    async fn ask(&self, doing: &str, verb: &str) -> Result<(), Error> {
        let domid = self.domid()?.to_string();
        if self.sighting.vm.power == PowerState::Paused {
            return Err(refused(
                "paused",
                format!(
                    "{} is paused and cannot answer: unpause it first, or power it off.",
                    self.sighting.vm.name
                ),
            ));
        }
        let mut words = vec!["xl", verb];
        if self.sighting.vm.guest_type == Some(GuestType::Hvm) {
            // A guest without PV drivers still has a power button.
            words.push("-F");
        }
        words.push(&domid);
        self.counting("Asking the guest", self.xl(doing, &words, ASK))
            .await
    }

    async fn wait_until_gone(&self) -> Result<(), Error> {
        self.counting("Waiting for the guest", self.poll_until_gone())
            .await
    }

    async fn poll_until_gone(&self) -> Result<(), Error> {
        let began = Instant::now();
        let mut down_since = None;
        loop {
            match self
                .present_run()
                .await
                .map_err(maybe)?
                .map(|domain| domain.state)
            {
                None => return Ok(()),
                Some(DomainState::Shutdown(ShutdownReason::Crash)) => {
                    return Err(refused(
                        "crashed",
                        format!("{} crashed instead.", self.sighting.vm.name),
                    ));
                }
                Some(DomainState::Shutdown(_) | DomainState::Dying) => {
                    let since = *down_since.get_or_insert_with(Instant::now);
                    if since.elapsed() > REAP {
                        return Err(refused(
                            "not_reaped",
                            format!(
                                "{} has shut down, but nothing on the host takes it away: power it off to finish.",
                                self.sighting.vm.name
                            ),
                        ));
                    }
                }
                Some(_) => down_since = None,
            }
            if began.elapsed() > GO {
                return Err(Error::new(
                    ErrorKind::TimedOut { maybe_done: true },
                    format!(
                        "{} has not gone down within {} s: the guest may be ignoring the request. Power it off if it must stop.",
                        self.sighting.vm.name,
                        GO.as_secs()
                    ),
                ));
            }
            sleep(POLL).await;
        }
    }

    /// The run that was asked, if it is still there.
    async fn present_run(&self) -> Result<Option<XlDomain>, Error> {
        let text = self.connection.read(&["xl", "list"], 1 << 20).await?;
        let domains = xl_list::parse(&text).ok_or_else(|| {
            Error::new(
                ErrorKind::Malformed,
                "`xl list` printed something that is no list of domains.",
            )
        })?;
        Ok(domains
            .into_iter()
            .find(|domain| Some(domain.domid) == self.sighting.domid))
    }

    /// Runs `work` and tells each second for how long it has been going on.
    async fn counting<T>(&self, step: &str, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let began = Instant::now();
        let mut ticks = interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = ticks.tick() => match began.elapsed().as_secs() {
                    0 => self.step(step),
                    seconds => self.step(format!("{step}, {seconds} s")),
                },
            }
        }
    }
}

/// Once the guest was asked, losing sight of it leaves the outcome open.
fn maybe(error: Error) -> Error {
    match error.kind {
        ErrorKind::Unreachable | ErrorKind::TimedOut { .. } | ErrorKind::Malformed => Error {
            kind: ErrorKind::TimedOut { maybe_done: true },
            ..error
        },
        _ => error,
    }
}
