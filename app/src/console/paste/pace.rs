//! How fast a paste is typed: programs without a flow of their own (boot loaders, installers) lose what comes at once.
use crate::text::C;

/// What is sent without a pause in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As much as a console takes at once.
    Piece,
    /// A line.
    Line,
    /// A character.
    Key,
}

/// A pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// What is sent at once.
    pub unit: Unit,
    /// Milliseconds between two of them.
    pub pause_ms: u32,
}

const fn pace(unit: Unit, pause_ms: u32, words: C) -> (Pace, C) {
    (Pace { unit, pause_ms }, words)
}

/// What is offered, fastest first.
pub static PACES: [(Pace, C); 6] = [
    pace(Unit::Piece, 10, C::PaceAtOnce),
    pace(Unit::Line, 100, C::PaceLines),
    pace(Unit::Line, 500, C::PaceLinesSlow),
    pace(Unit::Line, 2000, C::PaceLinesSlowest),
    pace(Unit::Key, 15, C::PaceKeys),
    pace(Unit::Key, 80, C::PaceKeysSlow),
];

/// The one to begin with: lines are given time, a single one need not.
pub fn proposed(lines: usize) -> usize {
    usize::from(lines > 1)
}

/// The one that was chosen.
pub fn chosen(index: usize) -> Pace {
    let first = PACES[0].0;
    PACES.get(index).map_or(first, |(pace, _)| *pace)
}

impl Pace {
    /// Milliseconds that so many pieces take.
    pub fn takes_ms(self, pieces: usize) -> u64 {
        u64::from(self.pause_ms).saturating_mul(pieces.saturating_sub(1) as u64)
    }
}
