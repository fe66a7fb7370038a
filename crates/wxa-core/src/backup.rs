//! Backups: one file with all that an installation is, made while the server runs, restorable on another machine.
//!
//! What is in it, byte by byte, is in [`format`]; that a passphrase seals it, in [`seal`].
mod create;
mod error;
mod format;
mod inspect;
mod restore;
mod seal;

pub use create::{Created, Measurements};
pub use error::BackupError;
pub use inspect::{BackupInfo, inspect};
pub use restore::{Occupied, Restored, restore};

/// What is in the data folder and in a backup of it.
const DATABASE: &str = "webxenadmin.db";
const SEALING_KEY: &str = "sealing.key";
/// What was measured over time: worth keeping, and worth less than the rest. An installation works without it.
const METRICS: &str = "metrics.db";

#[cfg(test)]
mod tests;
