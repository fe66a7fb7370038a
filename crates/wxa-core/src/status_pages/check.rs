//! Whether a page can be as its author wants it.
mod checks;
mod members;
mod slug;

pub(super) use slug::taken as slug_taken;

use super::{NewService, NewStatusPage, days, picture::Picture};
use crate::{Core, Ctx, Error, hidden::is_hidden};
use std::collections::HashSet;
use uuid::Uuid;
use wxa_model::{
    Grant, Refusal, RefusalCode, ServiceId,
    status::{CheckKind, Members, Rule, Service, StatusPage},
};

const TITLE_CHARS: usize = 100;
const ABOUT_CHARS: usize = 300;
const NAME_CHARS: usize = 80;
const SERVICES_MOST: usize = 50;
const CHECKS_MOST: usize = 10;
/// The most services with filters of one creator.
const FILTERS_MOST: usize = 200;

impl Core {
    /// `page` as `new` says. Services and checks that are named by id must be of that page.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Forbidden`] for something picked that the caller sees but may not act on.
    pub(super) fn status_page_checked(
        &self,
        ctx: &Ctx,
        picture: &Picture,
        page: StatusPage,
        new: NewStatusPage,
    ) -> Result<StatusPage, Error> {
        let title = line("title", &new.title, 1, TITLE_CHARS)?;
        if new.services.len() > SERVICES_MOST {
            return Err(invalid(
                "services",
                format!("use at most {SERVICES_MOST} services"),
            ));
        }
        // Its creator's rights decide what it consists of, whoever changes it.
        let creator = picture.creators.get(&page.creator);
        let rights = creator.map_or(&ctx.grants, |creator| &creator.grants);
        let mut used = HashSet::new();
        let mut services = Vec::with_capacity(new.services.len());
        for service in new.services {
            let before = known(&page, service.id, &mut used)?;
            services.push(self.service_checked(ctx, service, before, rights)?);
        }
        few_filters(&page, &services, picture)?;
        checks::few(&page, &services, picture)?;
        Ok(StatusPage {
            slug: slug::checked(&new.slug, &title, &page, picture)?,
            title,
            about: line("about", &new.about, 0, ABOUT_CHARS)?,
            audience: new.audience,
            shown: new.shown,
            language: new.language,
            time_zone: zone(&new.time_zone)?,
            services,
            ..page
        })
    }

    fn service_checked(
        &self,
        ctx: &Ctx,
        new: NewService,
        before: Option<&Service>,
        rights: &[Grant],
    ) -> Result<Service, Error> {
        let name = line("services", &new.name, 1, NAME_CHARS)?;
        if new.checks.len() > CHECKS_MOST {
            return Err(invalid(
                "services",
                format!("{name}: use at most {CHECKS_MOST} checks"),
            ));
        }
        let members = self.members_checked(ctx, &name, new.members, before, rights)?;
        let alone = matches!(&members, Members::Picked { vms, hosts } if vms.is_empty() && hosts.is_empty());
        if alone && new.checks.is_empty() {
            return Err(invalid(
                "services",
                format!("{name}: pick something, or add a check"),
            ));
        }
        let asks_about_vms = new.checks.iter().any(|check| check.kind == CheckKind::Login);
        if asks_about_vms && matches!(&members, Members::Picked { vms, .. } if vms.is_empty()) {
            let why = format!("{name}: pick VMs whose login prompts are to be looked for");
            return Err(invalid("services", why));
        }
        if let (Rule::AtLeast(count), Members::Picked { vms, hosts }) = (new.rule, &members)
            && !alone
            && !(1..=vms.len().saturating_add(hosts.len())).contains(&usize::from(count))
        {
            let why = format!("{name}: a rule can ask for 1 up to as many as were picked");
            return Err(invalid("services", why));
        }
        Ok(Service {
            id: before.map_or_else(|| ServiceId(Uuid::new_v4()), |before| before.id),
            about: line("services", &new.about, 0, ABOUT_CHARS)?,
            members,
            rule: match new.rule {
                Rule::AtLeast(0) => Rule::AtLeast(1),
                rule => rule,
            },
            checks: checks::checked(ctx, &name, new.checks, before)?,
            name,
        })
    }
}

/// Every filter is asked of every VM again and again.
fn few_filters(page: &StatusPage, new: &[Service], picture: &Picture) -> Result<(), Error> {
    let filters = |services: &[Service]| {
        let filters = services
            .iter()
            .filter(|service| matches!(service.members, Members::Filter(_)));
        filters.count()
    };
    let others = picture
        .pages
        .values()
        .filter(|other| other.creator == page.creator && other.id != page.id);
    let all: usize = others.map(|other| filters(&other.services)).sum::<usize>() + filters(new);
    if all <= FILTERS_MOST || filters(new) <= filters(&page.services) {
        return Ok(());
    }
    let why =
        format!("all pages of an account can have {FILTERS_MOST} services with filters: pick VMs instead");
    Err(invalid("services", why))
}

/// The service that a new one replaces.
fn known<'a>(
    page: &'a StatusPage,
    id: Option<ServiceId>,
    used: &mut HashSet<ServiceId>,
) -> Result<Option<&'a Service>, Error> {
    let Some(id) = id else { return Ok(None) };
    let found = page.services.iter().find(|service| service.id == id);
    match found.filter(|_| used.insert(id)) {
        Some(service) => Ok(Some(service)),
        None => Err(invalid(
            "services",
            "a service is named that this page does not have, or twice: load the page anew",
        )),
    }
}

/// A zone's name; UTC for none.
pub(super) fn zone(name: &str) -> Result<String, Error> {
    match name.trim() {
        "" => Ok("UTC".to_owned()),
        name if days::is_zone(name) => Ok(name.to_owned()),
        _ => Err(invalid("time_zone", "write a time zone such as Europe/Vienna")),
    }
}

/// One line of text, without what surrounds it.
pub(super) fn line(field: &'static str, text: &str, least: usize, most: usize) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(invalid(field, "use one line of text"));
    }
    plain(field, text, least, most)
}

/// Text of any number of lines.
pub(super) fn text(field: &'static str, text: &str, least: usize, most: usize) -> Result<String, Error> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(invalid(field, "use plain text"));
    }
    plain(field, &text, least, most)
}

fn plain(field: &'static str, text: &str, least: usize, most: usize) -> Result<String, Error> {
    if text.chars().any(is_hidden) {
        return Err(invalid(field, "use text without hidden characters"));
    }
    match (least..=most).contains(&text.chars().count()) {
        true => Ok(text.to_owned()),
        false if least == 0 => Err(invalid(field, format!("use at most {most} characters"))),
        false => Err(invalid(field, format!("use {least} to {most} characters"))),
    }
}

pub(super) fn invalid(field: &'static str, why: impl Into<String>) -> Error {
    Error::Invalid {
        field,
        why: why.into(),
    }
}

/// What was looked at is not as it was any more, or gone.
pub(super) fn changed_meanwhile() -> Error {
    let sentence = "Somebody else changed it meanwhile, so nothing was done: load it anew and try again.";
    Error::Conflict(Refusal::new(RefusalCode::Busy, sentence))
}
