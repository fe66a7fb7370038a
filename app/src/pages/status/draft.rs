//! A status page while it is edited: what is typed, as the request that would save it, and what is to be corrected.
mod check;
mod keeper;
mod problem;
mod service;

pub(super) use check::{CheckEdit, Kind};
pub(super) use problem::{Field, Place, Problem};
pub(super) use service::{By, Needs, ServiceEdit};

use keeper::Keeper;
use leptos::prelude::*;
use wxa_model::status::{Audience, Language, Members, Rule, Shown, StatusPage};
use wxa_wire::{CheckParams, ServiceParams, StatusPageParams};

/// A page as it is typed.
#[derive(Clone, Copy)]
pub(super) struct PageEdit {
    pub title: RwSignal<String>,
    pub about: RwSignal<String>,
    pub slug: RwSignal<String>,
    pub audience: RwSignal<Audience>,
    pub shown: RwSignal<Shown>,
    pub language: RwSignal<Language>,
    pub time_zone: RwSignal<String>,
    pub services: RwSignal<Vec<ServiceEdit>>,
    next: StoredValue<u32>,
    keeper: Keeper,
}

impl PageEdit {
    /// Begins with what is saved.
    pub(super) fn new(saved: &StatusPageParams) -> Self {
        let edit = Self {
            title: RwSignal::default(),
            about: RwSignal::default(),
            slug: RwSignal::default(),
            audience: RwSignal::default(),
            shown: RwSignal::default(),
            language: RwSignal::default(),
            time_zone: RwSignal::default(),
            services: RwSignal::default(),
            next: StoredValue::new(0),
            keeper: Keeper::here(),
        };
        edit.load(saved);
        edit
    }

    /// Takes over what is saved, and forgets what was typed.
    pub(super) fn load(self, saved: &StatusPageParams) {
        self.title.set(saved.title.clone());
        self.about.set(saved.about.clone());
        self.slug.set(saved.slug.clone());
        self.audience.set(saved.audience);
        self.shown.set(saved.shown);
        self.language.set(saved.language);
        self.time_zone.set(saved.time_zone.clone());
        let services = saved.services.iter();
        self.services
            .set(services.map(|one| self.service(self.key(), one)).collect());
    }

    fn service(self, key: u32, saved: &ServiceParams) -> ServiceEdit {
        self.keeper.keeps(|| ServiceEdit::new(key, saved, self.keeper))
    }

    fn key(self) -> u32 {
        let key = self.next.get_value();
        self.next.set_value(key.wrapping_add(1));
        key
    }

    /// What would be saved. Tracks all of it.
    pub(super) fn params(self) -> StatusPageParams {
        StatusPageParams {
            title: trimmed(self.title),
            about: trimmed(self.about),
            slug: trimmed(self.slug),
            audience: self.audience.get(),
            shown: self.shown.get(),
            language: self.language.get(),
            time_zone: trimmed(self.time_zone),
            services: self
                .services
                .with(|services| services.iter().map(|one| one.params()).collect()),
        }
    }

    /// The services' keys, in order. Untracked.
    pub(super) fn keys(self) -> Vec<u32> {
        self.services
            .with_untracked(|services| services.iter().map(|one| one.key).collect())
    }

    /// One more service, without anything; its key.
    pub(super) fn add(self) -> u32 {
        let key = self.key();
        let service = self.service(key, &empty_service());
        service.open.set(true);
        self.services.update(|services| services.push(service));
        key
    }

    /// Takes a service out.
    pub(super) fn remove(self, key: u32) {
        self.services
            .update(|services| services.retain(|one| one.key != key));
    }

    /// Moves a service by one place; where it is now, counted from 1, when it moved.
    pub(super) fn shift(self, key: u32, way: Way) -> Option<usize> {
        let at = self.services.with_untracked(|services| {
            let at = services.iter().position(|one| one.key == key)?;
            let to = match way {
                Way::Up => at.checked_sub(1)?,
                Way::Down => at + 1,
            };
            (to < services.len()).then_some((at, to))
        });
        let (at, to) = at?;
        self.services.update(|services| services.swap(at, to));
        Some(to + 1)
    }

    /// What was saved has ids now: the services of these keys go by them from here on.
    pub(super) fn adopt(self, keys: &[u32], page: &StatusPage) {
        if self.slug.with_untracked(|slug| slug.trim().is_empty()) {
            self.slug.set(page.slug.clone());
        }
        if self.time_zone.with_untracked(String::is_empty) {
            self.time_zone.set(page.time_zone.clone());
        }
        self.services.with_untracked(|services| {
            for (key, saved) in keys.iter().zip(&page.services) {
                if let Some(service) = services.iter().find(|one| one.key == *key) {
                    service.adopt(saved);
                }
            }
        });
    }
}

/// Which way a service is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// A service that nothing is known of.
pub(super) fn empty_service() -> ServiceParams {
    ServiceParams {
        id: None,
        name: String::new(),
        about: String::new(),
        members: Members::Filter(String::new()),
        rule: Rule::All,
        checks: Vec::new(),
    }
}

/// The request that would save a page as it is.
pub(super) fn params_of(page: &StatusPage) -> StatusPageParams {
    let check = |check: &wxa_model::status::Check| CheckParams {
        id: Some(check.id),
        kind: check.kind.clone(),
        every_s: check.every_s,
        may_go_inside: check.may_go_inside,
    };
    let service = |service: &wxa_model::status::Service| ServiceParams {
        id: Some(service.id),
        name: service.name.clone(),
        about: service.about.clone(),
        members: service.members.clone(),
        rule: service.rule,
        checks: service.checks.iter().map(check).collect(),
    };
    StatusPageParams {
        title: page.title.clone(),
        about: page.about.clone(),
        slug: page.slug.clone(),
        audience: page.audience,
        shown: page.shown,
        language: page.language,
        time_zone: page.time_zone.clone(),
        services: page.services.iter().map(service).collect(),
    }
}

/// What was sent, as it is saved now: with the ids of what was new.
pub(super) fn adopted(mut sent: StatusPageParams, page: &StatusPage) -> StatusPageParams {
    if sent.slug.is_empty() {
        sent.slug.clone_from(&page.slug);
    }
    if sent.time_zone.is_empty() {
        sent.time_zone.clone_from(&page.time_zone);
    }
    for (service, saved) in sent.services.iter_mut().zip(&page.services) {
        service.id = Some(saved.id);
        for (check, saved) in service.checks.iter_mut().zip(&saved.checks) {
            check.id = Some(saved.id);
        }
    }
    sent
}

/// What is typed, without spaces around it. Tracks it.
fn trimmed(typed: RwSignal<String>) -> String {
    typed.with(|typed| typed.trim().to_owned())
}

#[cfg(test)]
mod tests;
