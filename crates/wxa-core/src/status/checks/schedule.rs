//! When each check is due, and whose turn it is. Pure: it is told the time.
use super::{AGAIN_AFTER, Asked};
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use tokio::time::Instant;
use wxa_model::{
    CheckId, UserId,
    status::{Check, Standing},
};

/// All checks.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    planned: BTreeMap<CheckId, Planned>,
}

#[derive(Debug)]
struct Planned {
    asked: Asked,
    /// When it is asked next, or was begun to be asked.
    due: Instant,
    stage: Stage,
    is_under_way: bool,
}

/// How far a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It has not been asked yet this time.
    First,
    /// It failed, and is asked once more before that counts. It began to be asked then.
    Again { begun: Instant },
}

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It counts.
    Counts,
    /// It is asked once more first.
    Again,
    /// The check is not wanted any more, or is another one now.
    Unwanted,
}

impl Schedule {
    /// These checks, in place of all before. New and changed ones are due at once.
    pub fn replace(&mut self, checks: &[Asked], now: Instant) {
        let mut before = std::mem::take(&mut self.planned);
        for asked in checks {
            let id = asked.check.id;
            // VMs come and go: what is asked stays the same.
            let is_same = |known: &Planned| known.asked.check == asked.check && known.asked.by == asked.by;
            let planned = match before.remove(&id).filter(is_same) {
                Some(known) => Planned {
                    asked: asked.clone(),
                    ..known
                },
                None => Planned {
                    asked: asked.clone(),
                    due: now,
                    stage: Stage::First,
                    is_under_way: false,
                },
            };
            self.planned.insert(id, planned);
        }
    }

    /// Of those that are due: the one that has been so longest of whoever has the fewest under way. It is under way from then on.
    pub fn take_due(&mut self, now: Instant) -> Option<Asked> {
        let mut under_way: HashMap<UserId, usize> = HashMap::new();
        for planned in self.planned.values().filter(|planned| planned.is_under_way) {
            *under_way.entry(planned.asked.by).or_default() += 1;
        }
        let next = self
            .planned
            .values_mut()
            .filter(|planned| !planned.is_under_way && planned.due <= now)
            .min_by_key(|planned| (under_way.get(&planned.asked.by).copied(), planned.due))?;
        next.due = now;
        next.is_under_way = true;
        Some(next.asked.clone())
    }

    /// When the next one is due that is not under way.
    pub fn due(&self) -> Option<Instant> {
        let waiting = self.planned.values().filter(|planned| !planned.is_under_way);
        waiting.map(|planned| planned.due).min()
    }

    /// One has been answered.
    pub fn end(&mut self, check: &Check, standing: Standing, now: Instant) -> End {
        let planned = self.planned.get_mut(&check.id);
        let Some(planned) = planned.filter(|planned| planned.asked.check == *check) else {
            return End::Unwanted;
        };
        planned.is_under_way = false;
        let begun = match planned.stage {
            Stage::First if standing == Standing::Down => {
                planned.stage = Stage::Again { begun: planned.due };
                planned.due = now + AGAIN_AFTER;
                return End::Again;
            }
            Stage::First => planned.due,
            Stage::Again { begun } => begun,
        };
        let every = Duration::from_secs(check.every_s.clamp(Check::LEAST_S, Check::MOST_S).into());
        planned.stage = Stage::First;
        planned.due = (begun + every).max(now);
        End::Counts
    }
}
