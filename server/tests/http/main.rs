//! The server over HTTP and sockets, one file per subject: real router, real database, simulated hosts over SSH.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: a failure must stop"
)]
mod assets;
mod audit_list;
mod console_open;
mod fleet;
mod health;
mod host_add;
mod idempotency;
mod live_open;
mod origin;
mod pages;
mod permissions;
mod restart;
mod session;
mod setup;
mod sign_in_link;
mod strictness;
mod vm_act;
