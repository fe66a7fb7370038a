//! Tells whoever hangs on a session or an API token (a socket) that it ended.
//!
//! The database decides; a nudge makes the waiters look at once. They also look every few seconds, because the
//! command line may have ended a session from another process.
use super::session::is_alive;
use crate::{Core, Ctx, Error};
use std::{
    collections::HashMap,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};
use uuid::Uuid;
use wxa_store::SessionRecord;

const LOOK_EVERY: Duration = Duration::from_secs(4);
/// What one socket found serves the others of its session for so long: a question to the database for each of them is most of what an
/// idle socket costs.
const SHARED_FOR: Duration = Duration::from_secs(1);

/// Nudges the waiters.
#[derive(Debug, Default)]
pub(crate) struct SessionChanges {
    count: watch::Sender<u64>,
    looks: Mutex<HashMap<Uuid, Look>>,
}

/// What was found of a session that lives.
#[derive(Debug)]
struct Look {
    at: Instant,
    /// How many changes were known before.
    changes: u64,
    session: SessionRecord,
}

impl SessionChanges {
    /// Some session ended.
    pub(crate) fn note(&self) {
        self.count.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Tells when that happens.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    /// How often that happened: whoever goes by accounts looks at them anew when it is another number.
    pub(crate) fn count(&self) -> u64 {
        *self.count.borrow()
    }

    /// What was found of a session a moment ago; none when nothing was, or something changed since.
    fn found(&self, id: Uuid) -> Option<SessionRecord> {
        let changes = self.count();
        let looks = self.looks();
        let look = looks.get(&id)?;
        let holds = look.changes == changes && look.at.elapsed() < SHARED_FOR;
        holds.then(|| look.session.clone())
    }

    /// Keeps what was found for a moment. `changes` is their number before it was looked for.
    fn keep(&self, changes: u64, session: &SessionRecord) {
        let mut looks = self.looks();
        looks.retain(|_, look| look.at.elapsed() < SHARED_FOR);
        let look = Look {
            at: Instant::now(),
            changes,
            session: session.clone(),
        };
        looks.insert(session.id, look);
    }

    fn looks(&self) -> MutexGuard<'_, HashMap<Uuid, Look>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Core {
    /// Resolves when what the caller came in by has ended: its session was signed out, expired, or its account changed
    /// or disabled; its API token was taken back, expired, or gives other rights now. While it is waited for, it counts
    /// as used. For a caller with neither it never resolves.
    pub fn access_ended(&self, ctx: &Ctx) -> impl Future<Output = ()> + Send + 'static {
        let (core, ctx) = (self.clone(), ctx.clone());
        let mut changes = core.inner.session_changes.watch();
        async move {
            loop {
                changes.mark_unchanged();
                let left = match (ctx.session, &ctx.token) {
                    (Some(session), _) => core.session_left(session).await,
                    (None, Some(token)) => core.token_left(&ctx, token.id).await,
                    (None, None) => std::future::pending().await,
                };
                match left {
                    Ok(None) => return,
                    Ok(Some(left)) => {
                        tokio::select! {
                            _ = changes.changed() => {}
                            () = sleep(left.min(LOOK_EVERY)) => {}
                        }
                    }
                    // The server is stopping, or the database has a hiccup: neither ends the session.
                    Err(error) => {
                        tracing::debug!(%error, "a session could not be looked up");
                        sleep(LOOK_EVERY).await;
                    }
                }
            }
        }
    }

    /// How long the session lives at most from now; none when it has ended.
    async fn session_left(&self, id: Uuid) -> Result<Option<Duration>, Error> {
        let now = self.now();
        let changes = &self.inner.session_changes;
        let known = changes.found(id).filter(|session| is_alive(session, now));
        let session = match known {
            Some(session) => session,
            None => {
                let before = changes.count();
                let found = self.inner.store.session_get(id).await?;
                let Some(session) = found.filter(|session| is_alive(session, now)) else {
                    return Ok(None);
                };
                changes.keep(before, &session);
                self.session_used(&session).await;
                session
            }
        };
        Ok(Some(Duration::from_millis(
            session.expires_at.0.saturating_sub(now.0),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;
    use wxa_model::{UnixMillis, UserId};

    #[tokio::test(start_paused = true)]
    async fn what_one_socket_found_serves_the_others_for_a_moment_unless_something_changed() {
        let session = SessionRecord {
            id: Uuid::from_u128(1),
            user: UserId(Uuid::from_u128(2)),
            from: String::new(),
            agent: String::new(),
            created_at: UnixMillis(0),
            last_seen_at: UnixMillis(0),
            expires_at: UnixMillis(1000),
        };
        let changes = SessionChanges::default();
        assert_eq!(changes.found(session.id), None);
        changes.keep(changes.count(), &session);
        assert_eq!(changes.found(session.id), Some(session.clone()));
        assert_eq!(changes.found(Uuid::from_u128(3)), None, "another one");
        changes.note();
        assert_eq!(changes.found(session.id), None, "some session ended");

        changes.keep(changes.count() - 1, &session);
        assert_eq!(changes.found(session.id), None, "it ended while it was looked up");
        changes.keep(changes.count(), &session);
        advance(SHARED_FOR).await;
        assert_eq!(
            changes.found(session.id),
            None,
            "another process may have ended it"
        );
        changes.keep(
            changes.count(),
            &SessionRecord {
                id: Uuid::from_u128(4),
                ..session
            },
        );
        assert_eq!(changes.looks().len(), 1, "nothing is kept for longer");
    }
}
