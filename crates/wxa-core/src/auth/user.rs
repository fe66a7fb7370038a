//! Accounts and what they may do: for administrators and for the command line.
use super::name;
use crate::{Core, Ctx, Error, audit::AuditTarget};
use secrecy::SecretString;
use uuid::Uuid;
use wxa_model::{Grant, UserId};
use wxa_store::{NewUser, UserRecord};

/// An account, by its id or by its name.
#[derive(Clone, Copy, Debug)]
pub enum UserRef<'a> {
    /// Its id.
    Id(UserId),
    /// Its name, whatever the case of its letters.
    Name(&'a str),
}

impl From<UserId> for UserRef<'_> {
    fn from(id: UserId) -> Self {
        Self::Id(id)
    }
}

impl<'a> From<&'a str> for UserRef<'a> {
    fn from(name: &'a str) -> Self {
        Self::Name(name)
    }
}

impl<'a> From<&'a String> for UserRef<'a> {
    fn from(name: &'a String) -> Self {
        Self::Name(name)
    }
}

impl Core {
    /// All accounts by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn user_list(&self, ctx: &Ctx) -> Result<Vec<UserRecord>, Error> {
        ctx.require_accounts()?;
        Ok(self.inner.store.user_list().await?)
    }

    /// Makes an account; without a password it signs in by link only.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] for the name or password, or when the name is taken.
    pub async fn user_create(
        &self,
        ctx: &Ctx,
        name: &str,
        password: Option<&SecretString>,
        grants: &[Grant],
    ) -> Result<UserId, Error> {
        ctx.require_accounts()?;
        name::check_name(name)?;
        password.map(name::check_password).transpose()?;
        self.check_scopes(grants, &[]).await?;
        let id = UserId(Uuid::new_v4());
        let (core, name, password, grants) =
            (self.clone(), name.to_owned(), password.cloned(), grants.to_vec());
        let label = format!("{name}: {}", self.grants_told(&grants));
        self.audited(ctx, "user_create", AuditTarget::new(id, label), async move {
            let password_hash = match password {
                Some(password) => Some(core.inner.passwords.hash(&password).await?),
                None => None,
            };
            let created_at = core.now();
            let user = NewUser {
                id,
                name,
                password_hash,
                grants,
                created_at,
            };
            core.inner.store.user_insert(&user).await.map_err(name_taken)?;
            Ok(id)
        })
        .await
    }

    /// Replaces an account's password; its sessions end.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] for the password.
    pub async fn user_set_password(
        &self,
        ctx: &Ctx,
        user: impl Into<UserRef<'_>>,
        password: &SecretString,
    ) -> Result<(), Error> {
        let user = self.user_to_manage(ctx, user).await?;
        name::check_password(password)?;
        let (core, password) = (self.clone(), password.clone());
        self.audited(
            ctx,
            "user_set_password",
            AuditTarget::new(user.id, &user.name),
            async move {
                let hash = core.inner.passwords.hash(&password).await?;
                core.inner
                    .store
                    .user_set_password_hash(user.id, &hash, None)
                    .await?;
                core.inner.session_changes.note();
                Ok(())
            },
        )
        .await
    }

    /// Disables an account: it cannot sign in any more, and its sessions end at once.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] for the last administrator.
    pub async fn user_disable(&self, ctx: &Ctx, user: impl Into<UserRef<'_>>) -> Result<(), Error> {
        let user = self.user_to_manage(ctx, user).await?;
        let core = self.clone();
        self.audited(
            ctx,
            "user_disable",
            AuditTarget::new(user.id, &user.name),
            async move {
                core.inner
                    .store
                    .user_set_disabled(user.id, Some(core.now()))
                    .await?;
                core.inner.session_changes.note();
                Ok(())
            },
        )
        .await
    }

    /// Lets a disabled account sign in again.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn user_enable(&self, ctx: &Ctx, user: impl Into<UserRef<'_>>) -> Result<(), Error> {
        let user = self.user_to_manage(ctx, user).await?;
        let core = self.clone();
        self.audited(
            ctx,
            "user_enable",
            AuditTarget::new(user.id, &user.name),
            async move {
                core.inner.store.user_set_disabled(user.id, None).await?;
                core.inner.session_changes.note();
                Ok(())
            },
        )
        .await
    }

    /// Replaces what an account may do; its sessions end, because what they opened was opened with the old grants.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] for a scope that is
    /// not there; [`Error::Conflict`] when no administrator would be left.
    pub async fn user_set_grants(
        &self,
        ctx: &Ctx,
        user: impl Into<UserRef<'_>>,
        grants: &[Grant],
    ) -> Result<(), Error> {
        let user = self.user_to_manage(ctx, user).await?;
        self.check_scopes(grants, &user.grants).await?;
        let label = format!("{}: {}", user.name, self.grants_told(grants));
        let (core, grants) = (self.clone(), grants.to_vec());
        self.audited(
            ctx,
            "user_set_grants",
            AuditTarget::new(user.id, label),
            async move {
                core.inner.store.user_set_grants(user.id, &grants).await?;
                core.inner.session_changes.note();
                Ok(())
            },
        )
        .await
    }

    /// Gives an account another name; its sessions go on.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] for the name, or when it is taken.
    pub async fn user_rename(
        &self,
        ctx: &Ctx,
        user: impl Into<UserRef<'_>>,
        name: &str,
    ) -> Result<(), Error> {
        let user = self.user_to_manage(ctx, user).await?;
        name::check_name(name)?;
        let (core, name) = (self.clone(), name.to_owned());
        // Both names are in the log: whoever looks for one finds the other.
        let label = format!("{} → {name}", user.name);
        self.audited(ctx, "user_rename", AuditTarget::new(user.id, label), async move {
            let renamed = core.inner.store.user_rename(user.id, &name).await;
            renamed.map_err(name_taken)?;
            Ok(())
        })
        .await
    }

    /// Removes an account: its sessions, links and API tokens end at once. What it did stays in the audit log.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] for the last administrator.
    pub async fn user_delete(&self, ctx: &Ctx, user: impl Into<UserRef<'_>>) -> Result<(), Error> {
        let user = self.user_to_manage(ctx, user).await?;
        let core = self.clone();
        let target = AuditTarget::new(user.id, &user.name);
        self.audited(ctx, "user_delete", target, async move {
            core.inner.store.user_delete(user.id).await?;
            core.inner.session_changes.note();
            Ok(())
        })
        .await
    }

    /// The account, for a caller who manages accounts.
    pub(crate) async fn user_to_manage(
        &self,
        ctx: &Ctx,
        user: impl Into<UserRef<'_>>,
    ) -> Result<UserRecord, Error> {
        ctx.require_accounts()?;
        let found = match user.into() {
            UserRef::Id(id) => self.inner.store.user_get(id).await?,
            UserRef::Name(name) => self.inner.store.user_by_name(name).await?,
        };
        found.ok_or(Error::NotFound)
    }
}

fn name_taken(error: wxa_store::Error) -> Error {
    match error {
        wxa_store::Error::Duplicate => Error::Invalid {
            field: "name",
            why: "there is an account of that name already".into(),
        },
        other => other.into(),
    }
}
