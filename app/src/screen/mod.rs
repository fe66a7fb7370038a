//! The graphical console of a VM: its screen, keys that browsers keep for themselves, and text that is typed for the reader.
//!
//! What is pressed for a text ([`layout`]) and for a combination ([`combos`]) is data, tested natively; noVNC and the socket live in
//! `browser`.
#[cfg(feature = "hydrate")]
mod browser;
mod combos;
mod layout;
mod link;
mod panel;
mod paste;
mod people;

pub use panel::ScreenPanel;
