//! A service while it is edited.
use super::{CheckEdit, Field, Place, Problem, keeper::Keeper, problem, trimmed};
use crate::{
    filter,
    text::{S, s, s_fill},
};
use leptos::prelude::*;
use wxa_model::{
    HostId, ServiceId, VmId,
    status::{Members, Rule, Service},
};
use wxa_wire::ServiceParams;

/// How its members are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum By {
    Filter,
    Picking,
    /// It has none: its checks decide.
    Checks,
}

/// How many members it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Needs {
    All,
    Any,
    AtLeast,
}

/// A service as it is typed.
#[derive(Clone, Copy)]
pub(in super::super) struct ServiceEdit {
    /// Names it while it has no id.
    pub key: u32,
    /// Which one it replaces; none for a new one.
    pub id: RwSignal<Option<ServiceId>>,
    pub name: RwSignal<String>,
    pub about: RwSignal<String>,
    pub by: RwSignal<By>,
    pub filter: RwSignal<String>,
    pub vms: RwSignal<Vec<VmId>>,
    pub hosts: RwSignal<Vec<HostId>>,
    pub needs: RwSignal<Needs>,
    pub least: RwSignal<String>,
    pub checks: RwSignal<Vec<CheckEdit>>,
    /// Whether its fields are shown.
    pub open: RwSignal<bool>,
    next: StoredValue<u32>,
    keeper: Keeper,
}

impl ServiceEdit {
    /// Begins with what is saved.
    pub(super) fn new(key: u32, saved: &ServiceParams, keeper: Keeper) -> Self {
        let (by, filter, vms, hosts) = match &saved.members {
            Members::Filter(filter) => (By::Filter, filter.clone(), Vec::new(), Vec::new()),
            Members::Picked { vms, hosts } if vms.is_empty() && hosts.is_empty() => {
                (By::Checks, String::new(), Vec::new(), Vec::new())
            }
            Members::Picked { vms, hosts } => (By::Picking, String::new(), vms.clone(), hosts.clone()),
        };
        let (needs, least) = match saved.rule {
            Rule::All => (Needs::All, 1),
            Rule::Any => (Needs::Any, 1),
            Rule::AtLeast(least) => (Needs::AtLeast, least),
        };
        let checks: Vec<_> = (0..)
            .zip(&saved.checks)
            .map(|(key, one)| CheckEdit::new(key, one))
            .collect();
        Self {
            key,
            id: RwSignal::new(saved.id),
            name: RwSignal::new(saved.name.clone()),
            about: RwSignal::new(saved.about.clone()),
            by: RwSignal::new(by),
            filter: RwSignal::new(filter),
            vms: RwSignal::new(vms),
            hosts: RwSignal::new(hosts),
            needs: RwSignal::new(needs),
            least: RwSignal::new(least.to_string()),
            next: StoredValue::new(u32::try_from(checks.len()).unwrap_or(u32::MAX)),
            checks: RwSignal::new(checks),
            open: RwSignal::new(false),
            keeper,
        }
    }

    /// What would be saved. Tracks all of it.
    pub(super) fn params(self) -> ServiceParams {
        let members = match self.by.get() {
            By::Filter => Members::Filter(trimmed(self.filter)),
            By::Picking => Members::Picked {
                vms: in_order(self.vms.get()),
                hosts: in_order(self.hosts.get()),
            },
            By::Checks => Members::Picked {
                vms: Vec::new(),
                hosts: Vec::new(),
            },
        };
        let rule = match self.needs.get() {
            Needs::All => Rule::All,
            Needs::Any => Rule::Any,
            Needs::AtLeast => Rule::AtLeast(self.least().unwrap_or(1)),
        };
        ServiceParams {
            id: self.id.get(),
            name: trimmed(self.name),
            about: trimmed(self.about),
            members,
            rule,
            checks: self
                .checks
                .with(|checks| checks.iter().map(|one| one.params()).collect()),
        }
    }

    fn least(self) -> Option<u16> {
        trimmed(self.least).parse().ok().filter(|least| *least > 0)
    }

    /// One more check.
    pub(in super::super) fn add_check(self) {
        let key = self.next.get_value();
        self.next.set_value(key.wrapping_add(1));
        let check = self.keeper.keeps(|| CheckEdit::empty(key));
        self.checks.update(|checks| checks.push(check));
    }

    /// Takes a check out.
    pub(in super::super) fn remove_check(self, key: u32) {
        self.checks.update(|checks| checks.retain(|one| one.key != key));
    }

    pub(super) fn adopt(self, saved: &Service) {
        self.id.set(Some(saved.id));
        // As many as were sent, in their order; one that was taken out meanwhile makes the rest new ones, which the server
        // takes too.
        self.checks.with_untracked(|checks| {
            if checks.len() == saved.checks.len() {
                for (check, saved) in checks.iter().zip(&saved.checks) {
                    check.id.set(Some(saved.id));
                }
            }
        });
    }

    /// What is to be corrected; `others` are the names of the services before it. Tracks all of it.
    pub(super) fn problems(self, others: &[String], to: &mut Vec<Problem>) {
        let mut say = |field, text: String| to.push(Problem::new(Place::Service(self.key, field), text));
        let name = trimmed(self.name);
        if name.is_empty() {
            say(Field::Name, s(S::MissingName).into());
        } else if others.contains(&name) {
            say(Field::Name, s(S::SameName).into());
        } else if let Some(text) = problem::too_long(&name, problem::NAME) {
            say(Field::Name, text);
        }
        if let Some(text) = problem::too_long(&trimmed(self.about), problem::ABOUT) {
            say(Field::About, text);
        }
        match self.by.get() {
            By::Filter => {
                let typed = trimmed(self.filter);
                if typed.is_empty() {
                    say(Field::Members, s(S::MissingFilter).into());
                } else if let Err(text) = filter::parse_of_service(&typed) {
                    say(Field::Members, text);
                }
            }
            By::Picking => {
                if self.picked() == 0 {
                    say(Field::Members, s(S::MissingPicked).into());
                }
            }
            By::Checks => {
                if self.checks.with(Vec::is_empty) {
                    say(Field::Members, s(S::MissingChecks).into());
                }
            }
        }
        if self.needs.get() == Needs::AtLeast && self.by.get() != By::Checks {
            match self.least() {
                None => say(Field::Least, s(S::BadLeast).into()),
                Some(least) if self.by.get() == By::Picking && usize::from(least) > self.picked() => {
                    say(Field::Least, s_fill(S::LeastTooMany, &[("n", &self.picked())]));
                }
                Some(_) => {}
            }
        }
        self.checks.with(|checks| {
            for check in checks {
                check.problems(self.key, to);
            }
        });
    }

    /// Shows its fields.
    pub(in super::super) fn unfold(self) {
        // Fields that are there already stay as they are.
        if !self.open.get_untracked() {
            self.open.set(true);
        }
    }

    /// How many are picked. Tracks it.
    pub(in super::super) fn picked(self) -> usize {
        self.vms.with(Vec::len) + self.hosts.with(Vec::len)
    }
}

/// As the server keeps them, so that what was saved is known again.
fn in_order<T: Ord>(mut picked: Vec<T>) -> Vec<T> {
    picked.sort_unstable();
    picked.dedup();
    picked
}
