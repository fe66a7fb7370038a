//! What is wrong in a pool, worst first, with what to do.
use crate::{
    cx::cx,
    pages::host::{health::lines, look::Look},
    text::{T, fill, t},
};
use leptos::prelude::*;
use std::fmt::Display;
use wxa_model::{
    Host, HostId, PoolDetails, PowerState, Vm,
    health::{Finding, Level},
};

/// From which percentage on a repository is nearly full, and from which on it is an alarm.
const NEARLY_FULL: f32 = 90.0;
const FULL: f32 = 97.0;
/// Crashed VMs that are named.
const NAMED: usize = 3;

#[component]
pub(super) fn Health(id: HostId, look: Look) -> impl IntoView {
    let cx = cx();
    let found = Memo::new(move |_| {
        let Some(host) = cx.live.host(id) else {
            return Vec::new();
        };
        let (members, vms) = (cx.live.members(id), cx.live.guests_on(id));
        let members: Vec<&Host> = members.iter().map(AsRef::as_ref).collect();
        let vms: Vec<&Vm> = vms.iter().map(AsRef::as_ref).collect();
        look.details.with(|details| {
            let pool = details.as_ref().and_then(|details| details.pool.as_ref());
            findings(&host, &members, &vms, pool)
        })
    });
    let asked = Memo::new(move |_| look.details.with(Option::is_some));
    lines(found, asked)
}

/// What is wrong in a pool, worst first.
pub(in crate::pages) fn findings(
    host: &Host,
    members: &[&Host],
    vms: &[&Vm],
    pool: Option<&PoolDetails>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |level, title: String, advice: T| {
        found.push(Finding {
            level,
            title,
            advice: t(advice).to_owned(),
        });
    };
    let crashed: Vec<&str> = vms
        .iter()
        .filter(|vm| vm.power == PowerState::Crashed)
        .map(|vm| vm.name.as_str())
        .collect();
    if !crashed.is_empty() {
        add(
            Level::Bad,
            fill(T::VmCrashed, &[("name", &names(&crashed))]),
            T::VmCrashedAdvice,
        );
    }
    // Of a pool that is not heard nothing is known about its members: the banner above says so.
    for host in members.iter().filter(|_| host.link.is_up()) {
        let facts = host.facts.as_ref();
        if !host.link.is_up() {
            add(
                Level::Bad,
                fill(T::MemberNotHeard, &[("name", &host.name)]),
                T::MemberNotHeardAdvice,
            );
        } else if facts.is_some_and(|facts| facts.maintenance) {
            add(
                Level::Note,
                fill(T::MemberMaintained, &[("name", &host.name)]),
                T::MemberMaintainedAdvice,
            );
        }
    }
    for one in pool
        .and_then(|pool| pool.repositories.get())
        .into_iter()
        .flatten()
    {
        // As it is shown, so that words and level agree.
        let percent = (one.used.0 as f32 / one.size.0.max(1) as f32 * 100.0).round();
        let holds_disks = one.size.0 > 0 && !one.iso;
        if holds_disks && percent >= NEARLY_FULL {
            add(
                if percent >= FULL { Level::Bad } else { Level::Warn },
                fill(T::RepositoryFull, &[("name", &one.name), ("percent", &percent)]),
                T::RepositoryFullAdvice,
            );
        }
        if holds_disks && one.promised > one.size {
            let words: [(&str, &dyn Display); 3] = [
                ("name", &one.name),
                ("promised", &one.promised),
                ("size", &one.size),
            ];
            add(
                Level::Note,
                fill(T::RepositoryPromised, &words),
                T::RepositoryPromisedAdvice,
            );
        }
        if !one.detached.is_empty() {
            let hosts = one.detached.join(t(T::ListSeparator));
            add(
                Level::Warn,
                fill(T::RepositoryDetached, &[("name", &one.name), ("hosts", &hosts)]),
                T::RepositoryDetachedAdvice,
            );
        }
    }
    found.sort_by_key(|finding| finding.level);
    found
}

/// The first names, and how many more.
fn names(all: &[&str]) -> String {
    let some: Vec<&str> = all.iter().take(NAMED).copied().collect();
    let some = some.join(t(T::ListSeparator));
    match all.len().saturating_sub(NAMED) {
        0 => some,
        more => fill(T::NamesAndMore, &[("names", &some), ("n", &more)]),
    }
}

#[cfg(test)]
mod tests;
