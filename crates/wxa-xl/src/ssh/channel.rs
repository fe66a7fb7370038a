//! One session on a connection. Dropping it closes it on the host too, which frees what it holds there.
use crate::transport::{Closed, Said};
use bytes::Bytes;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, client::Msg};
use std::time::Duration;
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

/// A session. At most so many are open at once as the connection has permits.
#[derive(Debug)]
pub(crate) struct Channel {
    read: ChannelReadHalf,
    write: Option<ChannelWriteHalf<Msg>>,
    permit: Option<OwnedSemaphorePermit>,
}

/// The reading half.
pub(crate) struct Output<'a>(&'a mut ChannelReadHalf);

/// The writing half.
pub(crate) struct Input<'a>(Option<&'a ChannelWriteHalf<Msg>>);

impl Channel {
    pub(super) fn new(channel: russh::Channel<Msg>, permit: OwnedSemaphorePermit) -> Self {
        let (read, write) = channel.split();
        Self {
            read,
            write: Some(write),
            permit: Some(permit),
        }
    }

    /// Both directions, to be used at the same time.
    pub(crate) fn halves(&mut self) -> (Output<'_>, Input<'_>) {
        (Output(&mut self.read), Input(self.write.as_ref()))
    }

    /// The writing half.
    pub(super) fn writer(&self) -> Result<&ChannelWriteHalf<Msg>, russh::Error> {
        self.write.as_ref().ok_or(russh::Error::Disconnect)
    }
}

impl Output<'_> {
    /// See [`crate::transport::Reader::next`].
    pub(crate) async fn next(&mut self) -> Option<Said> {
        loop {
            return Some(match self.0.wait().await? {
                ChannelMsg::Data { data } => Said::Out(data),
                ChannelMsg::ExtendedData { data, .. } => Said::Err(data),
                ChannelMsg::ExitStatus { exit_status } => Said::Ended(Some(exit_status)),
                ChannelMsg::ExitSignal { .. } => Said::Ended(None),
                ChannelMsg::Failure => Said::Refused,
                ChannelMsg::Close => return None,
                _ => continue,
            });
        }
    }
}

impl Input<'_> {
    /// See [`crate::transport::Writer::write`].
    pub(crate) async fn write(&mut self, bytes: Bytes) -> Result<(), Closed> {
        let write = self.0.ok_or(Closed)?;
        write.data_bytes(bytes).await.map_err(|_| Closed)
    }

    /// See [`crate::transport::Writer::close`].
    pub(crate) async fn close(&mut self) {
        if let Some(write) = self.0 {
            // Whoever is gone needs no telling.
            let _ = write.eof().await;
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        let (Some(write), permit) = (self.write.take(), self.permit.take()) else {
            return;
        };
        // Telling the host needs a task; without a runtime the connection is going away anyway.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = timeout(Duration::from_secs(5), write.close()).await;
                drop(permit);
            });
        }
    }
}
