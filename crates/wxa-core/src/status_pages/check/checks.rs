//! What checks from outside may ask.
use super::{Picture, invalid};
use crate::{Ctx, Error, NewCheck, status::valid_check};
use std::collections::HashSet;
use uuid::Uuid;
use wxa_model::{
    CheckId, Permission, Target,
    status::{Check, CheckKind, Service, StatusPage},
};

/// The most checks of one creator: when nobody answers, so many still end in time (see `crate::status`).
const OF_ONE_MOST: usize = 200;

/// Whether all checks of a page's creator are few enough.
pub(super) fn few(page: &StatusPage, new: &[Service], picture: &Picture) -> Result<(), Error> {
    let checks =
        |services: &[Service]| -> usize { services.iter().map(|service| service.checks.len()).sum() };
    let others = picture
        .pages
        .values()
        .filter(|other| other.creator == page.creator && other.id != page.id);
    let all = others
        .map(|other| checks(&other.services))
        .fold(checks(new), usize::saturating_add);
    if all <= OF_ONE_MOST || checks(new) <= checks(&page.services) {
        return Ok(());
    }
    let why = format!("all pages of an account can have {OF_ONE_MOST} checks: take some away first");
    Err(invalid("services", why))
}

pub(super) fn checked(
    ctx: &Ctx,
    service: &str,
    new: Vec<NewCheck>,
    before: Option<&Service>,
) -> Result<Vec<Check>, Error> {
    let mut used = HashSet::new();
    new.into_iter()
        .map(|check| one(ctx, service, check, before, &mut used))
        .collect()
}

fn one(
    ctx: &Ctx,
    service: &str,
    new: NewCheck,
    before: Option<&Service>,
    used: &mut HashSet<CheckId>,
) -> Result<Check, Error> {
    let wrong = |why: String| invalid("services", format!("{service}: {why}"));
    let known = before.map_or(&[][..], |service| &service.checks);
    let replaced = match new.id {
        None => None,
        Some(id) => match known
            .iter()
            .find(|check| check.id == id)
            .filter(|_| used.insert(id))
        {
            Some(check) => Some(check),
            None => return Err(wrong("a check is named that it does not have, or twice".into())),
        },
    };
    let kind = tidied(new.kind);
    let agreed = replaced.is_some_and(|check| check.may_go_inside && check.kind == kind);
    if new.may_go_inside && !agreed && !ctx.may(Permission::Administer, &Target::INSTALLATION) {
        let why = "only an administrator of the installation can let a check go to the server's own or a link-local address";
        return Err(wrong(why.into()));
    }
    let check = Check {
        // One that asks something else begins anew.
        id: replaced
            .filter(|check| check.kind == kind)
            .map_or_else(|| CheckId(Uuid::new_v4()), |check| check.id),
        kind,
        every_s: new.every_s,
        may_go_inside: new.may_go_inside,
    };
    match valid_check(&check) {
        Ok(()) => Ok(check),
        Err(Error::Invalid { why, .. }) => Err(wrong(format!("a check cannot be asked: {why}"))),
        Err(other) => Err(other),
    }
}

/// Without what surrounds names and addresses. A text to look for is kept as it is: spaces around it may be meant.
fn tidied(kind: CheckKind) -> CheckKind {
    let trimmed = |text: String| text.trim().to_owned();
    match kind {
        CheckKind::Tcp { host, port } => CheckKind::Tcp {
            host: trimmed(host),
            port,
        },
        CheckKind::Certificate { host, port, days } => CheckKind::Certificate {
            host: trimmed(host),
            port,
            days,
        },
        CheckKind::Login => CheckKind::Login,
        CheckKind::Http { url, status, text } => CheckKind::Http {
            url: trimmed(url),
            status,
            text: text.filter(|text| !text.is_empty()),
        },
    }
}
