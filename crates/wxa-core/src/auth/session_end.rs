//! Tells whoever hangs on a session or an API token (a socket) that it ended.
//!
//! The database decides; a nudge makes the waiters look at once. They also look every few seconds, because the
//! command line may have ended a session from another process.
use super::session::is_alive;
use crate::{Core, Ctx, Error};
use std::{future::Future, time::Duration};
use tokio::{sync::watch, time::sleep};
use uuid::Uuid;

const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Nudges the waiters.
#[derive(Debug, Default)]
pub(crate) struct SessionChanges(watch::Sender<u64>);

impl SessionChanges {
    /// Some session ended.
    pub(crate) fn note(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }
}

impl Core {
    /// Resolves when what the caller came in by has ended: its session was signed out, expired, or its account changed
    /// or disabled; its API token was taken back, expired, or gives other rights now. While it is waited for, it counts
    /// as used. For a caller with neither it never resolves.
    pub fn access_ended(&self, ctx: &Ctx) -> impl Future<Output = ()> + Send + 'static {
        let (core, ctx) = (self.clone(), ctx.clone());
        let mut changes = core.inner.session_changes.0.subscribe();
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
        let found = self.inner.store.session_get(id).await?;
        let Some(session) = found.filter(|session| is_alive(session, now)) else {
            return Ok(None);
        };
        self.session_used(&session).await;
        Ok(Some(Duration::from_millis(
            session.expires_at.0.saturating_sub(now.0),
        )))
    }
}
