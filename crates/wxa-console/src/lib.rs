//! What a guest prints on its console, understood: firmware, boot loader, kernel, services, a login prompt, a panic.
//!
//! [`Reader`] is fed with the bytes as they come and tells at which byte something began. What lines say is in [`rules`], as
//! data. Whatever a guest prints, a reader's memory is a few kilobytes and its time grows with the bytes only, and a later line
//! corrects an earlier one: a guest can deceive about itself, as it always can, and not for longer than it keeps doing so.
mod line;
mod pattern;
mod reader;
pub mod rules;

pub use reader::{Reader, Told};
