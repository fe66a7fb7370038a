//! How everything stands and stood, as status pages tell it: recorded intervals, services judged by rules, checks from outside.
mod checks;
mod handle;
mod recorder;
mod seen;
mod services;
mod standings;
mod state;
mod timeline;
mod tracks;

pub use checks::valid as valid_check;
pub(crate) use handle::StatusHandle;
pub use standings::{CheckSaid, Roll, ServiceSpec, Stand, Standings};
