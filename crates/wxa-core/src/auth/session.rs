//! Signing in and out, and who a request comes from.
use super::{name, token};
use crate::{
    Core, Ctx, Error,
    audit::{AuditTarget, tidy},
    throttle::Attempt,
};
use secrecy::SecretString;
use std::sync::Arc;
use uuid::Uuid;
use wxa_model::{Grant, UnixMillis, UserId};
use wxa_store::{SessionRecord, UserRecord};

const MINUTE_MS: u64 = 60 * 1000;
/// A session ends so long after sign-in, used or not.
pub(crate) const LIFE_MS: u64 = 12 * 60 * MINUTE_MS;
/// A session ends when it was not used for so long; an open socket is use.
pub(crate) const IDLE_MS: u64 = 2 * 60 * MINUTE_MS;
/// The last use is noted at most so often.
pub(crate) const TOUCH_MS: u64 = MINUTE_MS;
/// Longest part of a tried name that is recorded, in characters.
const TRIED_NAME_CHARS: usize = 64;
/// Longest part of what a browser calls itself that is kept, in characters.
const AGENT_CHARS: usize = 200;

/// A session that was begun.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What the browser keeps; only its hash is kept here.
    pub token: SecretString,
    /// The account.
    pub user: UserId,
    /// Its name.
    pub name: String,
    /// What it may do where.
    pub grants: Vec<Grant>,
    /// When the session ends, used or not.
    pub expires_at: UnixMillis,
}

impl Core {
    /// Signs in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when name and password do not fit, for whatever reason; [`Error::TooMany`].
    pub async fn session_create(
        &self,
        ctx: &Ctx,
        name: &str,
        password: &SecretString,
    ) -> Result<NewSession, Error> {
        let attempt = self.attempt_begin(ctx, name)?;
        let ctx = Ctx {
            name: tidy(name, TRIED_NAME_CHARS),
            ..ctx.clone()
        };
        let (core, name, password) = (self.clone(), name.to_owned(), password.clone());
        self.to_the_end("session_create", async move {
            let row = core
                .audit_begin(&ctx, "session_create", AuditTarget::installation())
                .await?;
            let result = match core.user_with_password(&name, &password).await {
                Ok(user) => core.session_begin(user, &ctx).await,
                Err(error) => Err(error),
            };
            match &result {
                Ok(_) => core.inner.throttle.succeeded(&attempt, core.now()),
                // Stays counted.
                Err(Error::Unauthenticated) => {}
                Err(_) => core.inner.throttle.withdrawn(&attempt),
            }
            match &result {
                Err(Error::Unauthenticated) => row.refused("name and password do not fit").await,
                other => row.conclude(other).await,
            }
            result
        })
        .await
    }

    /// Counts an attempt with a password, or refuses it because there were too many.
    pub(crate) fn attempt_begin(&self, ctx: &Ctx, account: &str) -> Result<Attempt, Error> {
        let attempt = self.inner.throttle.begin(account, &ctx.from, self.now());
        attempt.map_err(|retry_after_s| {
            tracing::warn!(from = %ctx.from, retry_after_s, "sign-in throttled");
            Error::TooMany { retry_after_s }
        })
    }

    /// Counts a link or an API token that does not fit: the answer to it.
    pub(crate) fn wrong_token(&self, ctx: &Ctx) -> Error {
        match self.inner.throttle.wrong_token(&ctx.from, self.now()) {
            Ok(()) => Error::Unauthenticated,
            Err(retry_after_s) => Error::TooMany { retry_after_s },
        }
    }

    /// The account of that name if the password fits; takes as long when there is no such account.
    async fn user_with_password(&self, tried: &str, password: &SecretString) -> Result<UserRecord, Error> {
        let store = &self.inner.store;
        let user = match name::check_name(tried) {
            Ok(()) => store.user_by_name(tried).await?,
            Err(_) => None,
        };
        let id = user.as_ref().map_or(UserId(Uuid::nil()), |user| user.id);
        let hash = store.user_password_hash(id).await?;
        let fits = self.inner.passwords.verify(password, hash).await?;
        user.filter(|user| fits && user.disabled_at.is_none())
            .ok_or(Error::Unauthenticated)
    }

    /// Begins a session of an account that has shown who it is.
    pub(crate) async fn session_begin(&self, user: UserRecord, ctx: &Ctx) -> Result<NewSession, Error> {
        let (token, hash) = token::new();
        let now = self.now();
        let store = &self.inner.store;
        store
            .session_delete_expired(now, UnixMillis(now.0.saturating_sub(IDLE_MS)))
            .await?;
        let session = SessionRecord {
            id: Uuid::new_v4(),
            user: user.id,
            from: tidy(&ctx.from, TRIED_NAME_CHARS),
            agent: tidy(&ctx.agent, AGENT_CHARS),
            created_at: now,
            last_seen_at: now,
            expires_at: UnixMillis(now.0.saturating_add(LIFE_MS)),
        };
        store.session_insert(&session, &hash).await?;
        Ok(NewSession {
            token,
            user: user.id,
            name: user.name,
            grants: user.grants,
            expires_at: session.expires_at,
        })
    }

    /// Who the bearer of a session's token is, with what grants, as of now.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when there is no such session (any more).
    pub async fn session_resolve(
        &self,
        token: &SecretString,
        from: &str,
        request_id: &str,
    ) -> Result<Ctx, Error> {
        let found = self.inner.store.session_by_token(&token::hash(token)).await?;
        let session = found
            .filter(|session| is_alive(session, self.now()))
            .ok_or(Error::Unauthenticated)?;
        let user = self
            .inner
            .store
            .user_get(session.user)
            .await?
            .ok_or(Error::Unauthenticated)?;
        self.session_used(&session).await;
        Ok(Ctx {
            user: Some(user.id),
            session: Some(session.id),
            name: user.name,
            grants: Arc::from(user.grants),
            ..Ctx::anonymous(from, request_id)
        })
    }

    /// Notes that a session is in use. Where that cannot be noted (a full disk), whoever only looks goes on looking.
    pub(crate) async fn session_used(&self, session: &SessionRecord) {
        let now = self.now();
        // Either way: after the clock was set back, the last use lies in the future.
        if now.0.abs_diff(session.last_seen_at.0) < TOUCH_MS {
            return;
        }
        if let Err(error) = self.inner.store.session_touch(session, now).await {
            tracing::warn!(%error, "a session's use could not be noted");
        }
    }

    /// Signs out: the session ends, and with it what hangs on it.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a caller without a session; [`Error::NotByToken`].
    pub async fn session_delete(&self, ctx: &Ctx) -> Result<(), Error> {
        ctx.require_person()?;
        let session = ctx.session.ok_or(Error::Unauthenticated)?;
        let core = self.clone();
        self.audited(ctx, "session_delete", AuditTarget::installation(), async move {
            core.inner.store.session_delete(session).await?;
            core.inner.session_changes.note();
            Ok(())
        })
        .await
    }
}

/// Whether a session is good at `now`. One that was last used in the future is as old as that future is far away: a
/// clock that was wrong for a while must not leave sessions behind that last for years.
pub(crate) fn is_alive(session: &SessionRecord, now: UnixMillis) -> bool {
    now < session.expires_at && now.0.abs_diff(session.last_seen_at.0) < IDLE_MS
}
