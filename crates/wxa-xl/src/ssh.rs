//! SSH to a host: connections, the commands and streams that run on them, and host keys.
mod auth;
mod channel;
mod connection;
pub(crate) mod errors;
mod exec;
mod handler;
pub mod host_key;
mod lines;

pub(crate) use channel::Channel;
pub(crate) use connection::Connection;
pub(crate) use exec::Limits;
pub(crate) use lines::{AtEnd, Lines};
