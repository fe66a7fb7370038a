//! What travels between browser and server: the operation table, requests and replies, errors, live frames.
//!
//! Pure and shared by both ends, so neither can drift. No secret is in any reply type, but for a fresh link or API
//! token, which is shown once.
pub mod account;
pub mod audit;
pub mod console;
pub mod error;
pub mod filter;
pub mod findings;
pub mod host;
pub mod index_frame;
pub mod inventory;
pub mod live;
pub mod metrics;
pub mod operation;
pub mod own;
pub mod pool_ssh;
pub mod rank_frame;
pub mod sample_frame;
pub mod screen;
pub mod status;
pub mod system;
pub mod task;
pub mod usage;
pub mod user;
pub mod vm;

pub use account::{LoginParams, SessionView, SetupParams, SetupView};
pub use audit::{AuditCheckView, AuditExportQuery, AuditPageView, AuditQuery, AuditView, ExportFormat};
pub use console::{
    ConsoleFrame, ConsoleQuery, ConsoleStatus, ConsoleViewerView, ConsoleWord, KeyboardState,
    history::{
        ConsoleBoot, ConsoleDownloadQuery, ConsoleFormat, ConsoleHistoryQuery, ConsoleHistoryView,
        ConsoleHit, ConsoleMark, ConsoleMarksQuery, ConsoleMarksView, ConsolePiece, ConsoleSearchQuery,
        ConsoleSearchView, ConsoleSpan,
    },
    links::{ConsoleLinkCreated, ConsoleLinkParams, ConsoleLinkView},
    recording::{
        HostLoggingParams, HostRecordingParams, HostRecordingView, HostRecordingWay, RecordingSettings,
        RecordingView, VmRecordingParams, VmRecordingView,
    },
};
pub use error::{ErrorBody, ErrorCode};
pub use filter::FilterParams;
pub use findings::{FindingsView, HostFindings};
pub use host::{
    CredentialParams, DetailsAge, HostAddParams, HostAdded, HostDetailsQuery, HostDetailsView, HostKeyView,
    HostProbeParams, HostSetParams, HostTrustParams, HostTrustView, HostWaysView, JumpParams, KeyOwner,
    SecretText,
};
pub use inventory::InventoryView;
pub use live::{LiveForm, LiveFrame, LiveRequest, Measure, SampleWish};
pub use metrics::{
    MetricSeries, MetricSum, MetricsQuery, MetricsView, Resolution, TopEntry, TopList, TopQuery, TopView,
};
pub use operation::{Method, OPERATIONS, Operation, OperationRow};
pub use own::{NotesParams, TagsParams};
pub use pool_ssh::{
    PoolSshAccount, PoolSshKey, PoolSshLookParams, PoolSshMember, PoolSshParams, PoolSshView, SignInWay,
};
pub use screen::{ScreenFrame, ScreenWatcherView, ScreenWord};
pub use status::{
    CheckParams, CheckView, IncidentParams, IncidentSetParams, LeftOff, LeftOffWhy, MaintenanceParams,
    NoticesView, ServiceParams, StatusLinkCreated, StatusLinkEnded, StatusLinkOpens, StatusLinkParams,
    StatusLinkView, StatusOpenView, StatusPageEntry, StatusPageParams, StatusPageShut, StatusPageView,
    UpdateParams,
};
pub use system::SystemView;
pub use task::{TaskDetailsView, TaskPageView, TaskQuery, TaskStepView};
pub use usage::{UsageAmount, UsageDayView, UsageOf, UsageQuery, UsageView};
pub use user::{
    PasswordParams, ResetLink, SessionEntry, TokenCreateParams, TokenCreated, TokenView, UserCreateParams,
    UserCreated, UserGrantsParams, UserRenameParams, UserView,
};
pub use vm::{CommandView, PlaceParams, SysrqParams, TaskAccepted};

/// Reasons a socket is closed by the server (RFC 6455 private range).
pub mod close {
    /// The session ended: sign in again.
    pub const SIGNED_OUT: u16 = 4401;
    /// What the socket shows may no longer be seen.
    pub const FORBIDDEN: u16 = 4403;
    /// The object is not there (any more).
    pub const NOT_FOUND: u16 = 4404;
    /// The other end sent something that is not in the protocol.
    pub const BAD_REQUEST: u16 = 4400;
    /// The other end reads too slowly to be kept.
    pub const TOO_SLOW: u16 = 4408;
    /// Too many sockets of this kind for one session.
    pub const TOO_MANY: u16 = 4429;
    /// The server stops; come back.
    pub const GOING_AWAY: u16 = 1001;
}
