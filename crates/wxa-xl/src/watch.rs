//! Following a host: streams tell at once, a full look every 10 s tells the rest.
mod beat;
mod follow;
mod known;
mod rates;
mod scan;
mod sizes;
mod store;
mod stream;
mod top;

pub(crate) use follow::follow;
pub(crate) use known::Known;
pub(crate) use scan::{Depth, Scan, scan};
pub(crate) use sizes::Sizes;

use std::{
    future::Future,
    pin::Pin,
    time::{SystemTime, UNIX_EPOCH},
};
use wxa_model::UnixMillis;

/// Domains beyond which a host's devices and virtual CPUs are not measured one by one.
const LARGE: usize = 200;

/// What goes on beside the streams.
type UnderWay<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The server's clock.
pub(crate) fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
