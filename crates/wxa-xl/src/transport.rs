//! The one seam between the driver and its host: commands, streams and terminals, over SSH or as processes beside us.
mod connection;
mod exec;
mod lines;
mod process;
mod tunnel;

pub(crate) use connection::Connection;
pub(crate) use exec::{Effect, Limits, Output};
pub(crate) use lines::{AtEnd, Lines};
pub(crate) use process::{Closed, Process, Reader, Said, Terminal, Writer};
pub(crate) use tunnel::Tunnel;
