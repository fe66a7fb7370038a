//! What is wrong in a pool, worst first, with what to do.
use crate::{
    cx::cx,
    pages::host::{health::lines, look::Look},
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{
    Host, HostId, PoolDetails, PowerState, Vm,
    health::{Finding, Level},
};

/// From which share on a repository is nearly full, and from which on it is an alarm.
const NEARLY_FULL: f32 = 0.9;
const FULL: f32 = 0.97;

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

fn findings(host: &Host, members: &[&Host], vms: &[&Vm], pool: Option<&PoolDetails>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |level, title: String, advice: T| {
        found.push(Finding {
            level,
            title,
            advice: t(advice).to_owned(),
        });
    };
    for vm in vms.iter().filter(|vm| vm.power == PowerState::Crashed) {
        add(
            Level::Bad,
            fill(T::VmCrashed, &[("name", &vm.name)]),
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
        let share = one.used.0 as f32 / one.size.0.max(1) as f32;
        if one.size.0 > 0 && !one.iso && share >= NEARLY_FULL {
            let percent = format!("{:.0}", share * 100.0);
            add(
                if share >= FULL { Level::Bad } else { Level::Warn },
                fill(T::RepositoryFull, &[("name", &one.name), ("percent", &percent)]),
                T::RepositoryFullAdvice,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{member, pool, pool_details, vm};

    #[test]
    fn what_is_wrong_in_a_pool_is_said_worst_first() {
        let told = pool_details().known.and_then(|known| known.details.pool);
        let (one, mut other) = (member(1, 9, "xcp-01"), member(2, 9, "xcp-02"));
        if let Some(facts) = &mut other.facts {
            facts.maintenance = true;
        }
        let crashed = vm(1, "mail", PowerState::Crashed);
        let found = findings(&pool(9, "prod"), &[&one, &other], &[&crashed], told.as_ref());
        let titles: Vec<&str> = found.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "mail crashed",
                "nfs-fast is 93 % full",
                "nfs-fast is not attached on xcp-02",
                "xcp-02 is in maintenance"
            ]
        );
    }
}
