//! What a service may consist of: what its author may act on, or what a filter finds.
use super::invalid;
use crate::{
    Core, Ctx, Error,
    status_pages::members::{MEMBERS_MOST, passing},
};
use std::collections::BTreeSet;
use wxa_model::{
    Grant, Key, Permission, filter,
    query::{self, Filter},
    status::{Members, Service},
};

const PICKED_MOST: usize = 500;

impl Core {
    pub(super) fn members_checked(
        &self,
        ctx: &Ctx,
        service: &str,
        new: Members,
        before: Option<&Service>,
        rights: &[Grant],
    ) -> Result<Members, Error> {
        match new {
            Members::Filter(text) => {
                let (text, filter) = filtered(service, &text)?;
                let members = Members::Filter(text);
                // One that grew meanwhile can still get another name.
                if before.is_none_or(|before| before.members != members) {
                    self.few_pass(service, rights, &filter)?;
                }
                Ok(members)
            }
            Members::Picked { vms, hosts } => {
                let vms: BTreeSet<_> = vms.into_iter().collect();
                let hosts: BTreeSet<_> = hosts.into_iter().collect();
                if vms.len().saturating_add(hosts.len()) > PICKED_MOST {
                    let why = format!("{service}: pick at most {PICKED_MOST}, or use a filter");
                    return Err(invalid("services", why));
                }
                let keys = vms
                    .iter()
                    .map(|id| Key::Vm(*id))
                    .chain(hosts.iter().map(|id| Key::Host(*id)));
                for key in keys {
                    self.may_pick(ctx, service, key, before)?;
                }
                Ok(Members::Picked {
                    vms: vms.into_iter().collect(),
                    hosts: hosts.into_iter().collect(),
                })
            }
        }
    }

    /// What is not followed could be down and nobody would know.
    fn few_pass(&self, service: &str, rights: &[Grant], filter: &Filter) -> Result<(), Error> {
        let found = passing(&self.live().inventory.now(), rights, filter);
        if found <= MEMBERS_MOST {
            return Ok(());
        }
        let why = format!(
            "{service}: {found} VMs pass the filter, and a service can have at most {MEMBERS_MOST}: make several of it"
        );
        Err(invalid("services", why))
    }

    /// What is not to be seen now may stay where it was picked before: its host may be lost.
    fn may_pick(&self, ctx: &Ctx, service: &str, key: Key, before: Option<&Service>) -> Result<(), Error> {
        let published = self.live().inventory.now();
        let place = published.place(key).filter(|_| published.sees(&ctx.grants, key));
        match place {
            Some(place) if ctx.may(Permission::Operate, &place.target()) => Ok(()),
            Some(_) => Err(Error::Forbidden),
            None if was_picked(before, key) => Ok(()),
            None => Err(invalid(
                "services",
                format!("{service}: something that was picked is not there (any more)"),
            )),
        }
    }
}

fn was_picked(before: Option<&Service>, key: Key) -> bool {
    match (before.map(|service| &service.members), key) {
        (Some(Members::Picked { vms, .. }), Key::Vm(id)) => vms.contains(&id),
        (Some(Members::Picked { hosts, .. }), Key::Host(id)) => hosts.contains(&id),
        _ => false,
    }
}

fn filtered(service: &str, text: &str) -> Result<(String, Filter), Error> {
    let text = text.trim();
    let fits = text.chars().count() <= filter::QUERY_CHARS && !text.chars().any(char::is_control);
    if text.is_empty() || !fits {
        let why = format!(
            "{service}: write a filter of 1 to {} characters",
            filter::QUERY_CHARS
        );
        return Err(invalid("services", why));
    }
    match query::parse_of_service(text) {
        Ok(filter) => Ok((text.to_owned(), filter)),
        Err(why) => Err(invalid("services", format!("{service}: {why}"))),
    }
}
