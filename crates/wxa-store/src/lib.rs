//! Persistence on SQLite: one file per table with its queries, rows private, records public.
//!
//! Everything goes through [`Store`]; nothing outside this crate writes SQL. There is no trait over it: tests use
//! the real thing in a temporary folder.
pub mod audit;
pub mod error;
mod grant;
pub mod host;
pub mod meta;
mod open;
mod row;
pub mod session;
pub mod site;
pub mod store;
pub mod task;
pub mod token;
pub mod user;

pub use audit::{AuditBegin, AuditOutcome, AuditRecord};
pub use error::{Error, OpenError};
pub use host::{HostDeleted, HostRecord};
pub use session::SessionRecord;
pub use site::SiteRecord;
pub use store::Store;
pub use token::{TokenHash, TokenPurpose};
pub use user::{NewUser, UserRecord};
