//! The browser's half of the console: xterm.js, the socket, and the session that ties them.
mod session;
mod terminal;

pub(super) use session::Session;
pub(super) use terminal::{Handlers, Screen, load, look};
