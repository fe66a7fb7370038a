//! What a console printed, as a file: made piece by piece, however much it is.
use super::{api::Openable, cast::Cast, plain::Lines, tapes::Tape};
use crate::{AuditTarget, Core, Ctx, Error};
use std::sync::Arc;
use wxa_model::{ConsoleKind, VmId};
use wxa_store::consoles::Printed;

/// Bytes of the tape that are in memory at once.
const AT_ONCE: usize = 256 << 10;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastFormat {
    /// Lines without escape sequences.
    Text,
    /// The bytes as they came.
    Raw,
    /// asciicast v2.
    Asciicast,
}

impl PastFormat {
    /// For the audit log.
    fn words(self) -> &'static str {
        match self {
            Self::Text => "As text.",
            Self::Raw => "As it came.",
            Self::Asciicast => "As an asciicast.",
        }
    }
}

/// Which part of a tape, as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastPart {
    /// As what.
    pub format: PastFormat,
    /// The first byte; the oldest that is kept when absent.
    pub from: Option<u64>,
    /// The byte after the last one; the newest when absent.
    pub to: Option<u64>,
}

/// A file that is being made.
pub struct PastFile {
    core: Core,
    tape: Arc<Tape>,
    format: PastFormat,
    /// The VM's name, for the file's.
    pub name: String,
    place: u64,
    to: u64,
    lines: Lines,
    cast: Cast,
    is_over: bool,
}

impl Core {
    /// A file with what a console printed.
    ///
    /// # Errors
    /// As for [`Core::console_open`].
    pub async fn console_download(
        &self,
        ctx: &Ctx,
        vm: VmId,
        kind: Option<ConsoleKind>,
        part: PastPart,
    ) -> Result<PastFile, Error> {
        let Openable {
            kind, label: name, ..
        } = self.openable(ctx, vm, kind)?;
        let tape = self.live().consoles.tapes().tape(vm, kind);
        let row = self
            .audit_begin(ctx, "console_download", AuditTarget::new(vm, &name))
            .await?;
        row.done(part.format.words()).await;
        Ok(PastFile::of(self.clone(), tape, name, part))
    }
}

impl PastFile {
    fn of(core: Core, tape: Arc<Tape>, name: String, part: PastPart) -> Self {
        let place = part.from.unwrap_or_default();
        Self {
            core,
            format: part.format,
            cast: Cast::new(&name),
            name,
            place,
            to: part.to.unwrap_or(u64::MAX).min(tape.end()),
            lines: Lines::from(place),
            tape,
            is_over: false,
        }
    }

    /// The next part of the file; none at its end.
    ///
    /// # Errors
    /// When the tape cannot be read.
    pub async fn more(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            let tapes = self.core.live().consoles.tapes();
            let printed = tapes.read(&self.tape, self.place, self.to, AT_ONCE).await?;
            let mut made = Vec::new();
            match printed.last() {
                Some(last) => self.place = last.end(),
                None => self.is_over = true,
            }
            match self.format {
                PastFormat::Text => self.text(printed, &mut made),
                PastFormat::Raw => made.extend(printed.into_iter().flat_map(|piece| piece.bytes)),
                PastFormat::Asciicast => self.cast(printed, &mut made),
            }
            if !made.is_empty() {
                return Ok(Some(made));
            }
        }
    }

    fn text(&mut self, printed: Vec<Printed>, made: &mut Vec<u8>) {
        let mut lines = Vec::new();
        for piece in printed {
            self.lines.push(piece.offset, &piece.bytes, &mut lines);
        }
        if self.is_over {
            self.lines.end(&mut lines);
        }
        for line in lines {
            made.extend_from_slice(line.text.as_bytes());
            made.push(b'\n');
        }
    }

    fn cast(&mut self, printed: Vec<Printed>, made: &mut Vec<u8>) {
        for piece in printed {
            self.cast.push(piece.offset, piece.at, &piece.bytes, made);
        }
        if self.is_over {
            self.cast.end(made);
        }
    }
}

#[cfg(test)]
mod tests;
