//! What a reader sees of a page, put together. Pure.
use super::{Notices, members::Resolved};
use crate::Standings;
use sha2::{Digest as _, Sha256};
use std::{collections::HashMap, fmt::Write as _};
use wxa_model::{
    NoticeId, ServiceId, UnixMillis,
    order::natural,
    status::{
        Incident, Maintenance, Service, StatusPage,
        view::{
            AvailabilityView, CapacityView, IncidentView, MEMBERS_MOST, MaintenanceView, MemberView,
            ServiceView, StatusView, UpdateView,
        },
    },
};

/// Incidents that are over are told of for so long. At most so many are told of, those first that are not over.
const INCIDENTS_MS: u64 = 14 * 24 * 60 * 60 * 1000;
const INCIDENTS_MOST: usize = 30;
/// The most maintenance that is told of.
const MAINTENANCE_MOST: usize = 20;

/// What it is put together from.
pub(super) struct Ingredients<'a> {
    pub(super) page: &'a StatusPage,
    pub(super) resolved: &'a Resolved,
    pub(super) standings: &'a Standings,
    /// Of the services that are shown, when the page shows it.
    pub(super) availability: HashMap<ServiceId, AvailabilityView>,
    pub(super) notices: &'a Notices,
    pub(super) capacity: Option<CapacityView>,
    pub(super) now: UnixMillis,
}

/// The services that readers see.
pub(super) fn shown<'a>(page: &'a StatusPage, resolved: &'a Resolved) -> impl Iterator<Item = &'a Service> {
    page.services.iter().filter(|service| {
        resolved
            .of(service.id)
            .is_some_and(|parts| parts.left_off.is_none())
    })
}

impl Ingredients<'_> {
    /// Puts it together.
    pub(super) fn build(mut self) -> StatusView {
        let page = self.page;
        let services: Vec<&Service> = shown(page, self.resolved).collect();
        let views: Vec<ServiceView> = services.iter().map(|service| self.service(service)).collect();
        let (incidents, maintenance) = if page.shown.notices {
            (self.incidents(&services), self.maintenance(&services))
        } else {
            (Vec::new(), Vec::new())
        };
        StatusView {
            title: page.title.clone(),
            about: page.about.clone(),
            language: page.language,
            time_zone: page.time_zone.clone(),
            updated_at: self.now,
            standing: views.iter().map(|service| service.standing).max(),
            services: views,
            incidents,
            maintenance,
            capacity: self.capacity.take(),
        }
    }

    fn service(&mut self, service: &Service) -> ServiceView {
        let stand = self.standings.of(wxa_model::status::Watched::Service(service.id));
        let (members, more_members) = self.members(service.id);
        ServiceView {
            name: service.name.clone(),
            about: service.about.clone(),
            standing: stand.standing,
            since: stand.since,
            in_maintenance: self.page.shown.notices && self.is_maintained(service.id),
            availability: self.availability.remove(&service.id),
            members,
            more_members,
        }
    }

    fn is_maintained(&self, service: ServiceId) -> bool {
        let mut work = self.notices.maintenance.iter();
        work.any(|work| work.touches(service) && work.from <= self.now && self.now < work.until)
    }

    /// By name; of too many, those that stand worst.
    fn members(&self, service: ServiceId) -> (Vec<MemberView>, u32) {
        let parts = self.resolved.of(service).filter(|_| self.page.shown.members);
        let members = parts.into_iter().flat_map(|parts| &parts.members);
        let mut views: Vec<MemberView> = members
            .map(|(watched, name)| MemberView {
                name: name.to_string(),
                standing: self.standings.of(*watched).standing,
            })
            .collect();
        let more = views.len().saturating_sub(MEMBERS_MOST);
        views.sort_by(|a, b| natural(&a.name, &b.name));
        if more > 0 {
            views.sort_by_key(|view| std::cmp::Reverse(view.standing));
            views.truncate(MEMBERS_MOST);
            views.sort_by(|a, b| natural(&a.name, &b.name));
        }
        (views, u32::try_from(more).unwrap_or(u32::MAX))
    }

    fn incidents(&self, services: &[&Service]) -> Vec<IncidentView> {
        let recent = |incident: &&Incident| {
            incident
                .ended_at
                .is_none_or(|ended| self.now.since(ended) <= INCIDENTS_MS)
        };
        let told = self.notices.incidents.iter().filter(recent);
        let mut views: Vec<_> = told
            .filter_map(|incident| {
                let updates = incident.updates.iter().rev();
                Some(IncidentView {
                    key: key(incident.id),
                    title: incident.title.clone(),
                    services: names(services, &incident.services)?,
                    began_at: incident.began_at,
                    ended_at: incident.ended_at,
                    updates: updates
                        .map(|update| UpdateView {
                            at: update.at,
                            stage: update.stage,
                            text: update.text.clone(),
                        })
                        .collect(),
                })
            })
            .collect();
        let open = views.iter().filter(|view| view.ended_at.is_none()).count();
        let mut over = INCIDENTS_MOST.saturating_sub(open);
        views.retain(|view| {
            let stays = view.ended_at.is_none() || over > 0;
            if view.ended_at.is_some() {
                over = over.saturating_sub(1);
            }
            stays
        });
        views.truncate(INCIDENTS_MOST);
        views
    }

    fn maintenance(&self, services: &[&Service]) -> Vec<MaintenanceView> {
        let to_come = |work: &&Maintenance| self.now < work.until;
        // They are kept the latest first.
        let told = self.notices.maintenance.iter().rev().filter(to_come);
        let views = told.filter_map(|work| {
            Some(MaintenanceView {
                key: key(work.id),
                title: work.title.clone(),
                text: work.text.clone(),
                services: names(services, &work.services)?,
                from: work.from,
                until: work.until,
                told_at: work.told_at,
            })
        });
        views.take(MAINTENANCE_MOST).collect()
    }
}

/// What a notice is known by outside: of its id, which cannot be found out from it.
fn key(of: NoticeId) -> String {
    let digest = Sha256::digest(format!("status notice {of}"));
    let mut key = String::with_capacity(16);
    for byte in digest.iter().take(8) {
        // A `String` takes everything.
        let _never_fails = write!(key, "{byte:02x}");
    }
    key
}

/// The names of those services that are shown; none when what is told is about others only. No ids stand for all.
fn names(shown: &[&Service], touched: &[ServiceId]) -> Option<Vec<String>> {
    let names: Vec<String> = shown
        .iter()
        .filter(|service| touched.contains(&service.id))
        .map(|service| service.name.clone())
        .collect();
    (touched.is_empty() || !names.is_empty()).then_some(names)
}
