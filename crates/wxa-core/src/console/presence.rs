//! Who has a console open and who of them types: the keyboard's rules with a clock, watched by everybody there.
use super::{
    VIEWERS,
    keyboard::{Comer, Keyboard, KeyboardRight, KeyboardWord, Typed},
};
use std::time::Duration;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

#[derive(Debug)]
pub(super) struct Presence {
    keyboard: watch::Sender<Keyboard>,
    /// The keyboard's times are counted from here.
    begun: Instant,
}

impl Presence {
    pub(super) fn new() -> Self {
        Self {
            keyboard: watch::Sender::default(),
            begun: Instant::now(),
        }
    }

    pub(super) fn watch(&self) -> watch::Receiver<Keyboard> {
        self.keyboard.subscribe()
    }

    pub(super) fn count(&self) -> usize {
        self.keyboard.borrow().len()
    }

    /// Adds a viewer and returns its number; none when there are too many.
    pub(super) fn join(&self, comer: Comer) -> Option<u64> {
        let mut number = None;
        self.keyboard.send_if_modified(|keyboard| {
            if keyboard.len() < VIEWERS {
                number = Some(keyboard.join(comer));
            }
            number.is_some()
        });
        number
    }

    pub(super) fn leave(&self, number: u64) {
        let now = self.now();
        self.keyboard.send_modify(|keyboard| keyboard.leave(number, now));
    }

    pub(super) fn set_right(&self, number: u64, right: KeyboardRight) {
        let now = self.now();
        self.keyboard
            .send_if_modified(|keyboard| keyboard.set_right(number, right, now));
    }

    pub(super) fn may_type(&self, number: u64) -> bool {
        self.keyboard.borrow().may_type(number)
    }

    /// Whether what the viewer typed a moment ago goes to the guest still.
    pub(super) fn still_types(&self, number: u64) -> bool {
        self.keyboard.borrow().still_types(number)
    }

    /// A viewer types: whether that goes to the guest.
    pub(super) fn typed(&self, number: u64) -> bool {
        let now = self.now();
        let mut goes = false;
        // Others are not woken at every key.
        self.keyboard
            .send_if_modified(|keyboard| match keyboard.typed(number, now) {
                Typed::Goes { changed } => {
                    goes = true;
                    changed
                }
                Typed::Dropped => false,
            });
        goes
    }

    pub(super) fn has_typed(&self, number: u64) -> bool {
        self.keyboard.borrow().has_typed(number)
    }

    pub(super) fn said(&self, number: u64, word: KeyboardWord) {
        let now = self.now();
        self.keyboard
            .send_if_modified(|keyboard| keyboard.said(number, word, now));
    }

    /// Returns when the keyboard was taken from somebody who was silent for too long. Each viewer waits for it beside what it waits for
    /// anyway, so that no worker is needed for as long as somebody is there.
    pub(super) async fn silence(&self) {
        loop {
            let Some(at) = self.keyboard.borrow().silent_at() else {
                // Whoever gets it wakes the viewers.
                return std::future::pending().await;
            };
            sleep_until(self.begun + at).await;
            let now = self.now();
            if self.keyboard.send_if_modified(|keyboard| keyboard.expire(now)) {
                return;
            }
        }
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }
}
