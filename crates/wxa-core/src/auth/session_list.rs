//! Who is signed in from where, and ending it.
use super::{session::is_alive, user::UserRef};
use crate::{Core, Ctx, Error, audit::AuditTarget};
use uuid::Uuid;
use wxa_model::UserId;
use wxa_store::SessionRecord;

impl Core {
    /// The caller's own sessions, the latest first.
    ///
    /// # Errors
    /// [`Error::NotByToken`].
    pub async fn session_list(&self, ctx: &Ctx) -> Result<Vec<SessionRecord>, Error> {
        let user = ctx.require_own_account()?;
        self.sessions_alive(user).await
    }

    /// An account's sessions, the latest first.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn user_sessions(
        &self,
        ctx: &Ctx,
        user: impl Into<UserRef<'_>>,
    ) -> Result<Vec<SessionRecord>, Error> {
        let user = self.user_to_manage(ctx, user).await?;
        self.sessions_alive(user.id).await
    }

    /// Ends one session, and at once what hangs on it: the caller's own or, for administrators, anybody's.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::NotFound`] also for somebody else's session.
    pub async fn session_end(&self, ctx: &Ctx, session: Uuid) -> Result<(), Error> {
        let caller = ctx.require_own_account()?;
        let found = self.inner.store.session_get(session).await?;
        let found = found.filter(|found| found.user == caller || ctx.require_accounts().is_ok());
        let owner = self.user_name(found.ok_or(Error::NotFound)?.user).await?;
        let core = self.clone();
        let target = AuditTarget::new(owner.0, &owner.1);
        self.audited(ctx, "session_end", target, async move {
            core.inner.store.session_delete(session).await?;
            core.inner.session_changes.note();
            Ok(())
        })
        .await
    }

    /// Ends the caller's own sessions, but for the one that asks.
    ///
    /// # Errors
    /// [`Error::NotByToken`].
    pub async fn session_end_others(&self, ctx: &Ctx) -> Result<(), Error> {
        let user = ctx.require_own_account()?;
        let target = AuditTarget::new(user, &ctx.name);
        self.sessions_end(ctx, "session_end_others", target, user, ctx.session)
            .await
    }

    /// Ends all sessions of an account; the caller's own go with them when it is the caller's account.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn user_end_sessions(&self, ctx: &Ctx, user: impl Into<UserRef<'_>>) -> Result<(), Error> {
        let user = self.user_to_manage(ctx, user).await?;
        let target = AuditTarget::new(user.id, &user.name);
        self.sessions_end(ctx, "user_end_sessions", target, user.id, None)
            .await
    }

    async fn sessions_end(
        &self,
        ctx: &Ctx,
        what: &'static str,
        target: AuditTarget,
        user: UserId,
        but: Option<Uuid>,
    ) -> Result<(), Error> {
        let core = self.clone();
        self.audited(ctx, what, target, async move {
            core.inner.store.session_delete_all(user, but).await?;
            core.inner.session_changes.note();
            Ok(())
        })
        .await
    }

    async fn sessions_alive(&self, user: UserId) -> Result<Vec<SessionRecord>, Error> {
        let now = self.now();
        let mut sessions = self.inner.store.session_list(user).await?;
        sessions.retain(|session| is_alive(session, now));
        Ok(sessions)
    }

    /// The account with its name, for the log.
    pub(crate) async fn user_name(&self, id: UserId) -> Result<(UserId, String), Error> {
        let user = self.inner.store.user_get(id).await?.ok_or(Error::NotFound)?;
        Ok((user.id, user.name))
    }
}
