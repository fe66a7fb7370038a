//! What is known of one guest by one of its consoles. Pure.
use super::{Mark, New, What, flow::Flow};
use std::collections::VecDeque;
use wxa_console::Reader;
use wxa_model::{
    ConsoleKind, UnixMillis,
    console::{COMPARED, GuestEvent, GuestPhase, Understood, is_slow},
};

/// A prompt that comes later than this has other reasons than a boot that takes long.
const LONGEST_MS: u64 = 60 * 60_000;

/// One guest.
#[derive(Debug)]
pub(super) struct Guest {
    reader: Reader,
    understood: Option<Understood>,
    kind: ConsoleKind,
    boot: Option<Boot>,
    /// The first prompt after the last phase that was none.
    prompt: Option<(u64, UnixMillis)>,
    /// Milliseconds to the prompt of the latest boots, oldest first.
    logins: VecDeque<u64>,
    flow: Flow,
}

/// The run of the guest that is the present one.
#[derive(Clone, Copy, Debug)]
struct Boot {
    offset: u64,
    at: UnixMillis,
    /// Whether its prompt is still to be measured.
    open: bool,
    slow: bool,
}

impl Guest {
    pub(super) fn new(kind: ConsoleKind, offset: u64) -> Self {
        Self {
            reader: Reader::new(offset, None),
            understood: None,
            kind,
            boot: None,
            prompt: None,
            logins: VecDeque::new(),
            flow: Flow::default(),
        }
    }

    pub(super) fn understood(&self) -> Option<Understood> {
        let boot = self.boot;
        self.understood.map(|understood| Understood {
            began: boot.map(|boot| boot.at),
            slow: boot.is_some_and(|boot| boot.slow),
            ..understood
        })
    }

    /// Whether nothing is known of earlier boots.
    pub(super) fn lacks_past(&self) -> bool {
        self.logins.is_empty()
    }

    pub(super) fn printed(&mut self, offset: u64, at: UnixMillis, bytes: &[u8]) -> (Vec<Mark>, New) {
        if self.reader.end() != offset {
            self.reader.skip_to(offset);
        }
        let mut marks = Vec::new();
        let mut new = New::Nothing;
        for told in self.reader.feed(bytes) {
            if let GuestEvent::Phase(phase) = told.what {
                self.comes_to(phase, told.offset, at);
            }
            if self.flow.take(at) {
                new = New::Now;
                marks.push(Mark {
                    offset: told.offset,
                    at,
                    what: What::Told(told.what),
                    value: None,
                });
            } else if new == New::Nothing {
                new = New::Late;
            }
        }
        self.measure(&mut marks);
        (marks, new)
    }

    /// It began to run: what was told before that is not known any more, what came since is.
    pub(super) fn began(
        &mut self,
        offset: u64,
        at: UnixMillis,
        measured: Option<UnixMillis>,
    ) -> (Vec<Mark>, New) {
        self.boot = Some(Boot {
            offset,
            at,
            open: measured.is_some(),
            slow: false,
        });
        if self
            .understood
            .is_none_or(|understood| understood.offset < offset)
        {
            self.understood = None;
            self.prompt = None;
            self.reader.forget();
        }
        let mut marks = Vec::new();
        self.measure(&mut marks);
        let new = if self.flow.take(at) { New::Now } else { New::Late };
        (marks, new)
    }

    /// Takes from earlier marks, oldest first, what nothing newer is known of.
    pub(super) fn restore(&mut self, marks: &[Mark]) -> New {
        let mut boots = marks.iter().filter(|mark| mark.what == What::Boot);
        if self.logins.is_empty() {
            self.logins.extend(boots.clone().filter_map(|boot| boot.value));
            let many = self.logins.len().saturating_sub(COMPARED);
            self.logins.drain(..many);
        }
        if self.boot.is_none() {
            self.boot = boots.next_back().map(|boot| Boot {
                offset: boot.offset,
                at: boot.at,
                // It was measured, or it came to its prompt while nobody listened.
                open: false,
                slow: marks
                    .iter()
                    .any(|mark| mark.what == What::Told(GuestEvent::SlowBoot) && mark.offset >= boot.offset),
            });
        }
        let last = marks.iter().rev().find_map(|mark| match mark.what {
            What::Told(GuestEvent::Phase(phase)) => Some((phase, mark)),
            _ => None,
        });
        let Some((phase, mark)) = last else {
            return New::Nothing;
        };
        let is_of_another_run = self.boot.is_some_and(|boot| mark.offset < boot.offset);
        if self.understood.is_some() || is_of_another_run {
            return New::Nothing;
        }
        self.reader.set_phase(phase);
        self.understood = Some(Understood {
            phase,
            since: mark.at,
            kind: self.kind,
            offset: mark.offset,
            began: None,
            slow: false,
        });
        New::Now
    }

    fn comes_to(&mut self, phase: GuestPhase, offset: u64, at: UnixMillis) {
        match phase {
            GuestPhase::Login => self.prompt = Some((offset, at)),
            _ => self.prompt = None,
        }
        self.understood = Some(Understood {
            phase,
            since: at,
            kind: self.kind,
            offset,
            began: None,
            slow: false,
        });
    }

    /// The first prompt of a boot says how long it took.
    fn measure(&mut self, marks: &mut Vec<Mark>) {
        let (Some(boot), Some((offset, at))) = (&mut self.boot, self.prompt) else {
            return;
        };
        if !boot.open || offset < boot.offset {
            return;
        }
        boot.open = false;
        let login_ms = at.0.saturating_sub(boot.at.0);
        if login_ms > LONGEST_MS {
            return;
        }
        marks.push(Mark {
            offset: boot.offset,
            at: boot.at,
            what: What::Boot,
            value: Some(login_ms),
        });
        boot.slow = is_slow(login_ms, self.logins.make_contiguous());
        if boot.slow {
            marks.push(Mark {
                offset,
                at,
                what: What::Told(GuestEvent::SlowBoot),
                value: Some(login_ms),
            });
        }
        self.logins.push_back(login_ms);
        if self.logins.len() > COMPARED {
            self.logins.pop_front();
        }
    }
}
