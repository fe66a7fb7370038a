//! Following a host: streams tell at once, a full look every 10 s tells the rest.
mod follow;
mod known;
mod rates;
mod scan;
mod store;

pub(crate) use follow::follow;
pub(crate) use known::Known;
pub(crate) use scan::{Depth, Scan, scan};

use std::time::{SystemTime, UNIX_EPOCH};
use wxa_model::UnixMillis;

/// The server's clock.
pub(crate) fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
