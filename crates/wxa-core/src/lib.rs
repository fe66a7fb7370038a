//! Everything between the HTTP layer and the drivers: inventory, tasks, consoles, hosts, authorisation, audit.
//!
//! No method is reachable without a [`Ctx`] that says who asks. Another front end would need no change here.
pub mod audit;
pub mod auth;
pub mod backoff;
pub mod backup;
pub mod clock;
pub mod connect;
pub mod console;
pub mod core;
pub mod ctx;
mod data_dir;
pub mod details;
pub mod error;
pub mod filters;
mod hidden;
pub mod hosts;
pub mod hosts_worker;
pub mod inventory;
mod live;
pub mod metrics;
pub mod own;
pub mod preferences;
pub mod readiness;
mod seal;
pub mod start_error;
pub mod status;
pub mod status_pages;
pub mod supervisor;
pub mod system;
pub mod tasks;
#[cfg(test)]
mod test_driver;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod throttle;

pub use crate::core::{Core, CoreConfig};
pub use audit::{
    AuditCheck, AuditEntry, AuditFilter, AuditOutcome, AuditPage, AuditRow, AuditTarget, ChainHead,
    OutcomeFilter,
};
pub use auth::{NewLink, NewSession, NewToken, UserRef};
pub use backup::{BackupError, BackupInfo};
pub use clock::{Clock, SystemClock};
pub use connect::{Connect, Credential, HostKey, HostSpec, JumpHost, MemberAccess};
pub use console::{
    Came, ConsoleGuest, ConsoleLinkEntry, ConsoleOver, ConsolePast, ConsoleStatus, ConsoleViewer, Found,
    GuestStay, Hit, HostRecordingFacts, KEYBOARD_SILENT, KeyboardRight, KeyboardState, KeyboardWord,
    NewConsoleLink, PastBoot, PastFile, PastFormat, PastMark, PastPart, PastStretch, PresentViewer,
    RecordingSettings, RecordingWay, ReplayFrom, ScreenItem, ScreenViewer, ScreenWatcher, ScreenWord,
    TypingRoom, Typist, ViewerItem, VmRecording, VmRecordingFacts, rfb::Hand,
};
pub use ctx::{Ctx, TokenCaller};
pub use data_dir::check_sealing_key;
pub use error::{Error, NotRecorded};
pub use filters::NewFilter;
pub use hosts::{
    HostEntry, HostProbe, HostSettings, HostTrust, KeyOf, MemberSsh, MemberSshEntry, NewHost, NewMemberSsh,
    ProbedKey, SignIn,
};
pub use inventory::{FeedItem, IndexBase, IndexFeed, IndexItem, InventoryFeed, View};
pub use metrics::{
    DayUsed, Grid, HostBatch, MeasuredHost, MeasuredNow, MeasuredVm, MetricsAsk, MetricsFrom, MetricsOf,
    MetricsRange, OwnFigures, Parts, RangeSeries, SamplesFeed, Top, TopVm, Whereabouts,
};
pub use own::{NotesChange, TagChange};
pub use readiness::Readiness;
pub use start_error::StartError;
pub use status::{CheckSaid, Roll, ServiceSpec, Stand, Standings};
pub use status_pages::{
    Door, DoorKey, EndChange, IncidentChange, LeftOffWhy, LinkEnded, LinkOpens, NewCheck, NewIncident,
    NewMaintenance, NewService, NewStatusLink, NewStatusPage, Notices, Opened, PageDetails, PageEntry,
    PageShut, Shut, StatusLinkEntry,
};
pub use system::SystemFacts;
pub use tasks::{TaskDetails, TaskPage};
pub use wxa_store::{
    ApiTokenRecord, ConsoleLinkRecord, LinkTyping, SessionRecord, StatusOpenRecord, TaskFilter, TaskState,
    UserRecord,
};
