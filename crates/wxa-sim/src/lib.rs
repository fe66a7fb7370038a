//! A simulated Xen fleet on real sockets. Its plain-Xen face is an SSH server whose `xl`, `xentop`, `xenstore-*` and log files
//! answer in the formats of Xen 4.17, with guests that boot, work, fail and are typed at. It is the demo and the test bed.
//!
//! ```no_run
//! # async fn demo() -> std::io::Result<()> {
//! use wxa_sim::{GuestSpec, SimHost, SimHostConfig};
//! let mut config = SimHostConfig::new("xen-1", 7);
//! config.guests.push(GuestSpec::new("web-01"));
//! let host = SimHost::start(config).await?;
//! println!("ssh root@{} (password xen), {}", host.address(), host.fingerprint());
//! host.stop().await;
//! # Ok(()) }
//! ```

mod actor;
mod ails;
mod clock;
mod commands;
mod config;
mod dice;
mod faults;
mod fleet;
mod guest;
mod host;
mod hostkey;
mod rfb;
pub mod sentinels;
mod shell;
mod ssh;
mod world;
pub mod xapi;

pub use ails::Ail;
pub use config::{AtStart, ConsoleLogs, Forwarding, GuestSpec, GuestType, Pace, SimHostConfig, SudoPolicy};
pub use fleet::{demo_fleet, sentinel_guests};
pub use host::{CommandOutput, SimHost};
