//! Reading what a console printed: stretches, boots and marks.
use super::{api::Openable, tapes::Tape};
use crate::{Core, Ctx, Error};
use std::sync::Arc;
use wxa_model::{ConsoleKind, UnixMillis, VmId, console::GuestEvent};
use wxa_store::consoles::{BOOT, MarkRecord, Printed};

/// Stretches that are told, the latest ones.
const SPANS: usize = 500;
/// Boots and marks that are told, the latest ones.
const MARKS: u32 = 1000;
/// The most bytes in one answer.
const MOST: u32 = 1 << 20;
/// Bytes in one answer when nothing is said.
const USUAL: u32 = 256 << 10;

/// What is kept of a console, and what happened in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsolePast {
    /// Names the tape: offsets of two epochs cannot be compared.
    pub epoch: u64,
    /// Stretches that are kept, oldest first: `(from, to)`. The last one ends where the guest prints next.
    pub kept: Vec<(u64, u64)>,
    /// Boots, oldest first.
    pub boots: Vec<PastBoot>,
    /// Everything else that happened, oldest first.
    pub marks: Vec<PastMark>,
    /// Why output is not being kept: a sentence; none when it is.
    pub not_recorded: Option<String>,
}

impl ConsolePast {
    /// Of a console that is not there, for this reason.
    fn none(why: String) -> Self {
        Self {
            epoch: 0,
            kept: Vec::new(),
            boots: Vec::new(),
            marks: Vec::new(),
            not_recorded: Some(why),
        }
    }
}

/// One run of the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastBoot {
    /// Offset of its first byte.
    pub offset: u64,
    /// When it began.
    pub at: UnixMillis,
    /// Milliseconds from then to the login prompt, where there was one.
    pub login_ms: Option<u64>,
}

/// Something that happened in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastMark {
    /// Where.
    pub offset: u64,
    /// When.
    pub at: UnixMillis,
    /// What.
    pub what: GuestEvent,
}

/// A stretch of what was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastStretch {
    /// Names the tape.
    pub epoch: u64,
    /// In order; what is between two that do not meet is not kept.
    pub printed: Vec<Printed>,
    /// Where to go on; none when this was the end.
    pub next: Option<u64>,
}

impl Core {
    /// What is kept of a VM's console, and what happened in it. Of a VM without such a console that is nothing, and why.
    ///
    /// # Errors
    /// As for [`Core::console_open`], but for that.
    pub async fn console_marks(
        &self,
        ctx: &Ctx,
        vm: VmId,
        kind: Option<ConsoleKind>,
    ) -> Result<ConsolePast, Error> {
        let tape = match self.readable(ctx, vm, kind) {
            Err(Error::Conflict(refusal)) => return Ok(ConsolePast::none(refusal.sentence)),
            tape => tape?,
        };
        let tapes = self.live().consoles.tapes();
        let mut kept = tapes.spans(&tape, SPANS).await?;
        let end = tape.end();
        if kept.last().is_none_or(|last| last.1 < end) {
            kept.push((end, end));
        }
        let boots = tapes.marks(&tape, Some(BOOT), MARKS).await?;
        let marks = tapes.marks(&tape, None, MARKS).await?;
        Ok(ConsolePast {
            epoch: tape.epoch,
            kept,
            boots: boots.into_iter().map(boot).collect(),
            marks: marks.iter().filter_map(past_mark).collect(),
            not_recorded: self.not_recorded(vm, tape.key.kind),
        })
    }

    /// What a VM's console printed from `from` on, as far as it is kept: at most `most` bytes. The audit log
    /// tells it, once an hour for each caller and VM.
    ///
    /// # Errors
    /// As for [`Core::console_open`].
    pub async fn console_history(
        &self,
        ctx: &Ctx,
        vm: VmId,
        kind: Option<ConsoleKind>,
        from: Option<u64>,
        most: Option<u32>,
    ) -> Result<PastStretch, Error> {
        let Openable { kind, label, .. } = self.openable(ctx, vm, kind)?;
        self.tell_reading(ctx, "console_history", vm, &label).await?;
        let tape = self.live().consoles.tapes().tape(vm, kind);
        let most = usize::try_from(most.unwrap_or(USUAL).clamp(1, MOST)).unwrap_or_default();
        let tapes = self.live().consoles.tapes();
        let end = tape.end();
        let printed = tapes.read(&tape, from.unwrap_or_default(), end, most).await?;
        let next = printed.last().map(Printed::end).filter(|next| *next < end);
        Ok(PastStretch {
            epoch: tape.epoch,
            printed,
            next,
        })
    }

    /// The tape of a console that the caller may read: who may watch it may read what it printed.
    pub(super) fn readable(
        &self,
        ctx: &Ctx,
        vm: VmId,
        kind: Option<ConsoleKind>,
    ) -> Result<Arc<Tape>, Error> {
        let kind = self.openable(ctx, vm, kind)?.kind;
        Ok(self.live().consoles.tapes().tape(vm, kind))
    }
}

/// What this program does not know is left out.
fn past_mark(mark: &MarkRecord) -> Option<PastMark> {
    Some(PastMark {
        offset: mark.offset,
        at: mark.at,
        what: GuestEvent::from_key(&mark.what)?,
    })
}

fn boot(mark: MarkRecord) -> PastBoot {
    PastBoot {
        offset: mark.offset,
        at: mark.at,
        login_ms: mark.value,
    }
}
