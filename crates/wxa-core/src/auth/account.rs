//! One's own account.
use super::name;
use crate::{Core, Ctx, Error, audit::AuditTarget};
use secrecy::SecretString;

impl Core {
    /// Replaces the caller's own password; the caller's other sessions end.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Invalid`] when the old password is wrong or the new one will not do;
    /// [`Error::TooMany`] after too many wrong ones.
    pub async fn account_set_password(
        &self,
        ctx: &Ctx,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<(), Error> {
        let user = ctx.require_own_account()?;
        name::check_password(new)?;
        // Whoever sits down at somebody's open browser must not guess faster here than at the sign-in.
        let attempt = self.attempt_begin(ctx, &ctx.name)?;
        let (core, caller, old, new) = (self.clone(), ctx.clone(), old.clone(), new.clone());
        let target = AuditTarget::new(user, &ctx.name);
        self.audited(ctx, "account_set_password", target, async move {
            let store = &core.inner.store;
            let known = store.user_password_hash(user).await?;
            let fits = match core.inner.passwords.verify(&old, known).await {
                Ok(fits) => fits,
                Err(error) => {
                    core.inner.throttle.withdrawn(&attempt);
                    return Err(error);
                }
            };
            if !fits {
                return Err(Error::Invalid {
                    field: "old",
                    why: "this is not your password; if you have none, ask an administrator for a reset link"
                        .into(),
                });
            }
            core.inner.throttle.succeeded(&attempt, core.now());
            let hash = core.inner.passwords.hash(&new).await?;
            store.user_set_password_hash(user, &hash, caller.session).await?;
            core.inner.session_changes.note();
            Ok(())
        })
        .await
    }
}
