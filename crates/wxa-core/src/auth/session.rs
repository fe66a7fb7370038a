//! Signing in and out, and who a request comes from.
use super::{name, token};
use crate::{
    Core, Ctx, Error,
    audit::{AuditTarget, tidy},
};
use secrecy::SecretString;
use std::sync::Arc;
use uuid::Uuid;
use wxa_model::{Grant, Permission, UnixMillis, UserId};
use wxa_store::{SessionRecord, TokenPurpose, UserRecord};

const MINUTE_MS: u64 = 60 * 1000;
/// A session ends so long after sign-in, used or not.
pub(crate) const LIFE_MS: u64 = 12 * 60 * MINUTE_MS;
/// A session ends when it was not used for so long; an open socket is use.
pub(crate) const IDLE_MS: u64 = 2 * 60 * MINUTE_MS;
/// The last use is noted at most so often.
const TOUCH_MS: u64 = MINUTE_MS;
/// A sign-in link is good for so long.
const LINK_MS: u64 = 60 * MINUTE_MS;
/// Longest part of a tried name that is recorded, in characters.
const TRIED_NAME_CHARS: usize = 64;

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
        let attempt = self.inner.throttle.begin(name, &ctx.from, self.now());
        let attempt = attempt.map_err(|retry_after_s| {
            tracing::warn!(from = %ctx.from, retry_after_s, "sign-in throttled");
            Error::TooMany { retry_after_s }
        })?;
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
                Ok(user) => core.session_begin(user, &ctx.from).await,
                Err(error) => Err(error),
            };
            match &result {
                Ok(_) => core.inner.throttle.succeeded(&attempt),
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

    /// A one-time link token with which an account signs in once, within an hour.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] when there is no such account, or it is disabled.
    pub async fn login_link_create(&self, ctx: &Ctx, user: &str) -> Result<SecretString, Error> {
        ctx.require_installation(Permission::Administer)?;
        let user = self.inner.store.user_by_name(user).await?;
        let user = user
            .filter(|user| user.disabled_at.is_none())
            .ok_or(Error::NotFound)?;
        let core = self.clone();
        self.audited(
            ctx,
            "login_link_create",
            AuditTarget::new(user.id, &user.name),
            async move {
                let (token, hash) = token::new();
                let now = core.now();
                let until = UnixMillis(now.0.saturating_add(LINK_MS));
                core.inner
                    .store
                    .token_insert(TokenPurpose::Login(user.id), &hash, now, until)
                    .await?;
                Ok(token)
            },
        )
        .await
    }

    /// Signs in with a one-time link, which is then used up.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the link is not valid (any more).
    pub async fn session_create_by_link(&self, ctx: &Ctx, token: &SecretString) -> Result<NewSession, Error> {
        let hash = token::hash(token);
        let user = self.inner.store.token_take_login(&hash, self.now()).await?;
        let user = match user {
            Some(id) => self
                .inner
                .store
                .user_get(id)
                .await?
                .filter(|user| user.disabled_at.is_none()),
            None => None,
        };
        // Nobody guesses 256 bits: a link that does not fit is an old one, and no record is worth keeping of it.
        let user = user.ok_or(Error::Unauthenticated)?;
        let ctx = Ctx {
            name: user.name.clone(),
            user: Some(user.id),
            ..ctx.clone()
        };
        let (core, from) = (self.clone(), ctx.from.clone());
        self.audited(
            &ctx,
            "session_create_by_link",
            AuditTarget::installation(),
            async move { core.session_begin(user, &from).await },
        )
        .await
    }

    /// Begins a session of an account that has shown who it is.
    pub(crate) async fn session_begin(&self, user: UserRecord, from: &str) -> Result<NewSession, Error> {
        let (token, hash) = token::new();
        let now = self.now();
        let store = &self.inner.store;
        store
            .session_delete_expired(now, UnixMillis(now.0.saturating_sub(IDLE_MS)))
            .await?;
        let session = SessionRecord {
            id: Uuid::new_v4(),
            user: user.id,
            from: tidy(from, TRIED_NAME_CHARS),
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
        self.session_used(&session).await?;
        Ok(Ctx {
            user: Some(user.id),
            session: Some(session.id),
            name: user.name,
            grants: Arc::from(user.grants),
            from: from.to_owned(),
            request_id: request_id.to_owned(),
        })
    }

    /// Notes that a session is in use.
    pub(crate) async fn session_used(&self, session: &SessionRecord) -> Result<(), Error> {
        let now = self.now();
        if now.0.saturating_sub(session.last_seen_at.0) >= TOUCH_MS {
            self.inner.store.session_touch(session.id, now).await?;
        }
        Ok(())
    }

    /// Signs out: the session ends, and with it what hangs on it.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a caller without a session.
    pub async fn session_delete(&self, ctx: &Ctx) -> Result<(), Error> {
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

/// Whether a session is good at `now`.
pub(crate) fn is_alive(session: &SessionRecord, now: UnixMillis) -> bool {
    now < session.expires_at && now.0.saturating_sub(session.last_seen_at.0) < IDLE_MS
}
