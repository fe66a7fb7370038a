//! The driver: one pool behind the contract of `wxa-driver`.
use crate::{act, config::XapiConfig, console, details, history, places, pool::Pool, reference::Ref, watch};
use async_trait::async_trait;
use bytes::Bytes;
use std::sync::Arc;
use tokio::{runtime::Handle, sync::mpsc};
use wxa_driver::{
    Archive, Capabilities, ConsoleIo, Driver, DriverEvent, Error, ErrorKind, History, ProgressSink,
};
use wxa_model::{Action, ConsoleKind, HostDetails, HostFacts, HostId, KnownMember, VmAct, VmId, VmPlace};

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
            actions: Action::POOL.to_vec(),
            consoles: match self.pool.config().shell {
                Some(_) => vec![ConsoleKind::Pv, ConsoleKind::Serial, ConsoleKind::Graphical],
                None => vec![ConsoleKind::Pv, ConsoleKind::Graphical],
            },
        }
    }

    async fn probe(&self) -> Result<HostFacts, Error> {
        let asked = self.pool.ask_facts().await;
        self.pool.judge(asked).await
    }

    fn members(&self) -> Option<Vec<KnownMember>> {
        self.pool.members()
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
            ErrorKind::Unreachable | ErrorKind::Untrusted | ErrorKind::TimedOut { .. } | ErrorKind::Malformed
        ) {
            self.pool.hang_up().await;
        }
        error
    }

    async fn perform(&self, act: VmAct, progress: &ProgressSink) -> Result<(), Error> {
        act::perform(&self.pool, act, progress).await
    }

    async fn follow(&self, native: &str, progress: &ProgressSink) -> Result<(), Error> {
        act::follow(&self.pool, native, progress).await
    }

    fn recognise(&self, natives: &[String]) {
        for native in natives {
            self.pool.own_tasks().begun(Ref::read(native));
        }
    }

    async fn cancel(&self, native: &str) -> Result<(), Error> {
        act::cancel(&self.pool, native).await
    }

    async fn places(&self, vm: VmId) -> Result<Vec<VmPlace>, Error> {
        places::places(&self.pool, vm).await
    }

    async fn console(&self, vm: VmId, kind: ConsoleKind) -> Result<ConsoleIo, Error> {
        console::attach(&self.pool, vm, kind).await
    }

    async fn console_log(&self, vm: VmId, _limit: usize) -> Result<Bytes, Error> {
        // A pool records no consoles.
        self.pool.place(vm).await.map(|_| Bytes::new())
    }

    async fn history(&self, host: HostId, archive: Archive) -> Result<History, Error> {
        history::read(&self.pool, host, archive).await
    }

    fn equivalent_command(&self, act: VmAct) -> Option<String> {
        act::equivalent(act, &self.pool.world())
    }
}
