//! The browser's picture of everything, kept current by one socket.
//!
//! It is a cache: dropping the socket and asking anew gives the same screen. Decisions are pure ([`tables`], [`rings`],
//! [`backoff`]); [`store`] turns them into signals; [`socket`] is the only part that touches the network.
pub mod backoff;
pub mod outline;
pub mod places;
pub mod rings;
pub mod socket;
pub mod store;
pub mod tables;

pub use store::{Link, Live, MOST_WISHED};
