//! Reading the ledger.
use super::ledger::natural;
use crate::{Core, Ctx, Error};
use std::collections::BTreeMap;
use wxa_model::{Permission, Target, UnixMillis, VmId};
use wxa_store::{Quantity, UsageDay};

const DAY_MS: u64 = 86_400_000;
/// Days that one question may be about.
const MOST_DAYS: u64 = 1100;

/// What a VM used on a day of UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct DayUsed {
    /// The day's begin.
    pub day: UnixMillis,
    /// Milliseconds that it ran, or may have run, and nothing is known of.
    pub unknown_ms: u64,
    /// What is known, in CPU-seconds, byte-seconds, bytes or requests, and for how many milliseconds it is known.
    pub amounts: BTreeMap<Quantity, (f64, u64)>,
}

impl Core {
    /// What a VM used on the days from the one of `from` to the one of `to`; days of which nothing is known are left out.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM; [`Error::Invalid`] for too many days; when the database
    /// does not answer.
    pub async fn usage_get(
        &self,
        ctx: &Ctx,
        vm: VmId,
        from: Option<UnixMillis>,
        to: Option<UnixMillis>,
    ) -> Result<Vec<DayUsed>, Error> {
        let published = self.live().inventory.now();
        let may = match published.vm(vm) {
            Some((_, place)) => ctx.may(Permission::View, &place.target()),
            None => ctx.may(Permission::View, &Target::INSTALLATION),
        };
        if !may {
            return Err(Error::NotFound);
        }
        let to = to.unwrap_or(self.now()).0 / DAY_MS;
        let from = from.map_or(to.saturating_sub(30), |from| from.0 / DAY_MS);
        if to.saturating_sub(from) > MOST_DAYS {
            return Err(Error::Invalid {
                field: "from",
                why: format!("it is more than {MOST_DAYS} days before the end"),
            });
        }
        let day = |day: u64| u32::try_from(day).unwrap_or(u32::MAX);
        let (from, to) = (day(from), day(to));
        let turn = self
            .inner
            .metrics
            .ledger
            .acquire()
            .await
            .map_err(Error::internal)?;
        let kept = self.inner.store.usage_of(vm, from, to).await?;
        let newer = self.live().samples.used(vm);
        drop(turn);
        let mut days: BTreeMap<u32, UsageDay> = BTreeMap::new();
        for record in kept
            .iter()
            .chain(&newer)
            .filter(|record| (from..=to).contains(&record.day))
        {
            days.entry(record.day).or_default().add(&record.used);
        }
        Ok(days.into_iter().map(|(day, used)| told(day, used)).collect())
    }
}

fn told(day: u32, used: UsageDay) -> DayUsed {
    let amount = |(quantity, amount): (Quantity, wxa_store::Amount)| {
        (quantity, (natural(quantity, amount.units), amount.known_ms))
    };
    DayUsed {
        day: UnixMillis(u64::from(day) * DAY_MS),
        unknown_ms: used.unknown_ms,
        amounts: used.amounts.into_iter().map(amount).collect(),
    }
}
