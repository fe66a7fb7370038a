//! The server about itself.
use crate::AuditCheckView;
use serde::{Deserialize, Serialize};
use wxa_model::{HostId, Link, UnixMillis};

/// Everything the system page shows. Holds no secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemView {
    /// Version of the program.
    pub version: String,
    /// What browsers are served; empty without a site.
    pub site_build: String,
    /// By the server's clock.
    pub now: UnixMillis,
    /// When this run began.
    pub started_at: UnixMillis,
    /// The process.
    pub process: ProcessView,
    /// Database and data folder.
    pub data: DataView,
    /// All workers.
    pub workers: Vec<WorkerView>,
    /// All hosts by name.
    pub hosts: Vec<HostFeedView>,
    /// Open sockets.
    pub sockets: SocketsView,
    /// Queues that may hold somebody up or drop something.
    pub queues: Vec<QueueView>,
    /// Console sessions that are kept.
    pub consoles: usize,
    /// The last check of the audit log; none before the first has ended.
    pub audit: Option<AuditCheckView>,
    /// The certificate that is shown; none where the server does no TLS itself.
    #[serde(default)]
    pub tls: Option<TlsView>,
}

/// The TLS certificate that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsView {
    /// SHA-256, as browsers write it.
    pub fingerprint: String,
    /// The names and addresses that it is for.
    pub names: Vec<String>,
    /// When it ends, in words.
    pub ends: String,
    /// Why what is in its files now is not shown instead; empty when it is.
    pub problems: Vec<String>,
}

/// The process. What the system does not tell is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessView {
    /// Its number.
    pub pid: u32,
    /// Resident memory in bytes.
    pub memory_bytes: Option<u64>,
    /// The most it ever was.
    pub memory_most_bytes: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
    /// Open files and sockets.
    pub open_files: Option<u64>,
}

/// Database and data folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataView {
    /// The folder.
    pub folder: String,
    /// Bytes free for us on its disk; none where the system does not tell.
    pub disk_free_bytes: Option<u64>,
    /// Bytes of the disk.
    pub disk_bytes: Option<u64>,
    /// Bytes of the database file.
    pub database_bytes: u64,
    /// Bytes of its write-ahead log.
    pub wal_bytes: u64,
    /// What the database says; none when it does not answer.
    pub database: Option<DatabaseView>,
    /// Measurements over time, a file of their own; none when it does not answer.
    #[serde(default)]
    pub measurements: Option<MeasurementsView>,
    /// What consoles printed, a file of its own; none when it does not answer.
    #[serde(default)]
    pub consoles: Option<ConsolesView>,
}

/// What is kept of consoles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsolesView {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of its write-ahead log.
    pub wal_bytes: u64,
    /// Consoles that something is kept of.
    pub consoles: u64,
    /// Bytes that they printed, of those that are kept.
    pub bytes: u64,
    /// The most that is kept of all together.
    pub most_bytes: u64,
    /// Bytes that could not be written in time since the start.
    pub lost: u64,
}

/// What is kept of measurements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasurementsView {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of its write-ahead log.
    pub wal_bytes: u64,
    /// VMs, hosts and parts of hosts that something is kept of.
    pub objects: u64,
    /// Minutes that could not be written in time since the start.
    pub given_up: u64,
}

/// The database, from its own point of view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseView {
    /// Number of its layout.
    pub schema_version: u64,
    /// Bytes in one page.
    pub page_bytes: u64,
    /// Pages of the file.
    pub pages: u64,
    /// Of these, pages that hold nothing.
    pub free_pages: u64,
    /// Rows of the audit log.
    pub audit_rows: u64,
    /// Tasks.
    pub tasks: u64,
}

/// A worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerView {
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: WorkerStateView,
    /// How often it was started again.
    pub restarts: u64,
    /// Why it last failed; none when it never did.
    pub last_failure: Option<String>,
}

/// The state of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerStateView {
    /// At work.
    Running,
    /// Failed, and waiting to be started again.
    Restarting,
    /// Failed for good.
    Failed,
}

/// What comes from a host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostFeedView {
    /// Its id.
    pub id: HostId,
    /// Its name.
    pub name: String,
    /// How the connection stands.
    pub link: Link,
    /// When it was last heard.
    pub last_word: Option<UnixMillis>,
    /// Events since it was attached.
    pub events: u64,
    /// Events in the last minute, about.
    pub events_per_minute: u64,
    /// Events that wait for us.
    pub waiting: usize,
    /// The most that ever waited.
    pub most_waiting: usize,
    /// How many may wait; the host is held up when there are more, and nothing is dropped.
    pub room: usize,
    /// How often the connection was lost.
    pub lost: u64,
}

/// Open sockets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocketsView {
    /// Live sockets.
    pub live: usize,
    /// Console sockets.
    pub console: usize,
    /// Bytes sent to browsers since the start, in frames.
    pub bytes_out: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Sockets that were closed because the other end read too slowly.
    pub too_slow: u64,
    /// By account.
    pub users: Vec<UserSocketsView>,
}

/// The open sockets of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSocketsView {
    /// Its name.
    pub name: String,
    /// Live sockets.
    pub live: usize,
    /// Console sockets.
    pub console: usize,
    /// Bytes sent on those that are open.
    pub bytes_out: u64,
    /// Bytes received on them.
    pub bytes_in: u64,
}

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueView {
    /// Which.
    pub name: String,
    /// What waits in it now.
    pub waiting: usize,
    /// How much may wait.
    pub room: usize,
    /// What was dropped since the start; 0 for queues that make their senders wait.
    pub dropped: u64,
}
