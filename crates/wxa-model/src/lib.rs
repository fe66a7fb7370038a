//! The nouns of WebXenAdmin and the rules over them.
//!
//! Pure: no I/O, no clock, no randomness, and it builds for the browser. The browser and the server decide with
//! the same functions, so a button is disabled for the very reason the server would give.
pub mod action;
pub mod agent;
pub mod arrival;
pub mod console;
pub mod filter;
pub mod grants;
pub mod guest_info;
pub mod health;
pub mod host;
pub mod host_details;
pub mod ids;
pub mod known_host;
pub mod metric;
mod network;
pub mod object;
pub mod order;
pub mod pool_details;
pub mod pool_task;
pub mod preferences;
pub mod quantity;
pub mod query;
pub mod refusal;
pub mod rules;
pub mod sample;
pub mod status;
pub mod storage;
pub mod sysrq;
pub mod tag;
pub mod task;
pub mod top;
pub mod trust;
pub mod vm;
pub mod vm_brief;
pub mod vm_place;

pub use action::{Action, VmAct};
pub use arrival::Arrival;
pub use filter::{FilterPage, FilterShare, SavedFilter};
pub use grants::{Grant, Permission, Role, Scope, Target};
pub use guest_info::GuestInfo;
pub use host::{GuestLogging, Host, HostFacts, HostKind, Link, Site, Transport};
pub use host_details::{HostDetails, Told};
pub use ids::{
    AuditId, CheckId, ConsoleLinkId, FilterId, HostId, NoticeId, ServiceId, SessionId, SiteId, StatusLinkId,
    StatusPageId, TaskId, TokenId, UserId, VmId,
};
pub use known_host::KnownHost;
pub use metric::{Metric, Unit};
pub use network::Network;
pub use object::{Change, Key, Object};
pub use pool_details::PoolDetails;
pub use pool_task::{PoolTask, PoolWork};
pub use preferences::Preferences;
pub use quantity::{Bytes, UnixMillis};
pub use refusal::{Refusal, RefusalCode, RefusedAction};
pub use sample::{HostSample, Part, PartSample, SampleBatch, VmSample};
pub use sysrq::{NoSysrqKey, SysrqKey};
pub use task::{Cancel, Task, TaskOutcome};
pub use top::TopBy;
pub use trust::{KnownMember, Trust};
pub use vm::{ConsoleKind, Disk, GuestType, Nic, NoConsole, PowerState, Vm, VmRole};
pub use vm_place::VmPlace;
