//! Driver for plain Xen hosts: `xl` and friends over SSH or on this very machine, nothing installed on the host.
//!
//! What it runs there is listed in this crate's README. Words such as *domid* stay in here: outside, a VM has our id.
mod act;
mod config;
mod console;
mod details;
mod driver;
#[doc(hidden)]
pub mod foreign;
mod local;
mod logging;
mod members;
pub mod parse;
mod record;
mod shell;
mod ssh;
mod transport;
mod watch;
mod world;

pub use config::{Credential, LocalTarget, Reach, SshTarget, XlConfig};
pub use driver::XlDriver;
pub use local::is_control_domain;
pub use members::{MemberAccess, MemberConsoles, try_member};
pub use ssh::host_key::{HostKey, host_key};
pub use world::Runs;
