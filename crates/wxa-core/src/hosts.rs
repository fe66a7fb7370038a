//! The hosts that were added: their records, sealed credentials and drivers.
pub(crate) mod attached;
mod check;
pub(crate) mod credential;
mod registry;
mod unusable;

pub use check::NewHost;

#[cfg(test)]
mod tests;
