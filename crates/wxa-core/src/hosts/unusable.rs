//! Stands in for a host whose credential cannot be used: the host is listed, with the reason, until it is replaced.
use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::mpsc;
use wxa_driver::{Capabilities, ConsoleIo, Driver, DriverEvent, Error, ErrorKind, ProgressSink};
use wxa_model::{ConsoleKind, HostDetails, HostFacts, VmAct, VmId};

/// Answers everything with the reason.
pub(crate) struct Unusable {
    why: String,
}

impl Unusable {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }

    fn error(&self) -> Error {
        Error::new(ErrorKind::Unauthenticated, self.why.clone())
    }
}

#[async_trait]
impl Driver for Unusable {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            actions: Vec::new(),
            consoles: Vec::new(),
        }
    }

    async fn probe(&self) -> Result<HostFacts, Error> {
        Err(self.error())
    }

    async fn details(&self) -> Result<HostDetails, Error> {
        Err(self.error())
    }

    async fn watch(&self, _: mpsc::Sender<DriverEvent>) -> Error {
        self.error()
    }

    async fn perform(&self, _: VmAct, _: &ProgressSink) -> Result<(), Error> {
        Err(self.error())
    }

    async fn console(&self, _: VmId, _: ConsoleKind) -> Result<ConsoleIo, Error> {
        Err(self.error())
    }

    async fn console_log(&self, _: VmId, _: usize) -> Result<Bytes, Error> {
        Err(self.error())
    }

    fn equivalent_command(&self, _: VmAct) -> Option<String> {
        None
    }
}
