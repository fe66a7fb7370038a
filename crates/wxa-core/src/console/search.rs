//! Searching what a console printed, newest first.
use super::{
    api::Openable,
    plain::{CUT, Line, Lines},
    tapes::{Tape, Tapes},
};
use crate::{Core, Ctx, Error};
use std::time::Duration;
use tokio::{sync::Semaphore, task::yield_now, time::Instant};
use wxa_model::{ConsoleKind, UnixMillis, VmId};
use wxa_store::consoles::Printed;

/// What is looked through at a time.
const STRETCH: u64 = 256 << 10;
/// Read beside each stretch: a line may begin before it or end after it, and none is longer.
const BESIDE: u64 = 2 * CUT;
/// Lines in one answer.
const HITS: usize = 100;
/// Time for one answer; whoever asked goes on from there.
const TIME: Duration = Duration::from_secs(2);
/// Characters that may be looked for.
const ASKED: usize = 200;
/// Characters of a line that are told.
const TOLD: usize = 300;
/// Characters of a line that are told before what was found.
const BEFORE: usize = 100;
/// Searches at the same time; others wait.
static TURNS: Semaphore = Semaphore::const_new(2);

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Newest first.
    pub hits: Vec<Hit>,
    /// Where to go on; none when all that is kept was looked through.
    pub before: Option<u64>,
}

/// A line that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Offset of the line's first byte.
    pub offset: u64,
    /// When it was printed.
    pub at: UnixMillis,
    /// The line as it is shown, or the part of it where it was found.
    pub line: String,
    /// Where in `line`, in characters.
    pub begin: u32,
    /// How many characters.
    pub len: u32,
}

impl Core {
    /// Lines of a console's output with `text` in them, whatever its case, newest first: before an offset, or all. The audit log
    /// tells it as it does for [`Core::console_history`].
    ///
    /// # Errors
    /// As for [`Core::console_open`]; [`Error::Invalid`] for a text that is empty or too long.
    pub async fn console_search(
        &self,
        ctx: &Ctx,
        vm: VmId,
        kind: Option<ConsoleKind>,
        text: &str,
        before: Option<u64>,
    ) -> Result<Found, Error> {
        let Openable { kind, label, .. } = self.openable(ctx, vm, kind)?;
        let wanted = folded(text);
        let chars = text.chars().count();
        if wanted.is_empty() || chars > ASKED {
            return Err(Error::Invalid {
                field: "q",
                why: format!("it must have 1 to {ASKED} characters"),
            });
        }
        self.tell_reading(ctx, "console_search", vm, &label).await?;
        let tape = self.live().consoles.tapes().tape(vm, kind);
        let _turn = TURNS.acquire().await.map_err(Error::internal)?;
        let end = tape.end().min(before.unwrap_or(u64::MAX));
        search(self.live().consoles.tapes(), &tape, &wanted, end).await
    }
}

async fn search(tapes: &Tapes, tape: &Tape, wanted: &str, end: u64) -> Result<Found, Error> {
    let begun = Instant::now();
    let mut found = Found::default();
    let mut to = end;
    while let Some(end) = tapes.kept_before(tape, to).await? {
        // Where lines are cut does not depend on where reading begins, as long as that is such a place.
        let from = end.saturating_sub(STRETCH) / CUT * CUT;
        let printed = tapes
            .read(
                tape,
                from.saturating_sub(BESIDE),
                end.saturating_add(BESIDE),
                usize::try_from(STRETCH + CUT + 2 * BESIDE).unwrap_or(usize::MAX),
            )
            .await?;
        for line in lines(&printed).into_iter().rev() {
            if !(from..to).contains(&line.offset) {
                continue;
            }
            let Some(hit) = hit(&line, wanted, &printed) else {
                continue;
            };
            to = line.offset;
            found.hits.push(hit);
            if found.hits.len() >= HITS {
                found.before = Some(to);
                return Ok(found);
            }
        }
        to = from;
        if begun.elapsed() >= TIME {
            found.before = Some(to).filter(|to| *to > 0);
            return Ok(found);
        }
        yield_now().await;
    }
    Ok(found)
}

fn lines(printed: &[Printed]) -> Vec<Line> {
    let mut all = Vec::new();
    let mut lines = Lines::from(printed.first().map_or(0, |first| first.offset));
    for piece in printed {
        lines.push(piece.offset, &piece.bytes, &mut all);
    }
    lines.end(&mut all);
    all
}

fn hit(line: &Line, wanted: &str, printed: &[Printed]) -> Option<Hit> {
    let text = folded(&line.text);
    let place = text.find(wanted)?;
    let begin = text.get(..place)?.chars().count();
    let skip = if begin > TOLD / 2 { begin - BEFORE } else { 0 };
    let at = printed.iter().rev().find(|piece| piece.offset <= line.offset)?.at;
    let number = |count: usize| u32::try_from(count).unwrap_or_default();
    Some(Hit {
        offset: line.offset,
        at,
        line: line.text.chars().skip(skip).take(TOLD).collect(),
        begin: number(begin - skip),
        len: number(wanted.chars().count()),
    })
}

/// Without case, character by character, so that places stay the same.
fn folded(text: &str) -> String {
    let lower = |character: char| character.to_lowercase().next().unwrap_or(character);
    text.chars().map(lower).collect()
}

#[cfg(test)]
mod tests;
