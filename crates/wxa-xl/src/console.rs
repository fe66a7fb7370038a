//! Consoles: `xl console` in a PTY and screens through tunnels, on connections of their own.
mod attach;
mod escape;
mod held;
mod line;
mod log;
mod screen;

pub(crate) use attach::{Kind, attach, start};
pub use held::Refusal;
pub(crate) use line::{Line, Lines};
pub(crate) use log::log;
pub use screen::played;
