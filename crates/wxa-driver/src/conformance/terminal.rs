//! Somebody in front of a console.
use super::bench::{Broken, Guest};
use crate::{ConsoleIo, Driver, Error};
use bytes::Bytes;
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, timeout_at};
use wxa_model::VmId;

/// An attached console and all it has shown.
#[derive(Debug)]
pub struct Terminal {
    io: ConsoleIo,
    shown: Vec<u8>,
    /// What comes before this was waited for already.
    read: usize,
}

/// How a console ended.
#[derive(Debug)]
pub enum End {
    /// The guest is gone or rebooting.
    Clean,
    /// With an error.
    Error(Error),
}

impl Terminal {
    /// In front of an attached console.
    pub fn new(io: ConsoleIo) -> Self {
        Self {
            io,
            shown: Vec::new(),
            read: 0,
        }
    }

    /// Attaches.
    ///
    /// # Errors
    /// Why not.
    pub async fn attach(driver: &Arc<dyn Driver>, vm: VmId, guest: &Guest) -> Result<Self, Broken> {
        Ok(Self::new(driver.console(vm, guest.console).await?))
    }

    /// What was shown so far, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.shown).into_owned()
    }

    /// Waits for text after what was waited for before.
    ///
    /// # Errors
    /// When it does not come, or the console ends.
    pub async fn expect(&mut self, text: &str, within: Duration) -> Result<(), Broken> {
        let until = Instant::now() + within;
        loop {
            let rest = self.shown.get(self.read..).unwrap_or_default();
            if let Some(at) = rest
                .windows(text.len().max(1))
                .position(|window| window == text.as_bytes())
            {
                self.read += at + text.len();
                return Ok(());
            }
            match timeout_at(until, self.io.output.recv()).await {
                Ok(Some(Ok(bytes))) => self.shown.extend_from_slice(&bytes),
                Ok(Some(Err(error))) => {
                    return Err(Broken(format!(
                        "the console ended: {:?}: {}",
                        error.kind, error.message
                    )));
                }
                Ok(None) => {
                    return Err(Broken(format!(
                        "the console ended before {text:?}; {}",
                        self.tail()
                    )));
                }
                Err(_) => {
                    return Err(Broken(format!(
                        "{text:?} was not shown within {within:?}; {}",
                        self.tail()
                    )));
                }
            }
        }
    }

    /// Types.
    ///
    /// # Errors
    /// When the console has ended.
    pub async fn write(&self, bytes: impl Into<Bytes>) -> Result<(), Broken> {
        self.io
            .input
            .send(bytes.into())
            .await
            .map_err(|_| Broken("the console takes no input any more".to_owned()))
    }

    /// Waits until something is shown, for at most `within`: tells how it ended if it did instead.
    pub async fn begins(&mut self, within: Duration) -> Option<End> {
        match timeout_at(Instant::now() + within, self.io.output.recv()).await {
            Ok(Some(Ok(bytes))) => {
                self.shown.extend_from_slice(&bytes);
                None
            }
            Ok(Some(Err(error))) => Some(End::Error(error)),
            Ok(None) => Some(End::Clean),
            Err(_) => None,
        }
    }

    /// Waits for the console to end.
    ///
    /// # Errors
    /// When it does not.
    pub async fn end(&mut self, within: Duration) -> Result<End, Broken> {
        let until = Instant::now() + within;
        loop {
            match timeout_at(until, self.io.output.recv()).await {
                Ok(Some(Ok(bytes))) => self.shown.extend_from_slice(&bytes),
                Ok(Some(Err(error))) => return Ok(End::Error(error)),
                Ok(None) => return Ok(End::Clean),
                Err(_) => {
                    return Err(Broken(format!(
                        "the console did not end within {within:?}; {}",
                        self.tail()
                    )));
                }
            }
        }
    }

    fn tail(&self) -> String {
        let text = self.text();
        let from = text.char_indices().rev().nth(400).map_or(0, |(at, _)| at);
        format!("it shows: {:?}", text.get(from..).unwrap_or_default())
    }
}
