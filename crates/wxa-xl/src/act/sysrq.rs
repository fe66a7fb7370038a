//! SysRq keys: `xl sysrq` leaves the key in the guest's part of xenstore and is through; whether the guest's kernel took it is seen there.
use super::{Act, QUICK, refused};
use crate::transport::Limits;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use wxa_driver::{Error, ErrorKind};
use wxa_model::{PowerState, SysrqKey};

/// A kernel that listens takes a key within some hundredths of a second, more on a busy host.
const TAKEN: Duration = Duration::from_secs(5);
/// How often the host is asked.
const POLL: Duration = Duration::from_millis(200);

impl Act<'_> {
    pub(super) async fn sysrq(&self, key: Option<SysrqKey>) -> Result<(), Error> {
        let name = &self.sighting.vm.name;
        let key = key
            .ok_or_else(|| refused("no_key", "No SysRq key was named.".to_owned()))?
            .to_string();
        let domid = self.domid()?.to_string();
        if self.sighting.vm.power == PowerState::Paused {
            let sentence = format!("{name} is paused and cannot answer: unpause it first.");
            return Err(refused("paused", sentence));
        }
        self.step(format!("Sending SysRq {key} to {name}"));
        self.xl("Sending SysRq to", &["xl", "sysrq", &domid, &key], QUICK)
            .await?;
        let node = format!("/local/domain/{domid}/control/sysrq");
        let began = Instant::now();
        while self.is_there(&node, &key).await? {
            if began.elapsed() > TAKEN {
                return Err(self.withdraw(&node).await);
            }
            sleep(POLL).await;
        }
        Ok(())
    }

    /// Whether the key still waits to be taken. A kernel empties the node before it does what the key says; with a domain that
    /// has gone the node is gone too. Where the host does not let us look, nothing speaks against it.
    async fn is_there(&self, node: &str, key: &str) -> Result<bool, Error> {
        let words = ["xenstore-read", node];
        let read = self.connection.run(&words, Limits::read(4096)).await;
        let output = read.map_err(|error| {
            let kind = ErrorKind::TimedOut { maybe_done: true };
            Error::new(kind, error.message)
        })?;
        Ok(output.status == Some(0) && output.text().trim_end_matches('\n') == key)
    }

    /// Nobody took it: it must not wait there until somebody does, at the end of a boot perhaps.
    async fn withdraw(&self, node: &str) -> Error {
        let name = &self.sighting.vm.name;
        let why = format!(
            "{name} has not taken the key: its kernel has no Xen drivers, is not that far, or hangs."
        );
        let words = ["xenstore-write", node, ""];
        let written = self.connection.run(&words, Limits::act(QUICK)).await;
        match written {
            Ok(output) if output.status == Some(0) => {
                refused("not_taken", format!("{why} It was withdrawn."))
            }
            _ => Error::new(
                ErrorKind::TimedOut { maybe_done: true },
                format!("{why} It could not be withdrawn, so the guest may take it later."),
            ),
        }
    }
}
