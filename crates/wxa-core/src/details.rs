//! What a host tells when it is looked at closely: asked for when somebody looks, kept for a while, one question at a
//! time for each host.
mod findings;

pub use findings::{Found, FoundOn};

use crate::{Core, Ctx, Error};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Semaphore, time::timeout};
use wxa_model::{HostId, Key, Permission, UnixMillis, host_details::DetailsAt};

/// How old an answer may be for somebody who just looks.
const FRESH_MS: u64 = 60_000;
/// How often a host is asked at most, whoever asks.
const APART_MS: u64 = 5_000;
/// How long a host may take.
const BOUND: Duration = Duration::from_secs(45);

/// How old details may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Whatever is known, at once.
    Known,
    /// At most a minute.
    Minute,
    /// As they are now.
    Now,
}

/// The latest details, and why there are no newer ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// What was told last; none before the first time.
    pub known: Option<DetailsAt>,
    /// Why asking was in vain.
    pub problem: Option<String>,
}

/// What hosts told last.
#[derive(Default)]
pub(crate) struct KeptDetails {
    slots: Mutex<HashMap<HostId, Arc<Slot>>>,
}

struct Slot {
    /// Held by who asks the host: the others wait for the answer.
    turn: Semaphore,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    details: Details,
    /// When the host was asked last, in vain or not.
    asked: Option<UnixMillis>,
    /// When the overview waited for it in vain.
    late: Option<UnixMillis>,
}

impl KeptDetails {
    /// The slot of `host`; those of hosts that `there` does not know are given up.
    fn slot(&self, host: HostId, there: impl Fn(HostId) -> bool) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        slots.retain(|id, _| there(*id));
        let new = || {
            Arc::new(Slot {
                turn: Semaphore::new(1),
                told: Mutex::default(),
            })
        };
        slots.entry(host).or_insert_with(new).clone()
    }
}

impl KeptDetails {
    /// What is kept, in the order of ids.
    fn all(&self) -> Vec<(HostId, Arc<Slot>)> {
        let slots = lock(&self.slots);
        let mut all: Vec<_> = slots.iter().map(|(id, slot)| (*id, slot.clone())).collect();
        drop(slots);
        all.sort_by_key(|(id, _)| *id);
        all
    }

    /// The slot of `host`; none before somebody looked.
    fn of(&self, host: HostId) -> Option<Arc<Slot>> {
        lock(&self.slots).get(&host).cloned()
    }

    /// What `host` told last; none before the first time. Nobody is asked.
    pub(crate) fn known(&self, host: HostId) -> Option<DetailsAt> {
        let slot = self.of(host)?;
        let told = lock(&slot.told);
        told.details.known.clone()
    }
}

impl Slot {
    /// What was told, when it is good enough for `age`.
    fn fresh(&self, age: Age, now: UnixMillis) -> Option<Details> {
        let told = lock(&self.told);
        let enough = match age {
            Age::Known => true,
            Age::Minute => {
                let at = told.details.known.as_ref().map(|known| known.at);
                at.is_some_and(|at| now.since(at) < FRESH_MS) || self.asked_just_now(&told, now)
            }
            Age::Now => self.asked_just_now(&told, now),
        };
        enough.then(|| told.details.clone())
    }

    fn asked_just_now(&self, told: &Told, now: UnixMillis) -> bool {
        told.asked.is_some_and(|asked| now.since(asked) < APART_MS)
    }

    fn take(&self, result: Result<wxa_model::HostDetails, String>, now: UnixMillis) -> Details {
        let mut told = lock(&self.told);
        told.asked = Some(now);
        match result {
            Ok(details) => {
                told.details = Details {
                    known: Some(DetailsAt { at: now, details }),
                    problem: None,
                }
            }
            Err(why) => told.details.problem = Some(why),
        }
        told.details.clone()
    }
}

impl Core {
    /// What a host tells when it is looked at closely.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a host, [`Error::Forbidden`] when it sees it only for the
    /// sake of a VM on it. A host that does not answer is no error: what is known of it comes with the reason.
    pub async fn host_details(&self, ctx: &Ctx, host: HostId, age: Age) -> Result<Details, Error> {
        let live = self.live();
        let published = live.inventory.now();
        let (shown, place) = published.host(host).ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, Key::Host(host)) {
            return Err(Error::NotFound);
        }
        if !ctx.may(Permission::View, &place.target()) {
            return Err(Error::Forbidden);
        }
        if let Some((pool, _)) = shown.kind.pool().and_then(|pool| published.host(pool)) {
            return Ok(Details {
                known: None,
                problem: Some(format!(
                    "{} is a member of {}: what is told in detail comes with the pool.",
                    shown.name, pool.name
                )),
            });
        }
        let slot = self.inner.details.slot(host, |id| published.host(id).is_some());
        if let Some(fresh) = slot.fresh(age, self.now()) {
            return Ok(fresh);
        }
        let driver = live.hosts.driver(host).filter(|_| shown.link.is_up());
        let Some(driver) = driver else {
            let known = lock(&slot.told).details.known.clone();
            let problem = Some(format!("{} is not connected.", shown.name));
            return Ok(Details { known, problem });
        };
        let turn = slot.turn.acquire().await;
        if let Some(fresh) = slot.fresh(age, self.now()) {
            return Ok(fresh);
        }
        let result = match timeout(BOUND, driver.details()).await {
            Ok(result) => result.map_err(|error| error.message),
            Err(_) => Err(format!(
                "{} did not answer within {} s.",
                shown.name,
                BOUND.as_secs()
            )),
        };
        let details = slot.take(result, self.now());
        drop(turn);
        Ok(details)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
