//! API tokens: keys that people make for their scripts.
//!
//! A token never gives more than its owner has at the moment of use, always expires, and can change no account, no
//! password and no token: whoever finds one cannot make it last.
use super::{scope::OF_A_POOL, session::TOUCH_MS, token, user::UserRef};
use crate::{
    Core, Ctx, Error, TokenCaller,
    audit::{AuditTarget, tidy},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;
use wxa_model::{Grant, TokenId, UnixMillis, grants};
use wxa_store::{ApiTokenRecord, UserRecord};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// A token lives at most so long.
const DAYS_MOST: u32 = 365;
/// How many tokens an account may have.
const TOKENS_MOST: usize = 50;
const NAME_CHARS: usize = 64;
const ADDRESS_CHARS: usize = 64;
/// By this, tools that look for leaked secrets recognise ours.
const PREFIX: &str = "wxa_";

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for, in the owner's words.
    pub name: String,
    /// What it may do where.
    pub grant: Grant,
    /// For how many days, 1 to 365.
    pub days: u32,
}

impl Core {
    /// The caller's own API tokens, the latest first.
    ///
    /// # Errors
    /// [`Error::NotByToken`].
    pub async fn token_list(&self, ctx: &Ctx) -> Result<Vec<ApiTokenRecord>, Error> {
        let user = ctx.require_own_account()?;
        Ok(self.inner.store.api_token_list(user).await?)
    }

