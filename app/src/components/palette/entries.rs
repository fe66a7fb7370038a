//! What the palette offers: acts on what is selected, VMs, hosts and pages.
use super::fuzzy::score;
use crate::{
    act,
    cx::Cx,
    format,
    routes::{HostTab, Route, VmTab},
    state,
};
use leptos::prelude::*;
use wxa_model::{Action, VmId};

/// The most entries that are shown.
const MOST: usize = 12;

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
    /// Shows the keys.
    Help,
}

/// The entries that fit `query`, best first. Without one: acts on the VM in view, then pages.
pub fn entries(cx: Cx, query: &str) -> Vec<Entry> {
    let here = in_view(cx);
    let mut found: Vec<(i32, Entry)> = Vec::new();
    let mut offer = |bonus: i32, entry: Entry| {
        if let Some(score) = score(query, &format!("{} {}", entry.title, entry.more)) {
            found.push((score + bonus, entry));
        }
    };
    let vms = cx.live.guests();
    for vm in &vms {
        let is_here = here == Some(vm.id);
        // Acts on VMs that are not in view come up only when one of the words names the VM.
        let name = vm.name.to_lowercase();
        let is_named = query.contains(' ')
            && query
                .to_lowercase()
                .split_whitespace()
                .any(|word| name.contains(word));
        if is_here || is_named {
            for action in Action::ALL {
                let refusal = act::verdict(cx, action, vm).err();
                let able = refusal.is_none();
                let near = if is_here { 8 } else { 2 };
                let bonus = match (asks_for(query, action), able) {
                    (true, true) => near,
                    (true, false) => near - 6,
                    // Going somewhere is harmless, acting is not: a name alone never puts an act first.
                    (false, _) => -40,
                };
                offer(
                    bonus,
                    Entry {
                        image: state::action_icon(action),
                        title: format!("{} {}", action.label(), vm.name),
                        more: refusal
                            .map(|refusal| format!("not possible: {}", refusal.sentence))
                            .unwrap_or_default(),
                        does: Does::Act(action, vm.id, vm.name.clone()),
                        able,
                    },
                );
            }
        }
        if is_here {
            offer(
                7,
                go(
                    "console",
                    format!("Console of {}", vm.name),
                    String::new(),
                    Route::Vm(vm.id, VmTab::Console),
                ),
            );
        }
        if !query.is_empty() {
            let host = cx.live.host(vm.host);
            let shown = state::shown(vm, host.as_deref(), None, cx.clock.now.get());
            let on = host.map(|host| format!(" on {}", host.name)).unwrap_or_default();
            let more = format!("VM · {}{on}", shown.word.to_lowercase());
            offer(
                4,
                go("vm", vm.name.clone(), more, Route::Vm(vm.id, VmTab::Overview)),
            );
        }
    }
    for host in cx.live.hosts.get() {
        let count = vms.iter().filter(|vm| vm.host == host.id).count();
        let more = format!("Host · {}", format::count(count, "VM"));
        offer(
            4,
            go(
                "host",
                host.name.clone(),
                more,
                Route::Host(host.id, HostTab::Overview),
            ),
        );
    }
    let mut pages = vec![("vm", "All VMs", Route::Vms), ("tasks", "Tasks", Route::Tasks)];
    if cx.may_administer() {
        pages.extend([
            ("audit", "Audit log", Route::Audit),
            ("plus", "Add a host", Route::HostAdd),
        ]);
    }
    for (image, title, route) in pages {
        offer(2, go(image, title.into(), "Page".into(), route));
    }
    offer(
        0,
        Entry {
            image: "keyboard",
            title: "Keys".into(),
            more: "Help".into(),
            does: Does::Help,
            able: true,
        },
    );
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().take(MOST).map(|(_, entry)| entry).collect()
}

/// Whether `query` says what to do: with nothing typed everything is on offer, else a word of it begins one of the action's.
fn asks_for(query: &str, action: Action) -> bool {
    let label = action.label().to_lowercase();
    let query = query.to_lowercase();
    query.trim().is_empty()
        || query
            .split_whitespace()
            .any(|word| label.split(' ').any(|verb| verb.starts_with(word)))
}

fn go(image: &'static str, title: String, more: String, route: Route) -> Entry {
    Entry {
        image,
        title,
        more,
        does: Does::Go(route.path()),
        able: true,
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
}
