//! The serial console of a VM: a terminal that replays what was missed and then follows.
//!
//! Decisions ([`progress`], [`keys`]) are pure and tested natively; xterm.js and the socket live in `browser`.
#[cfg(feature = "hydrate")]
mod browser;
mod keys;
mod panel;
#[cfg(any(feature = "hydrate", test))]
mod progress;

pub use panel::{ConsolePanel, Whose};
