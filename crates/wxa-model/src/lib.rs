//! The nouns of WebXenAdmin and the rules over them.
//!
//! Pure: no I/O, no clock, no randomness, and it builds for the browser. The browser and the server decide with
//! the same functions, so a button is disabled for the very reason the server would give.
pub mod action;
pub mod filter;
pub mod grants;
pub mod guest_info;
pub mod health;
pub mod host;
pub mod host_details;
pub mod ids;
pub mod known_host;
pub mod metric;
pub mod object;
pub mod order;
pub mod pool_details;
pub mod pool_task;
pub mod preferences;
pub mod quantity;
pub mod refusal;
pub mod rules;
pub mod sample;
pub mod storage;
pub mod tag;
pub mod task;
pub mod top;
pub mod trust;
pub mod vm;
pub mod vm_brief;

pub use action::{Action, VmAct};
pub use filter::{FilterPage, FilterShare, SavedFilter};
pub use grants::{Grant, Permission, Role, Scope, Target};
pub use guest_info::GuestInfo;
pub use host::{GuestLogging, Host, HostFacts, HostKind, Link, Site, Transport};
pub use host_details::{HostDetails, Told};
pub use ids::{AuditId, FilterId, HostId, SessionId, SiteId, TaskId, TokenId, UserId, VmId};
pub use known_host::KnownHost;
pub use metric::{Metric, Unit};
pub use object::{Change, Key, Object};
pub use pool_details::PoolDetails;
pub use pool_task::{PoolTask, PoolWork};
pub use preferences::Preferences;
pub use quantity::{Bytes, UnixMillis};
pub use refusal::{Refusal, RefusalCode, RefusedAction};
pub use sample::{HostSample, Part, PartSample, SampleBatch, VmSample};
pub use task::{Cancel, Task, TaskOutcome};
pub use top::TopBy;
pub use trust::{KnownMember, Trust};
pub use vm::{ConsoleKind, Disk, GuestType, Nic, NoConsole, PowerState, Vm, VmRole};
