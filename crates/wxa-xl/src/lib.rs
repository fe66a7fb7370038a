//! Driver for plain Xen hosts: `xl` and friends over SSH, nothing installed on the host.
//!
//! What it runs there is listed in this crate's README. Words such as *domid* stay in here: outside, a VM has our id.
mod act;
mod config;
mod console;
mod driver;
pub mod parse;
mod shell;
mod ssh;
mod watch;
mod world;

pub use config::{Credential, XlConfig};
pub use driver::XlDriver;
pub use ssh::host_key::{HostKey, host_key};
