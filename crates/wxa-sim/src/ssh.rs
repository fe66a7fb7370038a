//! The SSH face: listener, connections and sessions.

pub(crate) mod connection;
mod forward;
pub(crate) mod server;
pub(crate) mod session;
