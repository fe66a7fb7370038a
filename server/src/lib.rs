//! The `webxenadmin` server: HTTP, sockets, rendering, configuration and command line.
//!
//! Everything is wired here and decided in `wxa-core`; a handler resolves the caller, calls one method, and converts.
pub mod api;
pub mod asked;
pub mod assets;
pub mod bearer;
pub mod cli;
pub mod config;
pub mod connect;
pub mod cookie;
pub mod doctor;
pub mod forms;
pub mod headers;
pub mod health;
pub mod idempotency;
pub mod licenses;
pub mod listen;
pub mod logs;
pub mod metrics_export;
pub mod notify;
pub mod origin;
pub mod pages;
pub mod problem;
pub mod proxies;
pub mod router;
pub mod session;
pub mod sockets;
pub mod state;
pub mod status;
pub mod support;
pub mod tls;
pub mod version;
pub mod watcher;

pub use config::Config;
pub use router::router;
pub use state::{AppState, Options};
