//! Persistence on SQLite: one file per table with its queries, rows private, records public.
//!
//! Everything goes through [`Store`]; nothing outside this crate writes SQL. There is no trait over it: tests use
//! the real thing in a temporary folder.
pub mod api_token;
mod aside;
pub mod audit;
pub mod console_link;
pub mod consoles;
pub mod error;
pub mod examine;
pub mod filter;
mod grant;
pub mod host;
mod host_arrival;
mod host_member;
pub mod member_ssh;
pub mod meta;
pub mod metrics;
mod open;
pub mod own;
pub mod preferences;
mod removed_host;
mod row;
pub mod session;
pub mod site;
mod size;
pub mod state;
pub mod status;
pub mod store;
pub mod task;
pub mod token;
pub mod usage;
pub mod user;
mod user_change;

pub use api_token::ApiTokenRecord;
pub use audit::{
    AuditBegin, AuditFilter, AuditOutcome, AuditRecord, ChainBreak, ChainHead, ChainKey, ChainReport,
    ChainSince, OutcomeFilter,
};
pub use console_link::{ConsoleLinkRecord, LinkTyping};
pub use consoles::{ConsoleStore, TapeKey};
pub use error::{Error, OpenError};
pub use examine::{Examined, examine, newest_layout};
pub use filter::FilterRecord;
pub use host::{HostChange, HostDeleted, HostRecord, JumpRecord};
pub use member_ssh::MemberSshRecord;
pub use metrics::{MetricFacts, MetricStore, SeriesKey, Stat};
pub use own::{OwnKey, OwnRecord};
pub use removed_host::{RemovedHost, RemovedSite};
pub use session::SessionRecord;
pub use site::SiteRecord;
pub use size::DatabaseFacts;
pub use state::{PeriodRecord, SpanChange, SpanRecord};
pub use status::{Notice, NoticeRecord, StatusLinkRecord, StatusMemberRecord, StatusOpenRecord};
pub use store::Store;
pub use task::{TaskFilter, TaskRecord, TaskState};
pub use token::{TokenHash, TokenPurpose};
pub use usage::{Amount, Quantity, UsageDay, UsageRecord};
pub use user::{NewUser, UserRecord};
