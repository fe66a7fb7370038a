//! The XAPI face of the simulation: pools as XCP-ng and XenServer have them, behind real HTTPS and HTTP servers that speak XML-RPC,
//! JSON-RPC, measurements and consoles as xapi does. One table of classes (`xapi/schema`) drives it.

mod allowed;
mod calls;
mod codec;
mod condition;
mod config;
mod db;
mod events;
mod failure;
mod fleet;
mod generated;
mod guests;
mod http;
pub(crate) mod member;
mod messages;
mod names;
mod operations;
mod placement;
mod plan;
mod pool;
mod role;
mod rpc;
mod rrd;
mod schema;
mod tasks;
mod tls;
mod value;
mod vm;
mod world;

pub use config::{Account, Life, MemberSsh, PoolConfig, Ports};
pub use pool::{PoolVm, SimPool};
pub use role::Role;
pub use tls::{Paper, Signer, authority};
