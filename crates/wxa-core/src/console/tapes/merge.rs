//! The same output comes twice: at once from an attached console, and a moment later (or earlier) from what the host logs.
//! Whichever comes first goes on the tape, and as many bytes of the other are left out. Pure.
use crate::console::{
    history::History,
    overlap::{LEAST, repeated},
};

/// How the host's log stands to what is on the tape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Merge {
    attached: bool,
    /// Bytes at the tape's end that were seen and that the log did not tell yet; negative: that it told and that were not seen yet.
    lead: i64,
    /// The log tells something else than what is seen: it is not listened to as long as the console is attached.
    astray: bool,
    /// It is not known where the log goes on: what it tells next is compared.
    compare: bool,
}

impl Merge {
    /// After a run of the server that left `owed` bytes on the tape that the log is still to tell.
    pub(super) fn owing(owed: u64) -> Self {
        Self {
            lead: i64::try_from(owed).unwrap_or(i64::MAX),
            ..Self::default()
        }
    }

    /// The log is heard for the first time, and something is on the tape that it may tell once more. What was seen of it is counted.
    #[must_use]
    pub(super) fn first_heard(self) -> Self {
        Self {
            compare: self.compare || self.lead == 0,
            ..self
        }
    }

    /// Whether the console is attached.
    pub(super) fn is_attached(&self) -> bool {
        self.attached
    }

    /// Bytes at the tape's end that the log is still to tell.
    pub(super) fn owed(&self) -> u64 {
        u64::try_from(self.lead).unwrap_or_default()
    }

    /// The console is attached: what is seen from now on counts.
    pub(super) fn attach(&mut self) {
        self.attached = true;
        self.lead = self.lead.max(0);
    }

    /// The console is not attached any more: the log goes on where the tape ends.
    pub(super) fn detach(&mut self) {
        self.attached = false;
        self.lead = self.lead.max(0);
        self.compare |= std::mem::take(&mut self.astray);
    }

    /// The log left so many bytes out, or it is not known how many.
    pub(super) fn missed(&mut self, bytes: Option<u64>) {
        match bytes.and_then(|bytes| i64::try_from(bytes).ok()) {
            Some(bytes) if bytes <= self.lead => self.lead -= bytes,
            _ => {
                self.lead = 0;
                self.compare = true;
            }
        }
    }

    /// The attached console printed `bytes`: how many at their beginning are on the tape already.
    pub(super) fn seen(&mut self, tape: &History, bytes: &[u8]) -> usize {
        if self.astray {
            return 0;
        }
        let ahead = usize::try_from(-self.lead).unwrap_or_default().min(bytes.len());
        if ahead > 0 {
            let place = tape.end().saturating_sub(self.lead.unsigned_abs());
            if tape.holds(place, bytes.get(..ahead).unwrap_or_default()) == Some(false) {
                return self.begun_later(tape, bytes);
            }
        }
        self.lead = self.lead.saturating_add(len(bytes.len()));
        ahead
    }

    /// The console shows something else than the log told since it was attached: it may have begun later, where the host did not keep
    /// all of it for whoever attaches.
    fn begun_later(&mut self, tape: &History, bytes: &[u8]) -> usize {
        let told = tape.tail(usize::try_from(self.lead.unsigned_abs()).unwrap_or(usize::MAX));
        let known = [bytes.len(), repeated(&told, bytes)]
            .into_iter()
            .find_map(|known| Some((known, place_of(&told, bytes.get(..known)?)?)));
        match known {
            Some((known, place)) => {
                // What the log told from there on has been seen as far as `bytes` go, and what is new of them is still to be told.
                self.lead = len(bytes.len()) - len(told.len() - place);
                known
            }
            None => {
                self.astray = true;
                self.lead = 0;
                0
            }
        }
    }

    /// The log told `bytes`: how many at their beginning are on the tape already, or are not to be on it.
    pub(super) fn told(&mut self, tape: &History, bytes: &[u8]) -> usize {
        if self.astray && self.attached {
            return bytes.len();
        }
        if std::mem::take(&mut self.compare) {
            return self.found(tape, bytes);
        }
        let behind = usize::try_from(self.lead).unwrap_or_default().min(bytes.len());
        if behind > 0 {
            let place = tape.end().saturating_sub(self.lead.unsigned_abs());
            if tape.holds(place, bytes.get(..behind).unwrap_or_default()) == Some(false) {
                if self.attached {
                    self.astray = true;
                    return bytes.len();
                }
                return self.found(tape, bytes);
            }
        }
        self.advance(behind, bytes.len());
        behind
    }

    /// Finds by comparing where the log goes on.
    fn found(&mut self, tape: &History, bytes: &[u8]) -> usize {
        let known = repeated(&tape.tail(bytes.len()), bytes);
        self.lead = 0;
        self.advance(0, bytes.len() - known);
        known
    }

    /// Of `told` bytes, `behind` were seen already.
    fn advance(&mut self, behind: usize, told: usize) {
        self.lead -= if self.attached { len(told) } else { len(behind) };
    }
}

/// Where in `told` these bytes stand last, if they are enough to be believed.
fn place_of(told: &[u8], bytes: &[u8]) -> Option<usize> {
    if bytes.len() < LEAST {
        return None;
    }
    memchr::memmem::rfind(told, bytes)
}

fn len(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
