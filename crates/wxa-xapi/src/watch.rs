//! Following a pool: its events tell what changes, its members are measured every 5 s.
mod follow;
mod measure;
mod told;

pub(crate) use follow::follow;

use std::time::{SystemTime, UNIX_EPOCH};
use wxa_model::UnixMillis;

/// The server's clock.
pub(crate) fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
