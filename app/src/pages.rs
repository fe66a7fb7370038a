//! The pages, one per file.
pub mod account;
pub mod audit;
pub mod gate;
pub mod help;
pub mod host;
pub mod host_add;
pub mod missing;
pub mod overview;
pub mod settings;
pub mod system;
pub mod task;
pub mod tasks;
pub mod user;
pub mod user_add;
pub mod users;
pub mod vm;
pub mod vms;
