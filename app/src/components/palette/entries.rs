//! What the palette offers: acts on what is in view or marked, VMs, hosts and pages.
use super::{
    fuzzy::score,
    rank::{Candidate, rank},
};
use crate::{
    act, bulk,
    cx::Cx,
    routes::{HostTab, Route, VmTab},
    state,
    text::{self, T, fill, plural, t},
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Action, HostKind, Vm, VmId};

/// One line of the palette.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its icon.
    pub image: &'static str,
    /// What it says.
    pub title: String,
    /// More, in grey: a state, or why not.
    pub more: String,
    /// What it does.
    pub does: Does,
    /// Whether it can be done now.
    pub able: bool,
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// Goes to a page.
    Go(String),
    /// Acts on a VM.
    Act(Action, VmId, String),
    /// Asks about an act on all marked VMs.
    ActOnMarked(Action),
    /// Shows the keys.
    Keys,
}

/// The entries that fit `query`, best first.
pub fn entries(cx: Cx, query: &str, recent: &[String]) -> Vec<Entry> {
    let mut candidates = Vec::new();
    of_marked(cx, query, &mut candidates);
    of_vms(cx, query, recent, &mut candidates);
    of_hosts_and_filters(cx, &mut candidates);
    of_pages(cx, &mut candidates);
    rank(query, candidates, recent)
}

fn of_marked(cx: Cx, query: &str, to: &mut Vec<Candidate>) {
    let marked = bulk::marked(cx);
    if marked.is_empty() {
        return;
    }
    for action in act::offered(cx, marked.iter().map(AsRef::as_ref)) {
        let able = bulk::plan(cx, action, &marked).able.len();
        let more = match able {
            0 => t(T::NoneAble).to_owned(),
            n if n == marked.len() => String::new(),
            n => fill(T::PaletteAble, &[("able", &n), ("n", &marked.len())]),
        };
        let entry = Entry {
            image: state::action_icon(action),
            title: fill(
                T::PaletteMarked,
                &[
                    ("act", &text::action(action)),
                    ("vms", &plural(T::MarkedVms, marked.len())),
                ],
            ),
            more,
            does: Does::ActOnMarked(action),
            able: able > 0,
        };
        to.push(Candidate {
            bonus: act_bonus(asks_for(query, action), able > 0, 10),
            entry,
        });
    }
}

fn of_vms(cx: Cx, query: &str, recent: &[String], to: &mut Vec<Candidate>) {
    let here = in_view(cx);
    let words = query.to_lowercase();
    for vm in likely(cx, query, here, recent) {
        let is_here = here == Some(vm.id);
        // Acts on VMs that are not in view come up only when one of the words names the VM.
        let name = vm.name.to_lowercase();
        let is_named = query.contains(' ') && words.split_whitespace().any(|word| name.contains(word));
        if is_here || is_named {
            acts_on(cx, &vm, query, if is_here { 8 } else { 2 }, to);
        }
        if is_here {
            let title = fill(T::ConsoleOf, &[("name", &vm.name)]);
            let console = Route::Vm(vm.id, VmTab::Console);
            to.push(go(7, "console", title, String::new(), console));
        }
        let host = cx.live.host(vm.host);
        let shown = state::shown(&vm, host.as_deref(), None, cx.clock.now.get());
        let on = host.map(|host| host.name.clone()).unwrap_or_default();
        let more = fill(
            T::PaletteVm,
            &[("state", &shown.word.to_lowercase()), ("host", &on)],
        );
        // With nothing typed VMs are too many to be of use, but for those where one has been.
        let bonus = if query.is_empty() { -60 } else { 4 };
        to.push(go(
            bonus,
            "vm",
            vm.name.clone(),
            more,
            Route::Vm(vm.id, VmTab::Overview),
        ));
    }
}

/// The VMs that may be meant: all; of very many the one in view and, with nothing typed, those where one has been, else those
/// whose names a word of the query fits best.
fn likely(cx: Cx, query: &str, here: Option<VmId>, recent: &[String]) -> Vec<Arc<Vm>> {
    const MOST: usize = 64;
    if !cx.live.is_large() {
        return cx.live.guests();
    }
    let been = recent.iter().filter_map(|path| match Route::parse(path) {
        Some(Route::Vm(id, _)) => Some(id),
        _ => None,
    });
    let mut near: Vec<VmId> = here.into_iter().chain(been).collect();
    near.sort();
    near.dedup();
    let mut likely = cx.live.these(&near);
    if query.trim().is_empty() {
        return likely;
    }
    let fit = |vm: &Arc<Vm>| {
        let words = query.split_whitespace().chain([query]);
        words.filter_map(|word| score(word, &vm.name)).max()
    };
    let found = cx.live.with_guests(|guests, _| {
        let others = guests.by_name().iter().filter(|vm| !near.contains(&vm.id));
        let mut found: Vec<(i32, Arc<Vm>)> = others.filter_map(|vm| Some((fit(vm)?, vm.clone()))).collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.truncate(MOST);
        found
    });
    likely.extend(found.unwrap_or_default().into_iter().map(|(_, vm)| vm));
    likely
}

