//! The SSH face: listener, connections and sessions.

pub(crate) mod connection;
pub(crate) mod server;
pub(crate) mod session;
