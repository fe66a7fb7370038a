//! Status pages as readers get them: a document without a script, or a badge, JSON, a feed, a screen on a wall.
//!
//! What may be shown, and to whom, is decided in core; here it is written down. The writing is pure ([`render`]); what is
//! written is kept and sent to everybody who asks alike (decision 0043).
mod badge;
mod cache;
mod feed;
mod figures;
mod gate;
mod html;
mod kiosk;
mod page;
mod preview;
mod reading;
mod render;
mod reply;
#[cfg(test)]
mod sample;
mod serve;
mod sheet;
#[cfg(test)]
mod tests;
mod unlocked;
mod when;
mod words;

pub use reading::{Exports, Kind, Reading, Reload};
pub use render::{Rendered, render};
pub use serve::{Pages, loggable, router};
pub use when::Zone;
