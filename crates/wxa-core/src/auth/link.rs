//! One-time links: for signing in, and for setting a password.
use super::{name, token, user::UserRef};
use crate::{Core, Ctx, Error, NewSession, audit::AuditTarget};
use secrecy::SecretString;
use wxa_model::UnixMillis;
use wxa_store::{TokenPurpose, UserRecord};

/// A sign-in link is good for so long.
const LOGIN_MS: u64 = 60 * 60 * 1000;
/// A reset link has to reach its account's owner first: it is good for a day.
const RESET_MS: u64 = 24 * 60 * 60 * 1000;

/// A link that was made.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// What the link carries; only its hash is kept.
    pub token: SecretString,
    /// When it stops working.
    pub expires_at: UnixMillis,
}

impl Core {
    /// A one-time link token with which an account signs in once, within an hour.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] when there is no such account, or it is disabled.
    pub async fn login_link_create(
        &self,
        ctx: &Ctx,
        user: impl Into<UserRef<'_>>,
    ) -> Result<SecretString, Error> {
        let user = self.user_to_manage(ctx, user).await?;
        if user.disabled_at.is_some() {
            return Err(Error::NotFound);
        }
        let core = self.clone();
        self.audited(
            ctx,
            "login_link_create",
            AuditTarget::new(user.id, &user.name),
            async move {
                let (token, hash) = token::new();
                let now = core.now();
                let until = UnixMillis(now.0.saturating_add(LOGIN_MS));
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
    /// [`Error::Unauthenticated`] when the link is not valid (any more); [`Error::TooMany`].
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
        let user = user.ok_or_else(|| self.wrong_token(ctx))?;
        let ctx = Ctx {
            name: user.name.clone(),
            user: Some(user.id),
            ..ctx.clone()
        };
        let (core, caller) = (self.clone(), ctx.clone());
        self.audited(
            &ctx,
            "session_create_by_link",
            AuditTarget::installation(),
            async move { core.session_begin(user, &caller).await },
        )
        .await
    }

    /// A one-time link with which an account's owner sets a new password, within a day; one before it is void.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`]; [`Error::NotFound`] when there is no such account;
    /// [`Error::Invalid`] when it is disabled.
    pub async fn user_reset_link(&self, ctx: &Ctx, user: impl Into<UserRef<'_>>) -> Result<NewLink, Error> {
        let user = self.user_to_manage(ctx, user).await?;
        if user.disabled_at.is_some() {
            return Err(Error::Invalid {
                field: "user",
                why: "the account is disabled: enable it first".into(),
            });
        }
        let (core, target) = (self.clone(), AuditTarget::new(user.id, &user.name));
        self.audited(ctx, "user_reset_link", target, async move {
            let (token, hash) = token::new();
            let now = core.now();
            let expires_at = UnixMillis(now.0.saturating_add(RESET_MS));
            core.inner
                .store
                .token_insert(TokenPurpose::Reset(user.id), &hash, now, expires_at)
                .await?;
            Ok(NewLink { token, expires_at })
        })
        .await
    }

    /// Sets the password of the account that a reset link is for, ends its sessions, and signs in. The link is used
    /// up only then: a password that will not do leaves it good.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the link is not valid (any more); [`Error::Invalid`] for the password;
    /// [`Error::TooMany`].
    pub async fn password_reset(
        &self,
        ctx: &Ctx,
        link: &SecretString,
        password: &SecretString,
    ) -> Result<NewSession, Error> {
        let link = token::hash(link);
        // Before anything costly: only whoever has the link may make us work.
        let user = self.reset_link_user(&link).await?;
        let user = user.ok_or_else(|| self.wrong_token(ctx))?;
        name::check_password(password)?;
        let ctx = Ctx {
            name: user.name.clone(),
            user: Some(user.id),
            ..ctx.clone()
        };
        let (core, caller, password) = (self.clone(), ctx.clone(), password.clone());
        let target = AuditTarget::new(user.id, &user.name);
        self.audited(&ctx, "password_reset", target, async move {
            let hash = core.inner.passwords.hash(&password).await?;
            let store = &core.inner.store;
            if store
                .user_set_password_by_link(&link, core.now(), &hash)
                .await?
                .is_none()
            {
                return Err(Error::Unauthenticated);
            }
            core.inner.session_changes.note();
            core.session_begin(user, &caller).await
        })
        .await
    }

    async fn reset_link_user(&self, link: &wxa_store::TokenHash) -> Result<Option<UserRecord>, Error> {
        let store = &self.inner.store;
        let Some(id) = store.token_reset_user(link, self.now()).await? else {
            return Ok(None);
        };
        let user = store.user_get(id).await?;
        Ok(user.filter(|user| user.disabled_at.is_none()))
    }
}
