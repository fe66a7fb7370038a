//! Fuzz targets: one for each parser of foreign bytes, with what must hold whatever the bytes are.
//!
//! A target panics when something does not hold. `cargo xtask fuzz` drives them with libFuzzer; the tests of this crate
//! replay seeds, mutations of them, and every input in `regressions/` that once broke a target.
#![expect(
    clippy::panic,
    reason = "a target says by panicking what does not hold; nothing here is part of the product"
)]
pub mod mutate;
mod seeds;
mod targets;

/// One parser, or a few that read the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it reads, and from whom.
    pub reads: &'static str,
    /// Runs it once.
    pub run: fn(&[u8]),
    /// Inputs to begin with: what real hosts and browsers send.
    pub seeds: &'static [&'static [u8]],
}

/// All targets.
pub fn targets() -> impl Iterator<Item = &'static Target> {
    [
        targets::host::TARGETS,
        targets::pool::TARGETS,
        targets::console::TARGETS,
        targets::screen::TARGETS,
        targets::wire::TARGETS,
        targets::browser::TARGETS,
    ]
    .into_iter()
    .flatten()
}

/// The target of that name.
pub fn target(name: &str) -> Option<&'static Target> {
    targets().find(|target| target.name == name)
}
