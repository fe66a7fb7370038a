//! Bases that are made once for everybody who is told the same.
use super::IndexBase;
use crate::inventory::published::Published;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use wxa_model::Grant;

/// Bases that are kept: viewers follow within moments of each other.
const KEPT: usize = 16;
/// Whole ones among them; they are large.
const WHOLE: usize = 2;

/// The latest bases. Cloning gives another handle.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedBases(Arc<Mutex<VecDeque<Kept>>>);

#[derive(Debug)]
struct Kept {
    /// What its callers had, and up to where they had looked; none for a whole one.
    from: Option<(u64, u64)>,
    grants: Arc<[Grant]>,
    base: Arc<IndexBase>,
}

impl SharedBases {
    /// What a holder of `grants` is told who has revision `from.0` and has looked up to `from.1`: the whole picture where it
    /// has none, or where the difference can no longer be told.
    pub fn base(
        &self,
        published: &Published,
        from: Option<(u64, u64)>,
        grants: &Arc<[Grant]>,
    ) -> Arc<IndexBase> {
        let known = from.filter(|(_, looked)| published.reaches_back_to(*looked));
        if let Some(base) = self.find(known, published.revision, grants) {
            return base;
        }
        let difference = known.and_then(|(told, looked)| IndexBase::since(published, told, looked, grants));
        let from = known.filter(|_| difference.is_some());
        let base = Arc::new(difference.unwrap_or_else(|| IndexBase::whole(published, grants)));
        self.keep(from, grants, &base);
        base
    }

    fn find(&self, from: Option<(u64, u64)>, to: u64, grants: &Arc<[Grant]>) -> Option<Arc<IndexBase>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |kept: &&Kept| {
            kept.from == from
                && kept.base.to == to
                && (Arc::ptr_eq(&kept.grants, grants) || kept.grants == *grants)
        };
        kept.iter().rev().find(same).map(|kept| kept.base.clone())
    }

    fn keep(&self, from: Option<(u64, u64)>, grants: &Arc<[Grant]>, base: &Arc<IndexBase>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if from.is_none() {
            let whole = kept.iter().filter(|kept| kept.from.is_none()).count();
            if whole >= WHOLE
                && let Some(oldest) = kept.iter().position(|kept| kept.from.is_none())
            {
                kept.remove(oldest);
            }
        }
        while kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(Kept {
            from,
            grants: grants.clone(),
            base: base.clone(),
        });
    }
}
