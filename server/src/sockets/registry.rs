//! The sockets that are open: bounded for each session or API token, counted, ended together when the server stops.
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};
use uuid::Uuid;
use wxa_wire::system::{SocketsView, UserSocketsView};

use super::counted::Bytes;

/// How many sockets one session or API token may have open.
const PER_SESSION: usize = 32;

/// What a socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The live picture.
    Live,
    /// A console: a terminal or a screen.
    Console,
}

/// The open sockets.
#[derive(Debug, Default)]
pub struct Sockets {
    stop: CancellationToken,
    tracker: TaskTracker,
    open: Arc<Mutex<Open>>,
    /// What went through sockets that are closed.
    closed: Arc<Bytes>,
    too_slow: AtomicU64,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    sockets: HashMap<u64, Entry>,
    by_access: HashMap<Uuid, usize>,
}

#[derive(Debug)]
struct Entry {
    access: Uuid,
    user: String,
    kind: Kind,
    bytes: Arc<Bytes>,
}

/// Counts one socket for as long as it lives.
#[derive(Debug)]
pub(super) struct OpenSocket {
    number: u64,
    open: Arc<Mutex<Open>>,
    closed: Arc<Bytes>,
    _tracked: TaskTrackerToken,
}

impl Sockets {
    /// Counts a socket of a session or API token, whose caller is `user`; none when it has too many.
    pub(super) fn enter(
        &self,
        access: Uuid,
        user: &str,
        kind: Kind,
        bytes: Arc<Bytes>,
    ) -> Option<OpenSocket> {
        let mut open = lock(&self.open);
        let count = open.by_access.entry(access).or_default();
        if *count >= PER_SESSION {
            return None;
        }
        *count += 1;
        open.next += 1;
        let number = open.next;
        let entry = Entry {
            access,
            user: user.to_owned(),
            kind,
            bytes,
        };
        open.sockets.insert(number, entry);
        drop(open);
        Some(OpenSocket {
            number,
            open: Arc::clone(&self.open),
            closed: Arc::clone(&self.closed),
            _tracked: self.tracker.token(),
        })
    }

    /// Serves a socket for as long as it lives; [`Self::stop`] waits for it.
    pub(super) fn serve(&self, served: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(served);
    }

    /// A socket was closed because the other end read too slowly.
    pub(super) fn was_too_slow(&self) {
        self.too_slow.fetch_add(1, Ordering::Relaxed);
    }

    /// Resolves when the server stops.
    pub(super) async fn stopping(&self) {
        self.stop.cancelled().await;
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        lock(&self.open).sockets.len()
    }

    /// What is open, by account, and what went through.
    pub fn view(&self) -> SocketsView {
        let (bytes_out, bytes_in) = self.closed.read();
        let mut view = SocketsView {
            bytes_out,
            bytes_in,
            too_slow: self.too_slow.load(Ordering::Relaxed),
            ..SocketsView::default()
        };
        let mut users: BTreeMap<String, UserSocketsView> = BTreeMap::new();
        for socket in lock(&self.open).sockets.values() {
            let user = users.entry(socket.user.clone()).or_default();
            match socket.kind {
                Kind::Live => (user.live, view.live) = (user.live + 1, view.live + 1),
                Kind::Console => (user.console, view.console) = (user.console + 1, view.console + 1),
            }
            let (bytes_out, bytes_in) = socket.bytes.read();
            user.bytes_out += bytes_out;
            user.bytes_in += bytes_in;
            view.bytes_out += bytes_out;
            view.bytes_in += bytes_in;
        }
        view.users = users
            .into_iter()
            .map(|(name, user)| UserSocketsView { name, ..user })
            .collect();
        view
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

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        let Some(entry) = open.sockets.remove(&self.number) else {
            return;
        };
        self.closed.add(entry.bytes.read());
        if let Some(count) = open.by_access.get_mut(&entry.access) {
            *count -= 1;
            if *count == 0 {
                open.by_access.remove(&entry.access);
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
        let enter = |n| sockets.enter(Uuid::from_u128(n), "ada", Kind::Live, Arc::default());
        let mut open: Vec<_> = std::iter::from_fn(|| enter(1)).collect();
        assert_eq!(open.len(), PER_SESSION);
        assert!(enter(2).is_some());
        open.pop();
        assert!(enter(1).is_some());
        drop(open);
        assert_eq!(sockets.count(), 0);
        sockets.stop(Duration::from_secs(1)).await;
    }

    #[tokio::test]
    async fn what_goes_through_is_counted_by_account_and_stays_counted() {
        let sockets = Sockets::default();
        let bytes: Arc<Bytes> = Arc::default();
        let session = Uuid::from_u128(1);
        let console = sockets.enter(session, "ada", Kind::Console, Arc::clone(&bytes));
        let _live = sockets.enter(session, "ben", Kind::Live, Arc::default());
        bytes.add((10, 3));
        sockets.was_too_slow();
        let view = sockets.view();
        assert_eq!((view.live, view.console, view.too_slow), (1, 1, 1));
        let ada = view.users.first().expect("two accounts");
        assert_eq!((ada.name.as_str(), ada.console, ada.bytes_out), ("ada", 1, 10));
        drop(console);
        let view = sockets.view();
        assert_eq!((view.console, view.bytes_out, view.bytes_in), (0, 10, 3));
        assert_eq!(view.users.len(), 1);
    }
}