    /// An account's API tokens, the latest first.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn user_tokens(
        &self,
        ctx: &Ctx,
        user: impl Into<UserRef<'_>>,
    ) -> Result<Vec<ApiTokenRecord>, Error> {
        let user = self.user_to_manage(ctx, user).await?;
        Ok(self.inner.store.api_token_list(user.id).await?)
    }

    /// Makes an API token for the caller.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Invalid`] for the name, the days, or rights that the caller does not have.
    pub async fn token_create(
        &self,
        ctx: &Ctx,
        new: NewToken,
    ) -> Result<(ApiTokenRecord, SecretString), Error> {
        let user = ctx.require_own_account()?;
        let owner = self.inner.store.user_get(user).await?;
        self.token_make(ctx, "token_create", owner.ok_or(Error::Unauthenticated)?, new)
            .await
    }

    /// Makes an API token for an account.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] for the name, the days, or
    /// rights that the account does not have.
    pub async fn user_token_create(
        &self,
        ctx: &Ctx,
        user: impl Into<UserRef<'_>>,
        new: NewToken,
    ) -> Result<(ApiTokenRecord, SecretString), Error> {
        let owner = self.user_to_manage(ctx, user).await?;
        self.token_make(ctx, "user_token_create", owner, new).await
    }

    async fn token_make(
        &self,
        ctx: &Ctx,
        what: &'static str,
        owner: UserRecord,
        new: NewToken,
    ) -> Result<(ApiTokenRecord, SecretString), Error> {
        check(&new)?;
        if !grants::includes(&owner.grants, &new.grant, |host| self.site_of(host)) {
            return Err(invalid("grant", "a token may do no more than its owner"));
        }
        if self.is_member(&new.grant.scope) {
            return Err(invalid("grant", OF_A_POOL));
        }
        let core = self.clone();
        let may = self.grants_told(std::slice::from_ref(&new.grant));
        let target = AuditTarget::new(owner.id, format!("{}: {}, {may}", owner.name, new.name));
        self.audited(ctx, what, target, async move {
            let store = &core.inner.store;
            if store.api_token_list(owner.id).await?.len() >= TOKENS_MOST {
                let why = format!("there are {TOKENS_MOST} tokens already: revoke one that is not used");
                return Err(invalid("name", &why));
            }
            let (secret, hash) = new_secret();
            let now = core.now();
            let record = ApiTokenRecord {
                id: TokenId(Uuid::new_v4()),
                user: owner.id,
                name: new.name,
                grant: new.grant,
                created_at: now,
                expires_at: UnixMillis(now.0.saturating_add(u64::from(new.days) * DAY_MS)),
                last_used_at: None,
                last_used_from: String::new(),
            };
            let kept = store.api_token_insert(&record, &hash).await;
            kept.map_err(|error| match error {
                wxa_store::Error::Duplicate => invalid("name", "there is a token of that name already"),
                other => other.into(),
            })?;
            Ok((record, secret))
        })
        .await
    }

    /// Takes an API token back, and ends at once what hangs on it: the caller's own or, for administrators, anybody's.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::NotFound`] also for somebody else's token.
    pub async fn token_revoke(&self, ctx: &Ctx, id: TokenId) -> Result<(), Error> {
        let caller = ctx.require_own_account()?;
        let found = self.inner.store.api_token_get(id).await?;
        let found = found.filter(|found| found.user == caller || ctx.require_accounts().is_ok());
        let token = found.ok_or(Error::NotFound)?;
        let (owner, name) = self.user_name(token.user).await?;
        let core = self.clone();
        let target = AuditTarget::new(owner, format!("{name}: {}", token.name));
        self.audited(ctx, "token_revoke", target, async move {
            core.inner.store.api_token_delete(id).await?;
            core.inner.session_changes.note();
            Ok(())
        })
        .await
    }

    /// Who the bearer of an API token is, with what is left of its owner's grants, as of now.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when there is no such token (any more); [`Error::TooMany`] when the address brings
    /// too many wrong ones.
    pub async fn token_resolve(
        &self,
        secret: &SecretString,
        from: &str,
        request_id: &str,
    ) -> Result<Ctx, Error> {
        let caller = Ctx::anonymous(from, request_id);
        let token = self.inner.store.api_token_by_hash(&token::hash(secret)).await?;
        let token = token
            .filter(|token| self.now() < token.expires_at)
            .ok_or_else(|| self.wrong_token(&caller))?;
        let owner = self.inner.store.user_get(token.user).await?;
        let owner = owner.ok_or(Error::Unauthenticated)?;
        self.token_used(&token, from).await;
        Ok(Ctx {
            user: Some(owner.id),
            name: owner.name,
            grants: Arc::from(self.left_of(&owner.grants, &token)),
            token: Some(TokenCaller {
                id: token.id,
                name: token.name,
            }),
            ..caller
        })
    }

    /// How long the token lives at most from now; none when it has ended, or gives other rights than `ctx` has.
    pub(crate) async fn token_left(&self, ctx: &Ctx, id: TokenId) -> Result<Option<Duration>, Error> {
        let now = self.now();
        let store = &self.inner.store;
        let Some(token) = store.api_token_get(id).await? else {
            return Ok(None);
        };
        let owner = store.user_get(token.user).await?;
        let same = owner.is_some_and(|owner| {
            owner.disabled_at.is_none() && *self.left_of(&owner.grants, &token) == *ctx.grants
        });
        if !same || now >= token.expires_at {
            return Ok(None);
        }
        self.token_used(&token, &ctx.from).await;
        Ok(Some(Duration::from_millis(
            token.expires_at.0.saturating_sub(now.0),
        )))
    }

    fn left_of(&self, held: &[Grant], token: &ApiTokenRecord) -> Vec<Grant> {
        grants::narrowed(held, &token.grant, |host| self.site_of(host))
    }

    /// Notes that a token is in use. Where that cannot be noted (a full disk), whoever only looks goes on looking.
    async fn token_used(&self, token: &ApiTokenRecord, from: &str) {
        let now = self.now();
        // Either way: after the clock was set back, the last use lies in the future.
        if token
            .last_used_at
            .is_some_and(|at| now.0.abs_diff(at.0) < TOUCH_MS)
        {
            return;
        }
        let from = tidy(from, ADDRESS_CHARS);
        if let Err(error) = self.inner.store.api_token_touch(token, now, &from).await {
            tracing::warn!(%error, "a token's use could not be noted");
        }
    }
}

fn new_secret() -> (SecretString, wxa_store::TokenHash) {
    let (random, _) = token::new();
    let secret = SecretString::from(format!("{PREFIX}{}", random.expose_secret()));
    let hash = token::hash(&secret);
    (secret, hash)
}

fn check(new: &NewToken) -> Result<(), Error> {
    let name = &new.name;
    let fits = (1..=NAME_CHARS).contains(&name.chars().count())
        && name.trim() == name
        && !name.chars().any(char::is_control);
    if !fits {
        let why = format!("say what it is for in 1 to {NAME_CHARS} characters");
        return Err(invalid("name", &why));
    }
    if !(1..=DAYS_MOST).contains(&new.days) {
        let why = format!("a token lives from 1 to {DAYS_MOST} days");
        return Err(invalid("days", &why));
    }
    Ok(())
}

fn invalid(field: &'static str, why: &str) -> Error {
    Error::Invalid {
        field,
        why: why.into(),
    }
}
