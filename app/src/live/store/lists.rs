//! When lists of very many VMs are made anew: at once, and then a few times a second at most. Single rows are not behind.
use super::Live;
use leptos::prelude::*;

/// With more VMs than this, lists are made anew a few times a second at most, however often VMs change; rows are not behind.
const MANY: usize = 1000;

/// Whether lists may be made anew at once.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Lists {
    /// They may.
    #[default]
    Idle,
    /// They just were.
    Resting,
    /// And something changed since.
    Behind,
}

impl Live {
    /// Lists of few VMs are made anew at once; of very many at once too, and what follows soon after goes together.
    pub(super) fn lists_touched(&self) {
        let lists = self.with_data(|data| {
            let before = data.lists;
            if data.tables.vms.len() > MANY {
                data.lists = match before {
                    Lists::Idle => Lists::Resting,
                    Lists::Resting | Lists::Behind => Lists::Behind,
                };
                Some((before, true))
            } else {
                Some((Lists::Idle, false))
            }
        });
        match lists {
            Some((Lists::Idle, rests)) => {
                self.vms_version.update(|n| *n += 1);
                if rests {
                    self.rests.update(|n| *n += 1);
                }
            }
            Some((Lists::Resting | Lists::Behind, _)) | None => {}
        }
    }

    /// Lists have rested: they are made anew where something changed meanwhile, and whether they are to rest again.
    pub fn rested(&self) -> bool {
        let behind = self.with_data(|data| {
            let behind = data.lists == Lists::Behind;
            data.lists = if behind { Lists::Resting } else { Lists::Idle };
            behind
        });
        if behind {
            self.vms_version.update(|n| *n += 1);
        }
        behind
    }
}
