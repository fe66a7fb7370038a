//! Accounts and what they may do: for administrators and for the command line.
use super::name;
use crate::{Core, Ctx, Error, audit::AuditTarget};
use secrecy::SecretString;
use uuid::Uuid;
use wxa_model::{Grant, Permission, UserId};
use wxa_store::{NewUser, UserRecord};

impl Core {
    /// All accounts by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn user_list(&self, ctx: &Ctx) -> Result<Vec<UserRecord>, Error> {
        ctx.require_installation(Permission::Administer)?;
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
        ctx.require_installation(Permission::Administer)?;
        name::check_name(name)?;
        password.map(name::check_password).transpose()?;
        let id = UserId(Uuid::new_v4());
        let (core, name, password, grants) =
            (self.clone(), name.to_owned(), password.cloned(), grants.to_vec());
        self.audited(ctx, "user_create", AuditTarget::new(id, &name), async move {
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
            core.inner
                .store
                .user_insert(&user)
                .await
                .map_err(|error| match error {
                    wxa_store::Error::Duplicate => Error::Invalid {
                        field: "name",
                        why: "there is an account of that name already".into(),
                    },
                    other => other.into(),
                })?;
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
        name: &str,
        password: &SecretString,
    ) -> Result<(), Error> {
        let user = self.user_named(ctx, name).await?;
        name::check_password(password)?;
        let (core, password) = (self.clone(), password.clone());
        self.audited(
            ctx,
            "user_set_password",
            AuditTarget::new(user.id, &user.name),
            async move {
                let hash = core.inner.passwords.hash(&password).await?;
                core.inner.store.user_set_password_hash(user.id, &hash).await?;
                core.inner.session_changes.note();
                Ok(())
            },
        )
        .await
    }

    /// Disables an account: it cannot sign in any more, and its sessions end at once.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] for the last administrator.
    pub async fn user_disable(&self, ctx: &Ctx, name: &str) -> Result<(), Error> {
        let user = self.user_named(ctx, name).await?;
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
    pub async fn user_enable(&self, ctx: &Ctx, name: &str) -> Result<(), Error> {
        let user = self.user_named(ctx, name).await?;
        let core = self.clone();
        self.audited(
            ctx,
            "user_enable",
            AuditTarget::new(user.id, &user.name),
            async move {
                core.inner.store.user_set_disabled(user.id, None).await?;
                Ok(())
            },
        )
        .await
    }

    /// Replaces what an account may do; its sessions end, because what they opened was opened with the old grants.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] when no administrator would be left.
    pub async fn user_set_grants(&self, ctx: &Ctx, name: &str, grants: &[Grant]) -> Result<(), Error> {
        let user = self.user_named(ctx, name).await?;
        let (core, grants) = (self.clone(), grants.to_vec());
        self.audited(
            ctx,
            "user_set_grants",
            AuditTarget::new(user.id, &user.name),
            async move {
                core.inner.store.user_set_grants(user.id, &grants).await?;
                core.inner.session_changes.note();
                Ok(())
            },
        )
        .await
    }

    /// The account of that name, for a caller who administers accounts.
    async fn user_named(&self, ctx: &Ctx, name: &str) -> Result<UserRecord, Error> {
        ctx.require_installation(Permission::Administer)?;
        self.inner.store.user_by_name(name).await?.ok_or(Error::NotFound)
    }
}
