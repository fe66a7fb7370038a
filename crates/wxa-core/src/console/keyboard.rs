//! Who types: of all who have a console open one at a time has the keyboard. Pure; the time is told.
//!
//! Nobody waits for a keyboard that lies there: whoever types while nobody has it has it. From somebody who has it, it goes by his own
//! word, when he leaves or has not typed for long, or when an administrator takes it. Two windows of one account are one person.
use std::time::Duration;
use wxa_model::{UnixMillis, UserId};

/// Whoever has not typed for so long does not have the keyboard any more.
pub const SILENT: Duration = Duration::from_secs(10 * 60);

/// Who comes to a console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comer {
    /// As others are told.
    pub name: String,
    /// The account; none for guests and the command line, of whom each window is somebody else.
    pub person: Option<UserId>,
    /// By which way.
    pub came: Came,
    /// What it may do here.
    pub right: KeyboardRight,
    /// When it came.
    pub since: UnixMillis,
}

/// How somebody came to a console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// With an account.
    SignedIn,
    /// By a guest link.
    ByLink,
}

/// What somebody may do with a console's keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyboardRight {
    /// Watch.
    Watch,
    /// Type, when it has the keyboard.
    Type,
    /// Also take the keyboard from whoever has it.
    Take,
}

/// What a viewer does with the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyboardState {
    /// Has it.
    Types,
    /// Watches, and has asked for it.
    Asks,
    /// Watches.
    Watches,
    /// May only watch.
    MayOnlyWatch,
}

/// What a viewer says about the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyboardWord {
    /// Asks for it; has it at once where nobody else does.
    Ask,
    /// Does not ask any more.
    Withdraw,
    /// Gives it to a viewer.
    HandOver {
        /// Its number.
        to: u64,
    },
    /// Gives it back: whoever asked longest has it then.
    Release,
    /// Takes it from whoever has it.
    Take,
}

/// One who has the console open, as others are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentViewer {
    /// Its number in this console; no other viewer ever has it.
    pub number: u64,
    /// As others are told.
    pub name: String,
    /// By which way it came.
    pub came: Came,
    /// Since when it is here.
    pub since: UnixMillis,
    /// What it does with the keyboard.
    pub keyboard: KeyboardState,
}

/// What became of something typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// It goes to the guest.
    Goes {
        /// The keyboard came to its typist with it.
        changed: bool,
    },
    /// It is thrown away.
    Dropped,
}

/// A console's viewers in order of arrival, and which of them types. Times are counted from wherever its owner counts them.
#[derive(Debug, Default)]
pub(super) struct Keyboard {
    seats: Vec<Seat>,
    holder: Option<Holder>,
    /// Numbers that were given to viewers, and to askers.
    last_number: u64,
    last_turn: u64,
}

#[derive(Debug)]
struct Seat {
    number: u64,
    comer: Comer,
    /// Its turn among those who ask; none while it does not.
    asks: Option<u64>,
    has_typed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Holder {
    number: u64,
    /// When it got the keyboard or typed last.
    heard: Duration,
}

impl Keyboard {
    pub(super) fn len(&self) -> usize {
        self.seats.len()
    }

    /// A viewer comes; its number.
    pub(super) fn join(&mut self, comer: Comer) -> u64 {
        self.last_number += 1;
        self.seats.push(Seat {
            number: self.last_number,
            comer,
            asks: None,
            has_typed: false,
        });
        self.last_number
    }

    /// A viewer goes.
    pub(super) fn leave(&mut self, number: u64, now: Duration) {
        self.seats.retain(|seat| seat.number != number);
        if self.holds(number) {
            self.pass_on(now);
        }
    }

    /// What a viewer may do is something else now. Returns whether anything that is shown changed.
    pub(super) fn set_right(&mut self, number: u64, right: KeyboardRight, now: Duration) -> bool {
        let Some(seat) = self.seat(number) else {
            return false;
        };
        let before = std::mem::replace(&mut seat.comer.right, right);
        if right == KeyboardRight::Watch {
            seat.asks = None;
            if self.holds(number) {
                self.pass_on(now);
            }
        }
        (before == KeyboardRight::Watch) != (right == KeyboardRight::Watch)
    }

    /// Whether what the viewer types now would go to the guest.
    pub(super) fn may_type(&self, number: u64) -> bool {
        let seat = self.seats.iter().find(|seat| seat.number == number);
        seat.is_some_and(|seat| seat.comer.right >= KeyboardRight::Type && self.is_free_for(seat))
    }

    /// Whether what the viewer typed a moment ago goes to the guest still. One who left by himself meant what he typed, unless another
    /// has the keyboard by now.
    pub(super) fn still_types(&self, number: u64) -> bool {
        let is_here = self.seats.iter().any(|seat| seat.number == number);
        if is_here {
            self.may_type(number)
        } else {
            self.holder.is_none()
        }
    }

