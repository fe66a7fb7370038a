//! How long the Rust files are. Files are split where their subject splits; this only tells when to look.

use std::fmt;

use super::Source;

/// Longer than this needs splitting, whatever the subject.
const LIMIT: usize = 600;

/// The lengths of all Rust files, in lines.
pub struct Lengths(Vec<(usize, String)>);

/// Measures them.
pub fn measure(sources: &[Source]) -> Lengths {
    let mut lengths: Vec<_> = sources
        .iter()
        .filter(|source| source.ends(&[".rs"]))
        .map(|source| (source.text.lines().count(), source.path.clone()))
        .collect();
    lengths.sort();
    Lengths(lengths)
}

impl Lengths {
    /// A breach for each file that is too long.
    pub fn breaches(&self) -> impl Iterator<Item = String> + '_ {
        self.0
            .iter()
            .filter(|(lines, _)| *lines > LIMIT)
            .map(|(lines, path)| {
                format!("{path}: {lines} lines; split it where its subject splits (limit {LIMIT})")
            })
    }

    fn at(&self, percent: usize) -> usize {
        self.0
            .get(self.0.len().saturating_sub(1) * percent / 100)
            .map_or(0, |(lines, _)| *lines)
    }
}

impl fmt::Display for Lengths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (longest, path) = self.0.last().map_or((0, ""), |(lines, path)| (*lines, path));
        let (count, median, nine_tenths) = (self.0.len(), self.at(50), self.at(90));
        write!(
            f,
            "{count} Rust files; lines: median {median}, 90 % up to {nine_tenths}, longest {longest} ({path})"
        )
    }
}
