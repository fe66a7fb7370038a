//! SSH to a host: connections, the sessions on them, jump hosts, and host keys.
mod auth;
mod channel;
mod connection;
pub(crate) mod errors;
mod handler;
pub mod host_key;
mod jump;
mod terminal;
mod tunnel;

pub(crate) use channel::{Channel, Input, Output};
pub(crate) use connection::Link;
pub(crate) use tunnel::nothing_there;
