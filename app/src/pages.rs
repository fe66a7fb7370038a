//! The pages, one per file.
pub mod audit;
pub mod gate;
pub mod host;
pub mod host_add;
pub mod missing;
pub mod tasks;
pub mod vm;
pub mod vms;
