//! Everything between the HTTP layer and the drivers: inventory, tasks, consoles, hosts, authorisation, audit.
//!
//! No method is reachable without a [`Ctx`] that says who asks. Another front end would need no change here.
pub mod audit;
pub mod auth;
pub mod backoff;
pub mod clock;
pub mod connect;
pub mod console;
pub mod core;
pub mod ctx;
mod data_dir;
pub mod error;
pub mod hosts;
pub mod hosts_worker;
pub mod inventory;
mod live;
pub mod metrics;
pub mod readiness;
mod seal;
pub mod start_error;
pub mod supervisor;
pub mod tasks;
#[cfg(test)]
mod test_driver;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod throttle;

pub use crate::core::{Core, CoreConfig};
pub use audit::{AuditEntry, AuditFilter, AuditOutcome, AuditRow, AuditTarget};
pub use auth::NewSession;
pub use clock::{Clock, SystemClock};
pub use connect::{Connect, Credential, HostKey, HostSpec};
pub use console::{ConsoleStatus, ConsoleViewer, ViewerItem};
pub use ctx::Ctx;
pub use error::Error;
pub use hosts::NewHost;
pub use inventory::{FeedItem, InventoryFeed, View};
pub use metrics::{HostBatch, SamplesFeed};
pub use readiness::Readiness;
pub use start_error::StartError;
pub use wxa_store::UserRecord;
