//! The addresses from which pages read.
use super::url::Url;
use crate::day;
use wxa_model::{HostId, TaskId, UserId, VmId};
use wxa_wire::{
    DetailsAge, Operation,
    operation::{ConsoleMarks, HostRecordingGet, HostTrustGet, PoolSshGet, VmRecordingGet},
};

/// The GET that reads what is kept of a VM's console, and what was understood of it.
pub fn marks_url(id: VmId) -> String {
    ConsoleMarks::ROW.path_for(&id)
}

/// The same of that of its consoles; of its first text console where none is named.
pub fn marks_url_of(id: VmId, kind: &str) -> String {
    Url::parse(&marks_url(id)).with("kind", kind).text()
}

/// The GET that reads how a VM is recorded.
pub fn vm_recording_url(id: VmId) -> String {
    VmRecordingGet::ROW.path_for(&id)
}

/// The GET that reads how a pool's hosts are reached over SSH.
pub fn pool_ssh_url(id: HostId) -> String {
    PoolSshGet::ROW.path_for(&id)
}

/// The GET that reads how the consoles of a host's guests are recorded.
pub fn host_recording_url(id: HostId) -> String {
    HostRecordingGet::ROW.path_for(&id)
}

/// The GET that reads the accounts.
pub const USERS_URL: &str = "/api/v1/users";

/// The GET that reads by what a host is known.
pub fn trust_url(host: HostId) -> String {
    HostTrustGet::ROW.path_for(&host)
}

/// The GET that reads an account's sessions; one's own for none.
pub fn sessions_url(user: Option<UserId>) -> String {
    match user {
        Some(user) => format!("{USERS_URL}/{user}/sessions"),
        None => "/api/v1/sessions".into(),
    }
}

/// The GET that reads an account's API tokens; one's own for none.
pub fn tokens_url(user: Option<UserId>) -> String {
    match user {
        Some(user) => format!("{USERS_URL}/{user}/tokens"),
        None => "/api/v1/tokens".into(),
    }
}

/// Rows and tasks on one page.
const AUDIT_ROWS: &str = "100";
const TASKS: &str = "50";

/// The GET that reads the rows of the audit log that the page at `url` shows.
pub fn audit_url(url: &Url) -> String {
    let narrowed = narrowed_audit(url, Url::parse("/api/v1/audit"));
    let before = url.get("before").unwrap_or_default();
    narrowed.with("before", before).with("limit", AUDIT_ROWS).text()
}

/// The address that all of them are downloaded from; `format` is `csv` or `jsonl`.
pub fn audit_export_url(url: &Url, format: &str) -> String {
    let export = Url::parse("/api/v1/audit/export").with("format", format);
    narrowed_audit(url, export).text()
}

fn narrowed_audit(page: &Url, api: Url) -> Url {
    let days = [
        ("since", page.get("since").and_then(day::begins)),
        ("until", page.get("until").and_then(day::ends)),
    ];
    let api = days.into_iter().fold(api, |api, (key, moment)| {
        api.with(
            key,
            &moment.map(|moment| moment.0.to_string()).unwrap_or_default(),
        )
    });
    copied(page, api, &["by", "what", "on", "outcome", "from", "q"])
}

fn copied(page: &Url, api: Url, keys: &[&str]) -> Url {
    keys.iter()
        .fold(api, |api, key| api.with(key, page.get(key).unwrap_or_default()))
}

/// The GET that reads the newest rows on a VM.
pub fn audit_of_url(vm: VmId) -> String {
    format!("/api/v1/audit?on={vm}&limit={AUDIT_ROWS}")
}

/// The GET that reads the tasks that the page at `url` shows.
pub fn tasks_url(url: &Url) -> String {
    let keys = ["state", "action", "on", "by", "before"];
    copied(url, Url::parse("/api/v1/tasks"), &keys)
        .with("limit", TASKS)
        .text()
}

/// The GET that reads the newest tasks on a VM.
pub fn tasks_of_url(vm: VmId) -> String {
    format!("/api/v1/tasks?on={vm}&limit={TASKS}")
}

/// The GET that reads one task.
pub fn task_url(id: TaskId) -> String {
    format!("/api/v1/tasks/{id}")
}

/// The GET that tells what a host says when it is looked at closely.
pub fn details_url(id: HostId, age: DetailsAge) -> String {
    let age = match age {
        DetailsAge::Known => "known",
        DetailsAge::Minute => "minute",
        DetailsAge::Now => "now",
    };
    format!("/api/v1/hosts/{id}/details?age={age}")
}
