//! One session on a connection. Dropping it closes it on the host too, which frees what it holds there.
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
    pub(crate) fn halves(&mut self) -> (&mut ChannelReadHalf, Option<&ChannelWriteHalf<Msg>>) {
        (&mut self.read, self.write.as_ref())
    }

    /// The writing half.
    pub(crate) fn writer(&self) -> Result<&ChannelWriteHalf<Msg>, russh::Error> {
        self.write.as_ref().ok_or(russh::Error::Disconnect)
    }

    /// The next message; none when the session has ended.
    pub(crate) async fn wait(&mut self) -> Option<ChannelMsg> {
        self.read.wait().await
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
