//! Helpers for tests: a whole application on port 0, signed-in clients, sockets, waiting for conditions.
//!
//! Nothing here is a fake: the router, the database, the sockets and the simulated hosts' SSH servers are real.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "this crate is used by tests only: a failure must stop them"
)]
mod app;
mod builder;
mod client;
mod clock;
mod console;
mod live;
mod raw;
mod screen;
mod socket;
mod wait;

pub use app::TestApp;
pub use builder::Builder;
pub use client::{Client, Failure, Raw};
pub use clock::SetClock;
pub use console::ConsoleClient;
pub use live::LiveClient;
pub use raw::{RawSocket, frame};
pub use screen::ScreenClient;
pub use socket::{Closed, Socket};
pub use wait::{DEADLINE, wait_until};
