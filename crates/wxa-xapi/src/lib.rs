//! Driver for XCP-ng and XenServer pools: XAPI over HTTPS, nothing installed on the hosts.
//!
//! What it calls there is listed in this crate's README. Words such as *OpaqueRef*, *SR* and *VBD* stay in here: outside, a
//! VM has our id.
mod act;
mod config;
mod console;
mod details;
mod driver;
mod events;
mod fingerprint;
mod history;
mod http;
mod loose;
pub mod parse;
mod places;
mod pool;
mod raw;
mod reference;
mod rpc;
mod rrd;
mod text;
mod tls;
mod watch;
mod world;

pub use config::XapiConfig;
pub use driver::XapiDriver;
pub use tls::{Certificate, certificate};
