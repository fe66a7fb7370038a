//! Bytes between a screen and its viewer. Neither end can make it keep more than a few pieces: who is slow slows the other.
use super::{
    viewer::{ScreenItem, ScreenWord},
    worker::End,
};
use crate::console::rfb::Client;
use bytes::Bytes;
use std::{collections::VecDeque, convert::Infallible};
use tokio::sync::mpsc;
use wxa_driver::ConsoleIo;

/// Answers to a viewer that may wait while it sends more.
const ANSWERS: usize = 8;

/// A session under way.
pub(super) struct Relay {
    client: Client,
    /// For the viewer: our part of the handshake, then pictures one piece at a time.
    to_viewer: VecDeque<Bytes>,
    /// What the screen sent before the viewer was let in.
    early: Option<Bytes>,
    to_screen: Option<Bytes>,
}

impl Relay {
    pub(super) fn new(client: Client, to_viewer: VecDeque<Bytes>, early: Option<Bytes>) -> Self {
        Self {
            client,
            to_viewer,
            early,
            to_screen: None,
        }
    }

    /// Carries until an end ends.
    pub(super) async fn run(
        mut self,
        io: &mut ConsoleIo,
        items: &mpsc::Sender<ScreenItem>,
        words: &mut mpsc::Receiver<ScreenWord>,
    ) -> Result<Infallible, End> {
        let ConsoleIo { output, input } = io;
        loop {
            let is_in = self.client.is_in();
            if is_in && let Some(early) = self.early.take() {
                self.to_viewer.push_back(early);
            }
            tokio::select! {
                permit = items.reserve(), if !self.to_viewer.is_empty() => {
                    let Ok(permit) = permit else {
                        // The viewer has gone, and the worker with it.
                        std::future::pending().await
                    };
                    if let Some(bytes) = self.to_viewer.pop_front() {
                        permit.send(ScreenItem::Bytes(bytes));
                    }
                }
                permit = input.reserve(), if self.to_screen.is_some() => {
                    // A screen that takes nothing any more is shown to its end.
                    if let (Some(bytes), Ok(permit)) = (self.to_screen.take(), permit) {
                        permit.send(bytes);
                    }
                }
                shown = output.recv(), if is_in && self.to_viewer.is_empty() => match shown.transpose()? {
                    Some(bytes) => self.to_viewer.push_back(bytes),
                    None => return Err(End::Screen(None)),
                },
                () = input.closed(), if !is_in => return Err(End::Screen(None)),
                Some(word) = words.recv(), if self.to_screen.is_none() && self.to_viewer.len() < ANSWERS => {
                    if let ScreenWord::Bytes(bytes) = word {
                        self.take(&bytes)?;
                    }
                }
            }
        }
    }

    /// Takes what the viewer sent.
    fn take(&mut self, bytes: &[u8]) -> Result<(), End> {
        let fed = self.client.feed(bytes).map_err(End::Viewer)?;
        if !fed.to_viewer.is_empty() {
            self.to_viewer.push_back(fed.to_viewer.into());
        }
        self.to_screen = Some(Bytes::from(fed.to_screen)).filter(|bytes| !bytes.is_empty());
        Ok(())
    }
}
