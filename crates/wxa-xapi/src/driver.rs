//! The driver: one pool behind the contract of `wxa-driver`.
use crate::{act, config::XapiConfig, console, details, pool::Pool, watch};
use async_trait::async_trait;
use bytes::Bytes;
use std::sync::Arc;
use tokio::{runtime::Handle, sync::mpsc};
use wxa_driver::{Capabilities, ConsoleIo, Driver, DriverEvent, Error, ErrorKind, ProgressSink};
use wxa_model::{Action, ConsoleKind, HostDetails, HostFacts, VmId};

/// One pool.
#[derive(Debug)]
pub struct XapiDriver {
    pool: Arc<Pool>,
}

impl XapiDriver {
    /// A driver that is not connected yet: the first call connects.
    pub fn new(config: XapiConfig) -> Arc<Self> {
        Arc::new(Self {
            pool: Arc::new(Pool::new(config)),
        })
    }

    /// The screen of a running VM, as RFB (VNC) without a password: what is read and written is that protocol.
    ///
    /// # Errors
    /// As for [`Driver::console`].
    pub async fn screen(&self, vm: VmId) -> Result<ConsoleIo, Error> {
        console::screen(&self.pool, vm).await
    }
}

impl Drop for XapiDriver {
    fn drop(&mut self) {
        // The pool keeps sessions for a day: one that nobody needs is ended, within seconds or not at all.
        if let Ok(runtime) = Handle::try_current() {
            let pool = self.pool.clone();
            runtime.spawn(async move { pool.sign_out().await });
        }
    }
}

#[async_trait]
impl Driver for XapiDriver {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            actions: Action::ALL.to_vec(),
            consoles: match self.pool.config().shell {
                Some(_) => vec![ConsoleKind::Pv, ConsoleKind::Serial],
                None => vec![ConsoleKind::Pv],
            },
        }
    }

    async fn probe(&self) -> Result<HostFacts, Error> {
        let asked = self.pool.ask_facts().await;
        self.pool.judge(asked).await
    }

    async fn details(&self) -> Result<HostDetails, Error> {
        details::details(&self.pool).await
    }

    async fn watch(&self, events: mpsc::Sender<DriverEvent>) -> Error {
        let error = match watch::follow(&self.pool, &events).await {
            Ok(never) => match never {},
            Err(error) => error,
        };
        // Whatever comes next looks for the coordinator anew. The session is not ended: acts may still follow their tasks in it.
        if matches!(
            error.kind,
            ErrorKind::Unreachable | ErrorKind::TimedOut { .. } | ErrorKind::Malformed
        ) {
            self.pool.hang_up().await;
        }
        error
    }

    async fn perform(&self, action: Action, vm: VmId, progress: &ProgressSink) -> Result<(), Error> {
        act::perform(&self.pool, action, vm, progress).await
    }

    async fn console(&self, vm: VmId, kind: ConsoleKind) -> Result<ConsoleIo, Error> {
        console::attach(&self.pool, vm, kind).await
    }

    async fn console_log(&self, vm: VmId, _limit: usize) -> Result<Bytes, Error> {
        // A pool records no consoles.
        self.pool.place(vm).await.map(|_| Bytes::new())
    }

    fn equivalent_command(&self, action: Action, vm: VmId) -> Option<String> {
        act::equivalent(action, &self.pool.world().place(vm)?)
    }
}
