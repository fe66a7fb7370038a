//! Who read which console's past lately: the audit log tells it once an hour, not with each stretch that is fetched.
use crate::{AuditTarget, Core, Ctx, Error};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use wxa_model::{UnixMillis, VmId};

/// For so long a reading that was told is not told again.
const TOLD_MS: u64 = 60 * 60_000;
/// Readings that are remembered; one that was forgotten is told once more.
const MOST: usize = 4096;
/// How the row ends.
const ENDED: &str = "What was printed before. Told once an hour, however much is read.";

/// Readings that were told.
#[derive(Debug, Default)]
pub(super) struct Readings {
    told: Mutex<HashMap<(String, VmId), UnixMillis>>,
}

impl Readings {
    /// Whether that caller's reading is to be told now; then it counts as told.
    fn is_news(&self, who: String, vm: VmId, now: UnixMillis) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |at: &UnixMillis| now.since(*at) < TOLD_MS && *at <= now;
        if told.get(&(who.clone(), vm)).is_some_and(is_fresh) {
            return false;
        }
        if told.len() >= MOST {
            told.retain(|_, at| is_fresh(at));
        }
        if told.len() >= MOST {
            let oldest = told.iter().min_by_key(|(_, at)| **at).map(|(key, _)| key.clone());
            oldest.and_then(|key| told.remove(&key));
        }
        told.insert((who, vm), now);
        true
    }

    fn forget(&self, who: &str, vm: VmId) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.remove(&(who.to_owned(), vm));
    }
}

impl Core {
    /// Tells the audit log that the caller reads what a console printed, by the operation `what`; not again within an hour.
    pub(super) async fn tell_reading(
        &self,
        ctx: &Ctx,
        what: &'static str,
        vm: VmId,
        label: &str,
    ) -> Result<(), Error> {
        let readings = self.live().consoles.readings();
        if !readings.is_news(ctx.who(), vm, self.now()) {
            return Ok(());
        }
        match self.audit_begin(ctx, what, AuditTarget::new(vm, label)).await {
            Ok(row) => {
                row.done(ENDED).await;
                Ok(())
            }
            // What was not told is not read either, and is tried again.
            Err(error) => {
                readings.forget(&ctx.who(), vm);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn vm(n: u128) -> VmId {
        VmId(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn a_reading_is_news_once_an_hour_for_each_caller_and_vm() {
        let readings = Readings::default();
        let news = |who: &str, n, at| readings.is_news(who.to_owned(), vm(n), UnixMillis(at));
        assert!(news("ada", 1, 5));
        assert!(!news("ada", 1, 5 + HOUR - 1));
        assert!(news("ada (token nightly)", 1, 6));
        assert!(news("ada", 2, 6));
        assert!(news("ada", 1, 5 + HOUR));
        assert!(news("ada", 1, 5), "the clock went back: nothing is hidden by it");
    }

    #[test]
    fn many_readings_cost_a_bounded_memory() {
        let readings = Readings::default();
        for n in 0..(MOST as u128 + 10) {
            assert!(readings.is_news("ada".into(), vm(n), UnixMillis(n as u64)));
        }
        assert_eq!(readings.told.lock().unwrap().len(), MOST);
        assert!(!readings.is_news("ada".into(), vm(MOST as u128), UnixMillis(MOST as u64)));
    }
}
