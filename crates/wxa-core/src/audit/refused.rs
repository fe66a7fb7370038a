//! Attempts that were refused leave a row too, so that trying doors is seen.
use super::{AuditOutcome, AuditTarget, outcome_of};
use crate::{Core, Ctx, Error};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use wxa_model::{HostId, UnixMillis, UserId, VmId};

/// How many refusals of one account are written down in a row; after that one in every [`PAUSE_MS`].
const BURST: u64 = 100;
const PAUSE_MS: u64 = 5000;
/// How many accounts are kept in mind.
const ACCOUNTS: usize = 10_000;

/// Keeps one account from filling the log with refusals: what is not written is counted, and the next row says so.
#[derive(Debug, Default)]
pub(crate) struct RefusalBudget(Mutex<HashMap<UserId, Account>>);

#[derive(Debug)]
struct Account {
    left: u64,
    filled_at: UnixMillis,
    unwritten: u64,
}

impl RefusalBudget {
    /// Whether a refusal may be written, and how many before it were not.
    fn take(&self, user: UserId, now: UnixMillis) -> Option<u64> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= ACCOUNTS && !accounts.contains_key(&user) {
            accounts.retain(|_, account| account.unwritten > 0);
        }
        let account = accounts.entry(user).or_insert(Account {
            left: BURST,
            filled_at: now,
            unwritten: 0,
        });
        let earned = now.since(account.filled_at) / PAUSE_MS;
        if earned > 0 {
            account.left = account.left.saturating_add(earned).min(BURST);
            account.filled_at = now;
        }
        if account.left == 0 {
            account.unwritten += 1;
            return None;
        }
        account.left -= 1;
        Some(std::mem::take(&mut account.unwritten))
    }
}

impl Core {
    /// Writes down that what a signed-in caller asked for was not done, unless the log has it already. `on` is the id
    /// of what it was to be done to; empty for the installation. Strangers leave no row: they could fill the disk.
    pub async fn audit_refused(&self, ctx: &Ctx, what: &'static str, on: &str, error: &Error) {
        let Some(user) = ctx.user.filter(|_| !ctx.recorded.is_noted()) else {
            return;
        };
        let Some(unwritten) = self.inner.refusals.take(user, self.now()) else {
            return;
        };
        let mut detail = error.to_string();
        if unwritten > 0 {
            detail.push_str(&format!(
                " ({unwritten} more refusals before this one were not written down)"
            ));
        }
        let outcome = outcome_of(error);
        let target = self.audit_target(on).await;
        let (audit, ctx) = (self.inner.audit.clone(), ctx.clone());
        let written = self.to_the_end("refusal", async move {
            let row = audit.begin(&ctx, what, target).await?;
            match outcome {
                AuditOutcome::Failed => row.failed(&detail).await,
                AuditOutcome::Unknown => row.unknown(&detail).await,
                AuditOutcome::Done | AuditOutcome::Refused => row.refused(&detail).await,
            }
            Ok(())
        });
        if let Err(error) = written.await {
            tracing::error!(what, %error, "a refusal could not be written down");
        }
    }

    /// What an id stands for, in words where we know it. Only administrators read the log, so it may say more than
    /// the caller may see.
    async fn audit_target(&self, on: &str) -> AuditTarget {
        if on.is_empty() {
            return AuditTarget::installation();
        }
        let published = self.live().inventory.now();
        let vm = on.parse::<VmId>().ok().and_then(|id| published.vm(id));
        let host = on.parse::<HostId>().ok().and_then(|id| published.host(id));
        let name = match (vm, host, on.parse::<UserId>()) {
            (Some((vm, _)), _, _) => vm.name.clone(),
            (_, Some((host, _)), _) => host.name.clone(),
            (_, _, Ok(user)) => match self.inner.store.user_get(user).await {
                Ok(Some(user)) => user.name,
                _ => String::new(),
            },
            _ => String::new(),
        };
        AuditTarget::new(on, name)
    }
}

#[cfg(test)]
mod tests;
