//! Everything between the HTTP layer and the drivers: inventory, tasks, consoles, hosts, authorisation, audit.
//!
//! No method is reachable without a [`Ctx`] that says who asks. Another front end would need no change here.
pub mod clock;
pub mod connect;
pub mod ctx;
pub mod error;

pub use clock::{Clock, SystemClock};
pub use connect::{Connect, Credential, HostKey, HostSpec};
pub use ctx::Ctx;
pub use error::Error;
