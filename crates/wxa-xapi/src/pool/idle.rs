//! Connections that wait for the next call.
use crate::http::Connection;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// What has idled for longer may have been forgotten by something in between.
const FRESH: Duration = Duration::from_secs(30);
/// How many wait at each address.
const MOST: usize = 4;

/// By address, the one that was used last at the end.
#[derive(Debug, Default)]
pub(super) struct Idle(Mutex<HashMap<String, Vec<(Connection, Instant)>>>);

impl Idle {
    /// One that is likely still open.
    pub(super) fn take(&self, address: &str) -> Option<Connection> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = all.get_mut(address)?;
        here.retain(|(_, since)| since.elapsed() < FRESH);
        let taken = here.pop().map(|(connection, _)| connection);
        if here.is_empty() {
            all.remove(address);
        }
        taken
    }

    /// Keeps one whose answer was read.
    pub(super) fn keep(&self, address: &str, mut connection: Connection) {
        if !connection.is_idle() {
            return;
        }
        connection.rest();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = all.entry(address.to_owned()).or_default();
        if here.len() < MOST {
            here.push((connection, Instant::now()));
        }
    }

    /// Lets go of all.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