    /// A viewer types.
    pub(super) fn typed(&mut self, number: u64, now: Duration) -> Typed {
        if !self.may_type(number) {
            return Typed::Dropped;
        }
        let changed = !self.holds(number);
        if let Some(seat) = self.seat(number) {
            seat.has_typed = true;
        }
        self.give(number, now);
        Typed::Goes { changed }
    }

    /// Whether anything that the viewer typed went to the guest.
    pub(super) fn has_typed(&self, number: u64) -> bool {
        self.seats
            .iter()
            .any(|seat| seat.number == number && seat.has_typed)
    }

    /// A viewer says something about the keyboard; what it may not say, or what makes no sense any more, changes nothing. Returns
    /// whether anything changed.
    pub(super) fn said(&mut self, number: u64, word: KeyboardWord, now: Duration) -> bool {
        let Some(right) = self.seat(number).map(|seat| seat.comer.right) else {
            return false;
        };
        let (holds, may_type) = (self.holds(number), right >= KeyboardRight::Type);
        match word {
            KeyboardWord::Ask if may_type && !holds => self.ask(number, now),
            KeyboardWord::Withdraw => self.seat(number).is_some_and(|seat| seat.asks.take().is_some()),
            KeyboardWord::HandOver { to } if holds && to != number => {
                let takes = |seat: &Seat| seat.number == to && seat.comer.right >= KeyboardRight::Type;
                let is_there = self.seats.iter().any(takes);
                if is_there {
                    self.give(to, now);
                }
                is_there
            }
            KeyboardWord::Release if holds => {
                self.pass_on(now);
                true
            }
            KeyboardWord::Take if right == KeyboardRight::Take && !holds => {
                self.give(number, now);
                true
            }
            KeyboardWord::Ask
            | KeyboardWord::HandOver { .. }
            | KeyboardWord::Release
            | KeyboardWord::Take => false,
        }
    }

    /// When whoever has the keyboard will have been silent for too long; none while nobody has it.
    pub(super) fn silent_at(&self) -> Option<Duration> {
        self.holder.map(|holder| holder.heard.saturating_add(SILENT))
    }

    /// Takes the keyboard from somebody who has been silent for too long. Returns whether it did.
    pub(super) fn expire(&mut self, now: Duration) -> bool {
        let is_over = self.silent_at().is_some_and(|at| at <= now);
        if is_over {
            self.pass_on(now);
        }
        is_over
    }

    /// Everybody, in order of arrival.
    pub(super) fn present(&self) -> Vec<PresentViewer> {
        let present = |seat: &Seat| PresentViewer {
            number: seat.number,
            name: seat.comer.name.clone(),
            came: seat.comer.came,
            since: seat.comer.since,
            keyboard: match seat.comer.right {
                _ if self.holds(seat.number) => KeyboardState::Types,
                KeyboardRight::Watch => KeyboardState::MayOnlyWatch,
                _ if seat.asks.is_some() => KeyboardState::Asks,
                KeyboardRight::Type | KeyboardRight::Take => KeyboardState::Watches,
            },
        };
        self.seats.iter().map(present).collect()
    }

    fn ask(&mut self, number: u64, now: Duration) -> bool {
        if self.may_type(number) {
            self.give(number, now);
            return true;
        }
        let turn = self.last_turn + 1;
        match self.seat(number) {
            Some(seat) if seat.asks.is_none() => {
                seat.asks = Some(turn);
                self.last_turn = turn;
                true
            }
            _ => false,
        }
    }

    /// Whoever asked longest has it; nobody when nobody asks.
    fn pass_on(&mut self, now: Duration) {
        self.holder = None;
        let asking = self
            .seats
            .iter()
            .filter_map(|seat| Some((seat.asks?, seat.number)));
        if let Some((_, number)) = asking.min() {
            self.give(number, now);
        }
    }

    fn give(&mut self, number: u64, now: Duration) {
        if let Some(seat) = self.seat(number) {
            seat.asks = None;
            self.holder = Some(Holder { number, heard: now });
        }
    }

    fn holds(&self, number: u64) -> bool {
        self.holder.is_some_and(|holder| holder.number == number)
    }

    /// Whether nobody has it, or the same person.
    fn is_free_for(&self, seat: &Seat) -> bool {
        let holder = self.holder.map(|holder| holder.number);
        let holder = self.seats.iter().find(|other| Some(other.number) == holder);
        holder.is_none_or(|holder| {
            holder.number == seat.number
                || (holder.comer.person.is_some() && holder.comer.person == seat.comer.person)
        })
    }

    fn seat(&mut self, number: u64) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.number == number)
    }
}

#[cfg(test)]
mod tests;
