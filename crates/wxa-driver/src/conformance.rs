//! What every driver must do, as functions that run on any driver: against a simulator and against real hosts.
//!
//! They take minutes on a real host and change it: guests are started and stopped.
pub mod acts;
pub mod bench;
pub mod consoles;
pub mod details;
pub mod listing;
pub mod measuring;
pub mod recording;
pub mod screens;
pub mod terminal;

pub use bench::{Bench, Broken, Guest, HostShell, View};
pub use screens::Screen;
pub use terminal::Terminal;
