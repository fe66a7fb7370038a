//! The server over HTTP and sockets, one file per subject: real router, real database, simulated hosts over SSH.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: a failure must stop"
)]
mod account_password;
mod api_token;
mod assets;
mod audit_export;
mod audit_list;
mod audit_verify;
mod broken_frames;
mod console_open;
mod filter_save;
mod fleet;
mod forged;
mod health;
mod host_add;
mod host_details;
mod host_faults;
mod host_reach;
mod host_set;
mod host_set_notes;
mod host_set_tags;
mod idempotency;
mod index_get;
mod licenses;
mod live_open;
mod metrics;
mod metrics_top;
mod never_reads;
mod origin;
mod pages;
mod permissions;
mod plain;
mod pool;
mod pool_place;
mod pool_ssh;
mod pool_trust;
mod preferences;
mod refused;
mod reset_link;
mod restart;
mod session;
mod session_end;
mod setup;
mod sign_in_link;
mod strictness;
mod system_get;
mod task_cancel;
mod task_get;
mod task_list;
mod two_people;
mod user_sessions;
mod users;
mod vm_act;
mod vm_set_notes;
mod vm_set_tags;
