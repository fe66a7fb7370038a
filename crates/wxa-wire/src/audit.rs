//! Reading the audit log.
use serde::{Deserialize, Serialize};
use wxa_model::{AuditId, UnixMillis};

/// Which rows to read. What is absent or empty does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditQuery {
    /// Only those on the object with this id or name.
    pub on: Option<String>,
    /// Only those of this account.
    pub by: Option<String>,
    /// Only those of this operation.
    pub what: Option<String>,
    /// Only those that ended so: `done`, `refused`, `failed`, `unknown`, or `open` for those under way.
    pub outcome: Option<String>,
    /// Only those from addresses that begin so.
    pub from: Option<String>,
    /// Only those begun at that moment or later.
    pub since: Option<UnixMillis>,
    /// Only those begun before that moment.
    pub until: Option<UnixMillis>,
    /// Only those in which this text occurs.
    pub q: Option<String>,
    /// Only rows older than the one of this number: the cursor.
    pub before: Option<u64>,
    /// At most so many; 200 when absent, never more than 1000.
    pub limit: Option<u32>,
}

/// Which rows to export, and how. The filter is that of [`AuditQuery`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "as in `AuditQuery`")]
pub struct AuditExportQuery {
    /// How.
    pub format: ExportFormat,
    pub on: Option<String>,
    pub by: Option<String>,
    pub what: Option<String>,
    pub outcome: Option<String>,
    pub from: Option<String>,
    pub since: Option<UnixMillis>,
    pub until: Option<UnixMillis>,
    pub q: Option<String>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One line each, for spreadsheets; nothing in it is taken for a formula.
    #[default]
    Csv,
    /// One [`AuditView`] as JSON on each line.
    Jsonl,
}

/// Some rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPageView {
    /// Newest first.
    pub rows: Vec<AuditView>,
    /// The `before` of the next page; none when there is nothing older.
    pub next: Option<u64>,
    /// The last check of the whole log; none before the first since the start has ended.
    pub check: Option<AuditCheckView>,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// Ours.
    pub id: AuditId,
    /// Counts up; later rows have greater numbers.
    pub number: u64,
    /// Begun, before the act.
    pub at: UnixMillis,
    /// The account's name as it was then; a name that was only tried, for a failed sign-in.
    pub by: String,
    /// The caller's address.
    pub from: String,
    /// Finds the request in the server's log.
    pub request_id: String,
    /// The operation's name.
    pub what: String,
    /// On what, in words, e.g. the VM's name; empty for the installation.
    pub on: String,
    /// The id of what it was on; empty for the installation.
    pub on_id: String,
    /// Ended; none while under way, or when the server was stopped in the middle.
    pub ended_at: Option<UnixMillis>,
    /// `done`, `refused`, `failed`, `unknown`; none while under way.
    pub outcome: Option<String>,
    /// More about the outcome, without secrets.
    pub detail: String,
}

/// What a check of the log found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCheckView {
    /// When it was checked.
    pub at: UnixMillis,
    /// Whether every row is as it was written.
    pub intact: bool,
    /// Rows of the log.
    pub rows: u64,
    /// Of these, rows from before the journal began: covered as they were then.
    pub older: u64,
    /// Links of the journal that were looked at.
    pub links: u64,
    /// The journal's newest link, to be kept elsewhere and compared later.
    pub head: Option<String>,
    /// Whether a cut-off end would have been noticed.
    pub end_was_noted: bool,
    /// What is wrong, as sentences; the first few.
    pub breaks: Vec<String>,
    /// How much is wrong in all.
    pub break_count: u64,
}
