//! The operation table: one row per HTTP operation. Router, typed client and coverage tests derive from it.
use crate::console::links::{ConsoleLinkCreated, ConsoleLinkParams, ConsoleLinkView};
use crate::status::{
    IncidentParams, IncidentSetParams, MaintenanceParams, NoticesView, StatusLinkCreated,
    StatusLinkOpens as OpensOfLink, StatusLinkParams, StatusLinkView, StatusPageEntry, StatusPageParams,
    StatusPageView, UpdateParams,
};
use crate::{
    AuditCheckView, AuditExportQuery, AuditPageView, AuditQuery, CommandView, ConsoleDownloadQuery,
    ConsoleHistoryQuery, ConsoleHistoryView, ConsoleMarksQuery, ConsoleMarksView, ConsoleSearchQuery,
    ConsoleSearchView, CredentialParams, FilterParams, FindingsView, HostAddParams, HostAdded,
    HostDetailsQuery, HostDetailsView, HostKeyView, HostLoggingParams, HostProbeParams, HostRecordingParams,
    HostRecordingView, HostSetParams, HostTrustParams, HostTrustView, HostWaysView, InventoryView,
    LoginParams, MetricsQuery, MetricsView, NotesParams, PasswordParams, PlaceParams, PoolSshLookParams,
    PoolSshParams, PoolSshView, RecordingSettings, RecordingView, ResetLink, SessionEntry, SessionView,
    SetupParams, SetupView, SysrqParams, SystemView, TagsParams, TaskAccepted, TaskDetailsView, TaskPageView,
    TaskQuery, TokenCreateParams, TokenCreated, TokenView, TopQuery, TopView, UsageQuery, UsageView,
    UserCreateParams, UserCreated, UserGrantsParams, UserRenameParams, UserView, VmRecordingParams,
    VmRecordingView,
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Display;
use wxa_model::{
    ConsoleLinkId, FilterId, HostFacts, HostId, NoticeId, Permission, Preferences, SavedFilter, SessionId,
    StatusLinkId, StatusPageId, TaskId, TokenId, UserId, VmId, VmPlace,
    status::{Incident, Maintenance, view::StatusView},
};

/// HTTP methods the table uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; changes nothing.
    Get,
    /// Acts or creates.
    Post,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// As on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Whether an operation leaves an audit row, begun before the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audited {
    /// It does.
    Yes,
    /// It only reads.
    No,
}

