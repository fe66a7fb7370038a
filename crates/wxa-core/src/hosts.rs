//! The hosts that were added: their records, sealed credentials and drivers.
mod check;
pub(crate) mod credential;
pub(crate) mod keeper;
mod list;
mod registry;
mod unusable;

pub use check::NewHost;
pub use list::HostEntry;

#[cfg(test)]
mod tests;
