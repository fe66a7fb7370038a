//! The first run: whoever reads the server's own output makes the first administrator.
use super::{name, token};
use crate::{Core, Ctx, Error, audit::AuditTarget, auth::NewSession};
use secrecy::SecretString;
use uuid::Uuid;
use wxa_model::{Grant, Refusal, RefusalCode, UnixMillis, UserId};
use wxa_store::{NewUser, TokenPurpose, UserRecord};

/// A setup link is good for a day; every start of the server prints a new one.
const TOKEN_MS: u64 = 24 * 60 * 60 * 1000;

impl Core {
    /// Whether the first administrator is still to be made: there is no account at all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn setup_needed(&self) -> Result<bool, Error> {
        Ok(!self.inner.store.user_any().await?)
    }

    /// A new one-time token for making the first administrator, good for a day; those before it are void.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is an account already.
    pub async fn setup_token_create(&self) -> Result<SecretString, Error> {
        self.setup_demanded().await?;
        let (token, hash) = token::new();
        let now = self.now();
        let until = UnixMillis(now.0.saturating_add(TOKEN_MS));
        self.inner
            .store
            .token_insert(TokenPurpose::Setup, &hash, now, until)
            .await?;
        Ok(token)
    }

    /// Makes the first administrator and signs in.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is an account already; [`Error::Invalid`] for a wrong token, name or password;
    /// [`Error::TooMany`].
    pub async fn setup_create(
        &self,
        ctx: &Ctx,
        token: &SecretString,
        name: &str,
        password: &SecretString,
    ) -> Result<NewSession, Error> {
        self.setup_demanded().await?;
        let token = token::hash(token);
        // Before anything costly: only whoever has the token may make us work.
        if !self.inner.store.token_is_setup(&token, self.now()).await? {
            return Err(match self.wrong_token(ctx) {
                Error::Unauthenticated => wrong_token(),
                too_many => too_many,
            });
        }
        name::check_name(name)?;
        name::check_password(password)?;
        let ctx = Ctx {
            name: name.to_owned(),
            ..ctx.clone()
        };
        let (core, caller, password) = (self.clone(), ctx.clone(), password.clone());
        let name = name.to_owned();
        self.audited(&ctx, "setup_create", AuditTarget::installation(), async move {
            let user = NewUser {
                id: UserId(Uuid::new_v4()),
                name,
                password_hash: Some(core.inner.passwords.hash(&password).await?),
                grants: vec![Grant::admin_everywhere()],
                created_at: core.now(),
            };
            if !core.inner.store.user_insert_first(&token, &user).await? {
                return Err(wrong_token());
            }
            let user = UserRecord {
                id: user.id,
                name: user.name,
                grants: user.grants,
                created_at: user.created_at,
                disabled_at: None,
                last_seen_at: None,
                has_password: true,
            };
            core.session_begin(user, &caller).await
        })
        .await
    }

    async fn setup_demanded(&self) -> Result<(), Error> {
        if self.setup_needed().await? {
            return Ok(());
        }
        let sentence = "The first administrator has been made already: sign in instead.";
        Err(Error::Conflict(Refusal::new(RefusalCode::NotAllowed, sentence)))
    }
}

fn wrong_token() -> Error {
    Error::Invalid {
        field: "token",
        why: "this link is no longer valid: restart the server and open the link it prints".into(),
    }
}