/// What an operation looks like on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// JSON in, JSON out.
    Json,
    /// Query in, a file out, sent as it is made.
    File,
    /// A WebSocket.
    Socket,
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationRow {
    /// Its one name through every layer.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template; `{id}` stands for the one path parameter.
    pub path: &'static str,
    /// What the caller needs on the target.
    pub permission: Permission,
    /// Whether it is audited.
    pub audited: Audited,
    /// JSON, file or socket.
    pub shape: Shape,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

impl OperationRow {
    /// The path with its parameter filled in. Ids have no characters that a path would need to escape.
    pub fn path_for(&self, id: &dyn Display) -> String {
        self.path.replace("{id}", &id.to_string())
    }
}

/// A row with its types, for callers that know at compile time what they call.
pub trait Operation {
    /// The row.
    const ROW: OperationRow;
    /// The path parameter; `NoId` for operations without one.
    type Id: Display;
    /// The JSON body (POST, PUT) or query string (GET); `()` for none.
    type Params: Serialize + DeserializeOwned;
    /// The JSON reply.
    type Reply: Serialize + DeserializeOwned;
}

/// The path parameter of operations without one.
#[derive(Clone, Copy, Debug)]
pub struct NoId;

impl Display for NoId {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

macro_rules! operations {
    ($($op:ident $name:literal $method:ident $path:literal $permission:ident $audited:ident $shape:ident
        ($id:ty, $params:ty) -> $reply:ty, $summary:literal;)*) => {
        $(
            #[doc = $summary]
            #[derive(Clone, Copy, Debug)]
            pub struct $op;

            impl Operation for $op {
                const ROW: OperationRow = OperationRow {
                    name: $name,
                    method: Method::$method,
                    path: $path,
                    permission: Permission::$permission,
                    audited: Audited::$audited,
                    shape: Shape::$shape,
                    // Browsers would download what no page shows.
                    summary: if cfg!(target_family = "wasm") { "" } else { $summary },
                };
                type Id = $id;
                type Params = $params;
                type Reply = $reply;
            }
        )*

        /// All of them.
        pub const OPERATIONS: &[OperationRow] = &[$($op::ROW),*];
    };
}

operations! {
    SetupGet "setup_get" Get "/api/v1/setup" Anyone No Json (NoId, ()) -> SetupView,
        "Whether the first administrator is still to be made.";
    SetupCreate "setup_create" Post "/api/v1/setup" Anyone Yes Json (NoId, SetupParams) -> SessionView,
        "Makes the first administrator with the one-time token, and signs in.";
    SessionCreate "session_create" Post "/api/v1/session" Anyone Yes Json (NoId, LoginParams) -> SessionView,
        "Signs in.";
    SessionGet "session_get" Get "/api/v1/session" SignedIn No Json (NoId, ()) -> SessionView,
        "Who is signed in, with which grants.";
    SessionDelete "session_delete" Delete "/api/v1/session" OwnAccount Yes Json (NoId, ()) -> (),
        "Signs out and closes the session's sockets.";

    AccountSetPassword "account_set_password" Put "/api/v1/account/password" OwnAccount Yes Json (NoId, PasswordParams) -> (),
        "Replaces one's own password, and ends one's other sessions.";
    SessionList "session_list" Get "/api/v1/sessions" OwnAccount No Json (NoId, ()) -> Vec<SessionEntry>,
        "One's own sessions, the latest first.";
    SessionEnd "session_end" Delete "/api/v1/sessions/{id}" OwnAccount Yes Json (SessionId, ()) -> (),
        "Ends one session, one's own or (for administrators) anybody's, and closes its sockets.";
    SessionEndOthers "session_end_others" Delete "/api/v1/sessions" OwnAccount Yes Json (NoId, ()) -> (),
        "Ends one's own sessions, but for the one that asks.";
    TokenList "token_list" Get "/api/v1/tokens" OwnAccount No Json (NoId, ()) -> Vec<TokenView>,
        "One's own API tokens, the latest first.";
    TokenCreate "token_create" Post "/api/v1/tokens" OwnAccount Yes Json (NoId, TokenCreateParams) -> TokenCreated,
        "Makes an API token for oneself; shown once.";
    TokenRevoke "token_revoke" Delete "/api/v1/tokens/{id}" OwnAccount Yes Json (TokenId, ()) -> (),
        "Takes an API token back, one's own or (for administrators) anybody's.";

    UserList "user_list" Get "/api/v1/users" Accounts No Json (NoId, ()) -> Vec<UserView>,
        "All accounts by name.";
    UserCreate "user_create" Post "/api/v1/users" Accounts Yes Json (NoId, UserCreateParams) -> UserCreated,
        "Makes an account, with a password or with a one-time link for its owner.";
    UserRename "user_rename" Put "/api/v1/users/{id}/name" Accounts Yes Json (UserId, UserRenameParams) -> (),
        "Gives an account another name.";
    UserSetGrants "user_set_grants" Put "/api/v1/users/{id}/grants" Accounts Yes Json (UserId, UserGrantsParams) -> (),
        "Replaces what an account may do, and ends its sessions.";
    UserDisable "user_disable" Post "/api/v1/users/{id}/disable" Accounts Yes Json (UserId, ()) -> (),
        "Locks an account out: its sessions, links and API tokens stop working at once.";
    UserEnable "user_enable" Post "/api/v1/users/{id}/enable" Accounts Yes Json (UserId, ()) -> (),
        "Lets a disabled account sign in again.";
    UserDelete "user_delete" Delete "/api/v1/users/{id}" Accounts Yes Json (UserId, ()) -> (),
        "Removes an account with its sessions and API tokens; the audit log keeps what it did.";
    UserResetLink "user_reset_link" Post "/api/v1/users/{id}/reset-link" Accounts Yes Json (UserId, ()) -> ResetLink,
        "A one-time link with which the account's owner sets a new password; shown once.";
    UserSessions "user_sessions" Get "/api/v1/users/{id}/sessions" Accounts No Json (UserId, ()) -> Vec<SessionEntry>,
        "An account's sessions, the latest first.";
    UserEndSessions "user_end_sessions" Delete "/api/v1/users/{id}/sessions" Accounts Yes Json (UserId, ()) -> (),
        "Ends all sessions of an account.";
    UserTokens "user_tokens" Get "/api/v1/users/{id}/tokens" Accounts No Json (UserId, ()) -> Vec<TokenView>,
        "An account's API tokens, the latest first.";
    UserTokenCreate "user_token_create" Post "/api/v1/users/{id}/tokens" Accounts Yes Json (UserId, TokenCreateParams) -> TokenCreated,
        "Makes an API token for an account; shown once.";
    PreferencesGet "preferences_get" Get "/api/v1/preferences" OwnAccount No Json (NoId, ()) -> Preferences,
        "How the caller's account likes its pages.";
    PreferencesSet "preferences_set" Put "/api/v1/preferences" OwnAccount Yes Json (NoId, Preferences) -> Preferences,
        "Replaces how the caller's account likes its pages; what is left out is the default.";

    InventoryGet "inventory_get" Get "/api/v1/inventory" SignedIn No Json (NoId, ()) -> InventoryView,
        "Everything the caller may see, with the revision it is current at.";
    IndexGet "index_get" Get "/api/v1/index" SignedIn No File (NoId, ()) -> (),
        "The same with VMs in brief, as one compact frame: what the browser lists, filters and sorts by.";
    LiveOpen "live_open" Get "/api/v1/live" SignedIn No Socket (NoId, ()) -> (),
        "The live socket: snapshot, deltas and measurements of what the caller may see.";

    MetricsGet "metrics_get" Get "/api/v1/metrics" SignedIn No Json (NoId, MetricsQuery) -> MetricsView,
        "A range of measurements of a VM, a host, a pool or a site: smallest, mean and largest at even steps, gaps as gaps.";
    UsageGet "usage_get" Get "/api/v1/usage" SignedIn No Json (NoId, UsageQuery) -> UsageView,
        "What a VM used, day by day, as far as it was measured.";
    MetricsTop "metrics_top" Get "/api/v1/metrics/top" SignedIn No Json (NoId, TopQuery) -> TopView,
        "Which of the VMs that the caller may see use most CPU, memory, disk and network now.";

    FindingsGet "findings_get" Get "/api/v1/findings" SignedIn No Json (NoId, ()) -> FindingsView,
        "What close looks at hosts and pools found last; asks none of them.";
    HostWays "host_ways" Get "/api/v1/hosts/ways" Administer No Json (NoId, ()) -> HostWaysView,
        "Whether the machine that the server runs on can be added without SSH.";
    HostProbe "host_probe" Post "/api/v1/hosts/probe" Administer Yes Json (NoId, HostProbeParams) -> HostKeyView,
        "Fetches a host's key fingerprint; sends it no credentials. Looks the key up in known_hosts lines, where given.";
    HostTest "host_test" Post "/api/v1/hosts/test" Administer Yes Json (NoId, HostAddParams) -> HostFacts,
        "Connects with the given credentials and reports what the host says; keeps nothing.";
    HostAdd "host_add" Post "/api/v1/hosts" Administer Yes Json (NoId, HostAddParams) -> HostAdded,
        "Adds a host whose fingerprint was confirmed.";
    HostRemove "host_remove" Delete "/api/v1/hosts/{id}" Administer Yes Json (HostId, ()) -> (),
        "Forgets a host and its credentials; nothing changes on the host.";
    HostTrustKey "host_trust_key" Put "/api/v1/hosts/{id}/key" Administer Yes Json (HostId, HostTrustParams) -> (),
        "Pins a new key after the administrator compared it, or lets an authority vouch for a pool.";
    HostTrustGet "host_trust_get" Get "/api/v1/hosts/{id}/key" Administer No Json (HostId, ()) -> HostTrustView,
        "By what a host is known: its pinned key, or the authority that vouches for a pool.";
    HostSetCredential "host_set_credential" Put "/api/v1/hosts/{id}/credential" Administer Yes Json (HostId, CredentialParams) -> (),
        "Replaces the credentials of a host.";
    HostSetJumpCredential "host_set_jump_credential" Put "/api/v1/hosts/{id}/jump-credential" Administer Yes Json (HostId, CredentialParams) -> (),
        "Replaces the credentials for the jump host on the way to a host.";

    PoolSshGet "pool_ssh_get" Get "/api/v1/hosts/{id}/member-ssh" Administer No Json (HostId, ()) -> PoolSshView,
        "How the members of a pool are reached over SSH, for consoles that XAPI does not offer.";
    PoolSshLook "pool_ssh_look" Post "/api/v1/hosts/{id}/member-ssh/look" Administer Yes Json (HostId, PoolSshLookParams) -> PoolSshView,
        "Fetches the SSH host keys of a pool's members; signs in only where the key is the confirmed one.";
    PoolSshSet "pool_ssh_set" Put "/api/v1/hosts/{id}/member-ssh" Administer Yes Json (HostId, PoolSshParams) -> (),
        "Keeps account and confirmed host keys for a pool's members, after each of them has let us in.";
    PoolSshRemove "pool_ssh_remove" Delete "/api/v1/hosts/{id}/member-ssh" Administer Yes Json (HostId, ()) -> (),
        "Forgets how a pool's members are reached over SSH.";

    VmStart "vm_start" Post "/api/v1/vms/{id}/start" Operate Yes Json (VmId, PlaceParams) -> TaskAccepted,
        "Starts a halted VM from its definition; in a pool, on the member that was chosen.";
    VmShutdown "vm_shutdown" Post "/api/v1/vms/{id}/shutdown" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Asks the guest to shut down.";
    VmReboot "vm_reboot" Post "/api/v1/vms/{id}/reboot" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Asks the guest to reboot.";
    VmPause "vm_pause" Post "/api/v1/vms/{id}/pause" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Stops scheduling the VM; memory is kept.";
    VmUnpause "vm_unpause" Post "/api/v1/vms/{id}/unpause" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Schedules a paused VM again.";
    VmSuspend "vm_suspend" Post "/api/v1/vms/{id}/suspend" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Writes the VM's memory to disk and stops it (XAPI pools only).";
    VmResume "vm_resume" Post "/api/v1/vms/{id}/resume" Operate Yes Json (VmId, PlaceParams) -> TaskAccepted,
        "Goes on from where the VM was suspended, on the member that was chosen (XAPI pools only).";
    VmReset "vm_reset" Post "/api/v1/vms/{id}/reset" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Reboots the VM without asking the guest (XAPI pools only).";
    VmPowerOff "vm_power_off" Post "/api/v1/vms/{id}/power-off" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Pulls the plug: the guest is not asked.";
    VmSysrq "vm_sysrq" Post "/api/v1/vms/{id}/sysrq" Operate Yes Json (VmId, SysrqParams) -> TaskAccepted,
        "Sends a SysRq key to the guest's kernel (plain Xen only); some of them crash or reboot it.";
    VmCommands "vm_commands" Get "/api/v1/vms/{id}/commands" View No Json (VmId, PlaceParams) -> Vec<CommandView>,
        "The commands an administrator would type on the host for each action, on the chosen member.";
    VmPlaces "vm_places" Get "/api/v1/vms/{id}/places" Operate No Json (VmId, ()) -> Vec<VmPlace>,
        "On which hosts of its pool a VM could start or resume now, and the pool's reason for the others; the pool is asked.";
    ConsoleOpen "console_open" Get "/api/v1/vms/{id}/console" View Yes Socket (VmId, ()) -> (),
        "A console socket: replays what was printed, then follows; what one with the Console right and the keyboard types goes to the guest.";
    ConsoleLinkCreate "console_link_create" Post "/api/v1/vms/{id}/console/links" ShareConsole Yes Json (VmId, ConsoleLinkParams) -> ConsoleLinkCreated,
        "Makes a link that opens a VM's console to somebody without an account, for a limited time; shown once.";
    ConsoleLinkList "console_link_list" Get "/api/v1/vms/{id}/console/links" ShareConsole No Json (VmId, ()) -> Vec<ConsoleLinkView>,
        "The links to a VM's consoles that are open, the latest first.";
    ConsoleLinkRevoke "console_link_revoke" Delete "/api/v1/console-links/{id}" ShareConsole Yes Json (ConsoleLinkId, ()) -> (),
        "Takes a link to a console back: it opens nothing any more, and what it had opened is closed.";
    ScreenOpen "screen_open" Get "/api/v1/vms/{id}/screen" View Yes Socket (VmId, ()) -> (),
        "A screen socket: RFB in both directions; keys and pointer of those who may not use the console go nowhere.";
    ConsoleMarks "console_marks" Get "/api/v1/vms/{id}/console/marks" View No Json (VmId, ConsoleMarksQuery) -> ConsoleMarksView,
        "What is kept of a console's output, its boots, and what happened in it.";
    ConsoleHistory "console_history" Get "/api/v1/vms/{id}/console/history" View Yes Json (VmId, ConsoleHistoryQuery) -> ConsoleHistoryView,
        "A stretch of what a console printed, with the times at which it was printed. Audited once an hour for each caller and VM.";
    ConsoleSearch "console_search" Get "/api/v1/vms/{id}/console/search" View Yes Json (VmId, ConsoleSearchQuery) -> ConsoleSearchView,
        "Lines of a console's output that have a text in them, newest first. Audited as reading it is.";
    ConsoleDownload "console_download" Get "/api/v1/vms/{id}/console/download" View Yes File (VmId, ConsoleDownloadQuery) -> (),
        "What a console printed, as a file: text, raw bytes or an asciicast.";
    ConsoleRelease "console_release" Post "/api/v1/vms/{id}/console/release" Console Yes Json (VmId, ()) -> (),
        "Lets go of a VM's consoles for a minute, so that they can be opened on the host.";
    VmRecordingGet "vm_recording_get" Get "/api/v1/vms/{id}/console/recording" Console No Json (VmId, ()) -> VmRecordingView,
        "How a VM's consoles are recorded, and how much is kept of them.";
    VmRecordingSet "vm_recording_set" Put "/api/v1/vms/{id}/console/recording" Administer Yes Json (VmId, VmRecordingParams) -> (),
        "Changes how a VM's consoles are recorded.";
    RecordingGet "recording_get" Get "/api/v1/recording" Administer No Json (NoId, ()) -> RecordingView,
        "What is kept of consoles, and how much that is now.";
    RecordingSet "recording_set" Put "/api/v1/recording" Administer Yes Json (NoId, RecordingSettings) -> (),
        "Changes what is kept of consoles.";
    HostRecordingGet "host_recording_get" Get "/api/v1/hosts/{id}/recording" Administer No Json (HostId, ()) -> HostRecordingView,
        "By which way the consoles of a host's guests are recorded, and whether the host itself logs them; the host is asked.";
    HostRecordingSet "host_recording_set" Put "/api/v1/hosts/{id}/recording" Administer Yes Json (HostId, HostRecordingParams) -> (),
        "Changes by which way the consoles of a host's guests are recorded.";
    HostLoggingSet "host_logging_set" Put "/api/v1/hosts/{id}/logging" Administer Yes Json (HostId, HostLoggingParams) -> (),
        "Switches on or off that a host itself logs its guests' consoles; guests are not disturbed.";

    TaskList "task_list" Get "/api/v1/tasks" SignedIn No Json (NoId, TaskQuery) -> TaskPageView,
        "Tasks on what the caller may see, newest first, filtered, page by page.";
    TaskGet "task_get" Get "/api/v1/tasks/{id}" View No Json (TaskId, ()) -> TaskDetailsView,
        "One task: its steps, its outcome, and for administrators its audit row.";
    TaskCancel "task_cancel" Post "/api/v1/tasks/{id}/cancel" Operate Yes Json (TaskId, ()) -> (),
        "Asks for a task to be given up, ours or one that others began on a pool; the task tells whether it was.";

    AuditList "audit_list" Get "/api/v1/audit" Administer No Json (NoId, AuditQuery) -> AuditPageView,
        "Who did what, from where, on what, and how it ended; newest first, filtered, page by page.";
    AuditExport "audit_export" Get "/api/v1/audit/export" Administer Yes File (NoId, AuditExportQuery) -> (),
        "The rows of the audit log that pass the filter, as CSV or as JSON lines.";
    AuditVerify "audit_verify" Post "/api/v1/audit/verify" Administer Yes Json (NoId, ()) -> AuditCheckView,
        "Checks now whether the audit log is as it was written.";
    SystemGet "system_get" Get "/api/v1/system" Administer No Json (NoId, ()) -> SystemView,
        "The server about itself: build, database, workers, hosts, sockets, queues, audit log.";

    HostDetailsGet "host_details" Get "/api/v1/hosts/{id}/details" View No Json (HostId, HostDetailsQuery) -> HostDetailsView,
        "What a host tells when it is looked at closely: hardware, versions, storage, network, health.";
    HostSet "host_set" Put "/api/v1/hosts/{id}" Administer Yes Json (HostId, HostSetParams) -> (),
        "Changes what a host is called, its site, or where its guests' definitions are.";
    HostSetTags "host_set_tags" Post "/api/v1/hosts/{id}/tags" Operate Yes Json (HostId, TagsParams) -> (),
        "Gives tags to a host and takes tags from it; they count for its guests too.";
    HostSetNotes "host_set_notes" Put "/api/v1/hosts/{id}/notes" Operate Yes Json (HostId, NotesParams) -> (),
        "Replaces the notes on a host.";
    VmSetTags "vm_set_tags" Post "/api/v1/vms/{id}/tags" Operate Yes Json (VmId, TagsParams) -> (),
        "Gives tags to a VM and takes tags from it.";
    VmSetNotes "vm_set_notes" Put "/api/v1/vms/{id}/notes" Operate Yes Json (VmId, NotesParams) -> (),
        "Replaces the notes on a VM.";
    FilterList "filter_list" Get "/api/v1/filters" SignedIn No Json (NoId, ()) -> Vec<SavedFilter>,
        "The caller's saved filters and those that are for everybody.";
    FilterSave "filter_save" Post "/api/v1/filters" SignedIn Yes Json (NoId, FilterParams) -> SavedFilter,
        "Saves a filter under a name; one that is for everybody needs an administrator.";
    FilterSet "filter_set" Put "/api/v1/filters/{id}" SignedIn Yes Json (FilterId, FilterParams) -> (),
        "Changes a saved filter.";
    FilterDelete "filter_delete" Delete "/api/v1/filters/{id}" SignedIn Yes Json (FilterId, ()) -> (),
        "Forgets a saved filter.";

    StatusPageList "status_page_list" Get "/api/v1/status-pages" SignedIn No Json (NoId, ()) -> Vec<StatusPageEntry>,
        "One's own status pages by title; for administrators of the installation, everybody's.";
    StatusPageGet "status_page_get" Get "/api/v1/status-pages/{id}" Publish No Json (StatusPageId, ()) -> StatusPageView,
        "A status page as it was made, with what its readers do not see and why.";
    StatusPageCreate "status_page_create" Post "/api/v1/status-pages" Publish Yes Json (NoId, StatusPageParams) -> StatusPageView,
        "Makes a status page of what the caller may act on.";
    StatusPageSet "status_page_set" Put "/api/v1/status-pages/{id}" Publish Yes Json (StatusPageId, StatusPageParams) -> StatusPageView,
        "Replaces a status page; services and checks that are named by id go on with their history.";
    StatusPageDelete "status_page_delete" Delete "/api/v1/status-pages/{id}" Publish Yes Json (StatusPageId, ()) -> (),
        "Removes a status page with its links, incidents and maintenance.";
    StatusPagePreview "status_page_preview" Get "/api/v1/status-pages/{id}/preview" Publish No Json (StatusPageId, ()) -> StatusView,
        "A status page as its readers see it now.";
    StatusLinkList "status_link_list" Get "/api/v1/status-pages/{id}/links" Publish No Json (StatusPageId, ()) -> Vec<StatusLinkView>,
        "The links of a status page, the latest first.";
    StatusLinkCreate "status_link_create" Post "/api/v1/status-pages/{id}/links" Publish Yes Json (StatusPageId, StatusLinkParams) -> StatusLinkCreated,
        "Makes a link that opens a status page; shown once.";
    StatusLinkRotate "status_link_rotate" Post "/api/v1/status-links/{id}/rotate" Publish Yes Json (StatusLinkId, ()) -> StatusLinkCreated,
        "Replaces a link by a new one for the same readers; shown once, and the old one opens nothing any more.";
    StatusLinkRevoke "status_link_revoke" Delete "/api/v1/status-links/{id}" Publish Yes Json (StatusLinkId, ()) -> (),
        "Takes a link back: it opens nothing any more, and who opened it stays known.";
    StatusLinkOpens "status_link_opens" Get "/api/v1/status-links/{id}/opens" Publish No Json (StatusLinkId, ()) -> OpensOfLink,
        "Who opened a link and when, the latest first.";
    StatusNoticeList "status_notice_list" Get "/api/v1/status-pages/{id}/notices" SignedIn No Json (StatusPageId, ()) -> NoticesView,
        "Incidents and maintenance of a status page, the latest first.";
    IncidentCreate "incident_create" Post "/api/v1/status-pages/{id}/incidents" SignedIn Yes Json (StatusPageId, IncidentParams) -> Incident,
        "Opens an incident on a status page.";
    IncidentSet "incident_set" Put "/api/v1/incidents/{id}" SignedIn Yes Json (NoticeId, IncidentSetParams) -> Incident,
        "Changes an incident's title, services and times.";
    IncidentUpdateAdd "incident_update_add" Post "/api/v1/incidents/{id}/updates" SignedIn Yes Json (NoticeId, UpdateParams) -> Incident,
        "Tells how an incident goes on.";
    IncidentDelete "incident_delete" Delete "/api/v1/incidents/{id}" SignedIn Yes Json (NoticeId, ()) -> (),
        "Removes an incident.";
    MaintenanceCreate "maintenance_create" Post "/api/v1/status-pages/{id}/maintenance" SignedIn Yes Json (StatusPageId, MaintenanceParams) -> Maintenance,
        "Announces maintenance on a status page.";
    MaintenanceSet "maintenance_set" Put "/api/v1/maintenance/{id}" SignedIn Yes Json (NoticeId, MaintenanceParams) -> Maintenance,
        "Changes announced maintenance.";
    MaintenanceDelete "maintenance_delete" Delete "/api/v1/maintenance/{id}" SignedIn Yes Json (NoticeId, ()) -> (),
        "Removes announced maintenance.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_and_routes_are_unique() {
        let names: HashSet<_> = OPERATIONS.iter().map(|row| row.name).collect();
        let routes: HashSet<_> = OPERATIONS
            .iter()
            .map(|row| (row.method.name(), row.path))
            .collect();
        assert_eq!((names.len(), routes.len()), (OPERATIONS.len(), OPERATIONS.len()));
    }

    #[test]
    fn whatever_changes_something_is_audited() {
        for row in OPERATIONS {
            assert!(
                row.method == Method::Get || row.audited == Audited::Yes,
                "{} is not audited",
                row.name
            );
        }
    }

    #[test]
    fn every_action_has_its_operation() {
        for action in wxa_model::Action::ALL {
            assert!(
                OPERATIONS.iter().any(|row| row.name == action.name()),
                "{action:?}"
            );
        }
    }
}
