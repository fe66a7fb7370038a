//! The VM list: filter, facets, sorted and windowed rows, details at the right.
mod body;
mod head;
mod keys;

use super::{bulk::BulkBar, facets::Facets, icon::small_icon, panel::Panel};
use crate::{
    cx::{Cx, cx},
    filter, format,
    list::{self, Item, Sort},
    state,
};
use body::Body;
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{HostId, Vm, VmId};

/// What the parts of the list share.
#[derive(Clone, Copy)]
struct Shared {
    /// The VMs shown, in order.
    shown: Memo<Vec<VmId>>,
    sort: Memo<Sort>,
}

/// The list of all guests, or of one host's.
#[component]
pub fn VmTable(
    /// Only this host's.
    #[prop(optional_no_strip)]
    host: Option<HostId>,
) -> impl IntoView {
    let cx = cx();
    let nav = cx.nav;
    let q = Memo::new(move |_| nav.query("q"));
    let sort = Memo::new(move |_| Sort::parse(&nav.query("sort")));
    let parsed = Memo::new(move |_| q.with(|q| filter::parse(q)));
    // Items are cheap (shared VMs); they are gathered anew when a VM, a host or the order of measurements changes.
    let items = move || gather(cx, host, sort.get());
    let facets = Memo::new(move |_| list::facets(&gather(cx, host, Sort::default())));
    let total = Memo::new(move |_| {
        let guests = cx.live.guests();
        guests
            .iter()
            .filter(|vm| host.is_none_or(|host| vm.host == host))
            .count()
    });
    let shown = Memo::new(move |_| {
        let mut items = items();
        parsed.with(|parsed| {
            if let Ok(filter) = parsed {
                items.retain(|item| item.passes(filter));
            }
        });
        items.sort_by(|a, b| sort.get().order(a, b));
        items.into_iter().map(|item| item.vm.id).collect::<Vec<_>>()
    });
    let shared = Shared { shown, sort };
    keys::listen(cx, shared);
    let selected = Memo::new(move |_| {
        let id = nav.query("sel").parse::<VmId>().ok()?;
        cx.live.vm(id).get().map(|_| id)
    });
    let marked = move || cx.ui.marked.with(Vec::len);
    let summary = move || {
        let shown = shared.shown.with(Vec::len);
        let marks = if marked() > 0 {
            format!(" · {} marked", marked())
        } else {
            String::new()
        };
        if shown == total.get() {
            format!("{}{marks}", format::count(shown, "VM"))
        } else {
            format!("{shown} of {}{marks}", format::count(total.get(), "VM"))
        }
    };
    view! {
        <div class="vm-table" class:with-panel=move || selected.get().is_some()>
            <div class="vm-list">
                <form
                    class="bar-row"
                    role="search"
                    method="get"
                    on:submit=move |event| event.prevent_default()
                >
                    <label class="field filter">
                        {small_icon("search")}
                        <span class="sr">"Filter"</span>
                        <input
                            id="filter"
                            type="search"
                            name="q"
                            autocomplete="off"
                            spellcheck="false"
                            placeholder="Filter, e.g. state:running mem:>8G"
                            aria-describedby="filter-problem"
                            aria-invalid=move || parsed.with(Result::is_err).then_some("true")
                            value=q.get_untracked()
                            prop:value=move || q.get()
                            on:input=move |event| nav.set_query("q", &event_target_value(&event))
                        />
                        <kbd class="only-desk" aria-hidden="true">"/"</kbd>
                    </label>
                </form>
                <p class="problem" id="filter-problem" role="status">
                    {move || parsed.with(|parsed| parsed.as_ref().err().cloned())}
                </p>
                <Facets facets=facets/>
                <BulkBar/>
                <Body shared=shared total=total/>
                <div class="foot">
                    <span role="status">{summary}</span>
                    <span class="grow"></span>
                    <span>
                        <kbd>"j"</kbd>" "<kbd>"k"</kbd>" move · "<kbd>"x"</kbd>" mark · "<kbd>"Enter"</kbd>" open"
                    </span>
                </div>
            </div>
            {move || selected.get().map(|id| view! { <Panel id=id/> })}
        </div>
    }
    .into_any()
}

fn gather(cx: Cx, only: Option<HostId>, sort: Sort) -> Vec<Item> {
    let now = cx.clock.now.get_untracked();
    if sort.column.is_measured() {
        cx.live.samples_version.track();
    }
    let item = |vm: Arc<Vm>| {
        let host = cx.live.host(vm.host);
        let site = host.as_ref().and_then(|host| cx.live.site(host.site));
        Item {
            state: state::shown(&vm, host.as_deref(), None, now).key,
            host: host.map(|host| host.name.clone()).unwrap_or_default(),
            site: site.map(|site| site.name.clone()).unwrap_or_default(),
            sample: untrack(|| cx.live.sample(vm.id)),
            vm,
        }
    };
    let guests = cx.live.guests().into_iter();
    guests
        .filter(|vm| only.is_none_or(|host| vm.host == host))
        .map(item)
        .collect()
}