fn acts_on(cx: Cx, vm: &Arc<Vm>, query: &str, near: i32, to: &mut Vec<Candidate>) {
    for action in act::offered(cx, [vm.as_ref()]) {
        let refusal = act::verdict(cx, action, vm).err();
        let able = refusal.is_none();
        let entry = Entry {
            image: state::action_icon(action),
            title: format!("{} {}", text::action(action), vm.name),
            more: refusal
                .map(|refusal| fill(T::NotPossible, &[("why", &refusal.sentence)]))
                .unwrap_or_default(),
            does: Does::Act(action, vm.id, vm.name.clone()),
            able,
        };
        let bonus = act_bonus(asks_for(query, action), able, near);
        to.push(Candidate { bonus, entry });
    }
}

fn act_bonus(asked: bool, able: bool, near: i32) -> i32 {
    match (asked, able) {
        (true, true) => near,
        (true, false) => near - 6,
        // Going somewhere is harmless, acting is not: a name alone never puts an act first.
        (false, _) => -40,
    }
}

fn of_hosts_and_filters(cx: Cx, to: &mut Vec<Candidate>) {
    for host in cx.live.hosts.get() {
        let vms = plural(T::CountVms, cx.live.count_on(host.id).1);
        let (image, more) = match host.kind {
            HostKind::Plain => ("host", fill(T::PaletteHost, &[("vms", &vms)])),
            HostKind::Pool => ("pool", fill(T::PalettePool, &[("vms", &vms)])),
            HostKind::Member { .. } => {
                let pool = cx.live.pool_of(&host);
                let pool = pool.map(|pool| pool.name.clone()).unwrap_or_default();
                ("host", fill(T::PaletteMember, &[("pool", &pool), ("vms", &vms)]))
            }
        };
        let route = Route::Host(host.id, HostTab::Overview);
        to.push(go(4, image, host.name.clone(), more, route));
    }
    for saved in cx.filters.all.get() {
        to.push(Candidate {
            bonus: 3,
            entry: Entry {
                image: "filter",
                title: fill(T::PaletteFilter, &[("name", &saved.name)]),
                more: saved.query.clone(),
                does: Does::Go(crate::filters::address(&saved)),
                able: true,
            },
        });
    }
}

fn of_pages(cx: Cx, to: &mut Vec<Candidate>) {
    let everybody = [
        ("home", T::Overview, Route::Overview),
        ("vm", T::AllVms, Route::Vms),
        ("tasks", T::Tasks, Route::Tasks),
        ("external", T::StatusPages, Route::StatusPages),
        ("user", T::YourAccount, Route::Account),
        ("settings", T::Settings, Route::Settings),
        ("question", T::Help, Route::Help),
    ];
    let administrators = [
        ("audit", T::AuditLog, Route::Audit),
        ("user", T::Users, Route::Users),
        ("info", T::System, Route::System),
        ("plus", T::AddHost, Route::HostAdd),
    ];
    let mut pages = everybody.to_vec();
    if cx.may_administer() {
        pages.extend(administrators);
    }
    for (image, title, route) in pages {
        to.push(go(2, image, t(title).into(), t(T::PalettePage).into(), route));
    }
    to.push(Candidate {
        bonus: 0,
        entry: Entry {
            image: "keyboard",
            title: t(T::Keys).into(),
            more: t(T::Help).into(),
            does: Does::Keys,
            able: true,
        },
    });
}

/// Whether `query` says what to do: with nothing typed everything is on offer, else a word of it begins one of the action's.
fn asks_for(query: &str, action: Action) -> bool {
    let label = text::action(action).to_lowercase();
    let query = query.to_lowercase();
    query.trim().is_empty()
        || query
            .split_whitespace()
            .any(|word| label.split(' ').any(|verb| verb.starts_with(word)))
}

fn go(bonus: i32, image: &'static str, title: String, more: String, route: Route) -> Candidate {
    Candidate {
        bonus,
        entry: Entry {
            image,
            title,
            more,
            does: Does::Go(route.path()),
            able: true,
        },
    }
}

/// The VM that the page is about: its own page's, or the one selected in the list.
pub fn in_view(cx: Cx) -> Option<VmId> {
    match cx.nav.route() {
        Some(Route::Vm(id, _)) => Some(id),
        _ => cx.nav.query("sel").parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_verb_asks_for_an_act() {
        assert!(asks_for("", Action::VmReboot));
        assert!(asks_for("reb web-02", Action::VmReboot));
        assert!(asks_for("web off", Action::VmPowerOff));
        assert!(!asks_for("web", Action::VmReboot));
        assert!(!asks_for("web-02", Action::VmPowerOff));
    }

    #[test]
    fn pools_and_their_members_are_found_and_what_only_they_can_do_is_offered_there() {
        let url = crate::routes::url::Url::parse("/vms");
        Owner::new().with(|| {
            let cx = Cx::new(crate::sample::boot(), crate::nav::Nav::new(url));
            let found = |query: &str| entries(cx, query, &[]);
            let has = |query: &str, title: &str, more: &str| {
                let entries = found(query);
                entries
                    .iter()
                    .any(|entry| entry.title == title && entry.more == more)
            };
            assert!(has("prod", "prod", "Pool · 5 VMs"));
            assert!(has("xcp-01", "xcp-01", "Host in pool prod · 2 VMs"));
            assert!(has("resume desk-07", "Resume desk-07", ""));
            let plain = found("suspend web-01");
            assert!(
                plain.iter().all(|entry| entry.title != "Suspend web-01"),
                "{plain:?}"
            );
        });
    }
}
