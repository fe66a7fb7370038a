//! The serial console of a VM: a terminal that replays what was missed and then follows.
//!
//! Decisions ([`progress`], [`people`], [`keys`], [`boots`], [`kept`], `paste::text`, `past::reel`) are pure and tested natively;
//! xterm.js and the socket live in `browser`. What is needed now and then is in [`tools`], whose code comes later.
mod boot_list;
mod boots;
#[cfg(feature = "hydrate")]
mod browser;
mod desk;
mod guest_links;
mod kept;
mod keys;
mod link;
mod panel;
mod past;
mod paste;
mod people;
mod place;
mod presence;
#[cfg(any(feature = "hydrate", test))]
mod progress;
pub mod recording;
mod search;
mod side;
mod sticky;
mod strip;
mod sysrq;
mod toolbar;
mod tools;
mod typing;
mod way;
mod when;
mod words;

pub use desk::Desk;
pub use link::Whose;
pub use panel::ConsolePanel;
pub use place::Place;
pub use toolbar::theme_name;
pub use tools::ConsoleTools;
pub use way::ConsoleWay;
