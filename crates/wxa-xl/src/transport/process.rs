//! A command that runs on the host, whatever runs it. Dropping it ends it there too, which frees what it holds.
use crate::{local, ssh};
use bytes::Bytes;

/// What a command's standard streams are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terminal {
    /// Three pipes.
    None,
    /// A terminal that does nothing but hang up when we stop listening.
    Quiet,
    /// A terminal of a guest: nothing on the way may change a byte.
    Raw,
}

/// A running command.
#[derive(Debug)]
pub(crate) enum Process {
    /// A session on an SSH connection.
    Ssh(ssh::Channel),
    /// A child of this process.
    Local(local::Child),
}

/// What is heard of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// It printed.
    Out(Bytes),
    /// It complained.
    Err(Bytes),
    /// It ended: its exit status, none when a signal killed it.
    Ended(Option<u32>),
    /// The host runs no commands for this account.
    Refused,
}

/// Nobody reads what is written any more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed;

/// The reading half.
pub(crate) enum Reader<'a> {
    Ssh(ssh::Output<'a>),
    Local(&'a mut local::Output),
}

/// The writing half.
pub(crate) enum Writer<'a> {
    Ssh(ssh::Input<'a>),
    Local(&'a mut local::Input),
}

impl Process {
    /// Both directions, to be used at the same time.
    pub(crate) fn halves(&mut self) -> (Reader<'_>, Writer<'_>) {
        match self {
            Self::Ssh(channel) => {
                let (output, input) = channel.halves();
                (Reader::Ssh(output), Writer::Ssh(input))
            }
            Self::Local(child) => {
                let (output, input) = child.halves();
                (Reader::Local(output), Writer::Local(input))
            }
        }
    }

    /// What it says next; none when nothing more can come. Safe to cancel.
    pub(crate) async fn next(&mut self) -> Option<Said> {
        self.halves().0.next().await
    }
}

impl Reader<'_> {
    /// What it says next; none when nothing more can come: without an [`Said::Ended`] before it, the connection was
    /// lost. Safe to cancel.
    pub(crate) async fn next(&mut self) -> Option<Said> {
        match self {
            Self::Ssh(output) => output.next().await,
            Self::Local(output) => output.next().await,
        }
    }
}

impl Writer<'_> {
    /// Writes all of it; waits where the command reads slowly.
    ///
    /// # Errors
    /// When the command reads no more.
    pub(crate) async fn write(&mut self, bytes: Bytes) -> Result<(), Closed> {
        match self {
            Self::Ssh(input) => input.write(bytes).await,
            Self::Local(input) => input.write(&bytes).await,
        }
    }

    /// Tells it that nothing more comes.
    pub(crate) async fn close(&mut self) {
        match self {
            Self::Ssh(input) => input.close().await,
            Self::Local(input) => input.close(),
        }
    }
}
