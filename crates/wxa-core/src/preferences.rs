//! How the caller's account likes its pages.
use crate::{Core, Ctx, Error, audit::AuditTarget};
use wxa_model::Preferences;

impl Core {
    /// What the caller's account chose, defaults included.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a caller without an account; [`Error::NotByToken`].
    pub async fn preferences_get(&self, ctx: &Ctx) -> Result<Preferences, Error> {
        let user = ctx.require_own_account()?;
        Ok(self.inner.store.preferences_get(user).await?)
    }

    /// Replaces what the caller's account chose. Audited like every change, though it only concerns the caller: a
    /// session that somebody else uses shows itself by such rows too.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a caller without an account; [`Error::NotByToken`];
    /// [`Error::Invalid`] for what cannot be applied.
    pub async fn preferences_set(&self, ctx: &Ctx, preferences: Preferences) -> Result<Preferences, Error> {
        let user = ctx.require_own_account()?;
        preferences
            .check()
            .map_err(|(field, why)| Error::Invalid { field, why })?;
        let core = self.clone();
        let target = AuditTarget::new(user, &ctx.name);
        self.audited(ctx, "preferences_set", target, async move {
            core.inner.store.preferences_set(user, &preferences).await?;
            Ok(preferences)
        })
        .await
    }
}
