//! The sockets that are open: bounded for each session, ended together when the server stops.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};
use uuid::Uuid;

/// How many sockets one session may have open.
const PER_SESSION: usize = 32;

/// The open sockets.
#[derive(Debug, Default)]
pub struct Sockets {
    stop: CancellationToken,
    tracker: TaskTracker,
    open: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// Counts one socket for as long as it lives.
#[derive(Debug)]
pub(super) struct OpenSocket {
    session: Uuid,
    open: Arc<Mutex<HashMap<Uuid, usize>>>,
    _tracked: TaskTrackerToken,
}

impl Sockets {
    /// Counts a socket of `session`; none when it has too many.
    pub(super) fn enter(&self, session: Uuid) -> Option<OpenSocket> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(session).or_default();
        if *count >= PER_SESSION {
            return None;
        }
        *count += 1;
        drop(open);
        Some(OpenSocket {
            session,
            open: Arc::clone(&self.open),
            _tracked: self.tracker.token(),
        })
    }

    /// Resolves when the server stops.
    pub(super) async fn stopping(&self) {
        self.stop.cancelled().await;
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .sum()
    }

    /// Ends all sockets, and waits for them at most so long.
    pub async fn stop(&self, within: Duration) {
        self.stop.cancel();
        self.tracker.close();
        if tokio::time::timeout(within, self.tracker.wait()).await.is_err() {
            tracing::warn!(left = self.count(), "sockets did not end in time");
        }
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_session_has_so_many_sockets_and_no_more() {
        let sockets = Sockets::default();
        let session = Uuid::from_u128(1);
        let mut open: Vec<_> = std::iter::from_fn(|| sockets.enter(session)).collect();
        assert_eq!(open.len(), PER_SESSION);
        assert!(sockets.enter(Uuid::from_u128(2)).is_some());
        open.pop();
        assert!(sockets.enter(session).is_some());
        drop(open);
        assert_eq!(sockets.count(), 0);
        sockets.stop(Duration::from_secs(1)).await;
    }
}
