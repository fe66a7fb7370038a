//! Consoles: `xl console` in a PTY, on connections of their own.
mod attach;
mod escape;
mod held;
mod line;
mod log;

pub(crate) use attach::attach;
pub(crate) use line::Lines;
pub(crate) use log::log;
