//! The built server as a process, on a simulated host: killed, out of room, and started on data that it must not touch.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: a failure must stop"
)]
mod full_disk;
mod http;
mod killed;
mod served;
mod unusable_data;
