//! The nouns of WebXenAdmin and the rules over them.
//!
//! Pure: no I/O, no clock, no randomness, and it builds for the browser. The browser and the server decide with
//! the same functions, so a button is disabled for the very reason the server would give.
pub mod action;
pub mod grants;
pub mod host;
pub mod ids;
pub mod object;
pub mod quantity;
pub mod refusal;
pub mod rules;
pub mod sample;
pub mod task;
pub mod vm;

pub use action::Action;
pub use grants::{Grant, Permission, Role, Scope, Target};
pub use host::{GuestLogging, Host, HostFacts, Link, Site};
pub use ids::{AuditId, HostId, SiteId, TaskId, UserId, VmId};
pub use object::{Change, Key, Object};
pub use quantity::{Bytes, UnixMillis};
pub use refusal::{Refusal, RefusalCode};
pub use sample::{HostSample, SampleBatch, VmSample};
pub use task::{Task, TaskOutcome};
pub use vm::{ConsoleKind, Disk, GuestType, Nic, PowerState, Vm, VmRole};
