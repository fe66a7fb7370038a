//! The VM list: filter, facets, sorted and windowed rows, details at the right.
mod body;
mod head;
mod keys;

use super::{
    bulk::BulkBar,
    facets::Facets,
    icon::small_icon,
    panel::Panel,
    saved_filters::SavedFilters,
    vm_row::{Order, Pools},
};
use crate::{
    cx::{Cx, cx},
    filter,
    list::{self, Item, Sort},
    state,
    text::{T, fill, plural, t},
};
use body::Body;
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Host, HostId, HostKind, Vm, VmId};

/// What the parts of the list share.
#[derive(Clone, Copy)]
struct Shared {
    /// Only what is there; everything for none.
    only: Option<HostId>,
    /// The VMs shown, in order.
    shown: Memo<Vec<VmId>>,
    sort: Memo<Sort>,
}

/// The list of all guests, or of those on one host or pool.
#[component]
pub fn VmTable(
    /// Only what is there.
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
    let total = Memo::new(move |_| guests(cx, host).len());
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
    let shared = Shared {
        only: host,
        shown,
        sort,
    };
    provide_context(Order(shown));
    provide_context(Pools(Memo::new(move |_| {
        cx.live
            .hosts
            .with(|hosts| hosts.iter().any(|host| host.kind == HostKind::Pool))
    })));
    keys::listen(cx, shared);
    let selected = Memo::new(move |_| {
        let id = nav.query("sel").parse::<VmId>().ok()?;
        cx.live.vm(id).get().map(|_| id)
    });
    let marked = move || cx.ui.marks.now.with(Vec::len);
    let summary = move || {
        let shown = shared.shown.with(Vec::len);
        let marks = if marked() > 0 {
            fill(T::MarkedCount, &[("n", &marked())])
        } else {
            String::new()
        };
        if shown == total.get() {
            format!("{}{marks}", plural(T::CountVms, shown))
        } else {
            let of = fill(
                T::ShownOf,
                &[("n", &shown), ("vms", &plural(T::CountVms, total.get()))],
            );
            format!("{of}{marks}")
        }
    };
    view! {
        <div class="vm-table" class:with-panel=move || selected.get().is_some()>
            <div class="vm-list">
                <div class="filter-line">
                <form
                    class="bar-row"
                    role="search"
                    method="get"
                    on:submit=move |event| event.prevent_default()
                >
                    <label class="field filter">
                        {small_icon("search")}
                        <span class="sr">{t(T::Filter)}</span>
                        <input
                            id="filter"
                            type="search"
                            name="q"
                            autocomplete="off"
                            spellcheck="false"
                            placeholder=t(T::FilterPlaceholder)
                            aria-describedby="filter-problem"
                            aria-invalid=move || parsed.with(Result::is_err).then_some("true")
                            value=q.get_untracked()
                            prop:value=move || q.get()
                            on:input=move |event| nav.set_query("q", &event_target_value(&event))
                        />
                        <kbd class="only-desk" aria-hidden="true">"/"</kbd>
                    </label>
                </form>
                <SavedFilters q=q/>
                </div>
                <p class="problem" id="filter-problem" role="status">
                    {move || parsed.with(|parsed| parsed.as_ref().err().cloned())}
                </p>
                <Facets facets=facets/>
                <BulkBar shown=shown/>
                <Body shared=shared total=total/>
                <div class="foot">
                    <span role="status">{summary}</span>
                    <span class="grow"></span>
                    <span>
                        <kbd>"j"</kbd>" "<kbd>"k"</kbd>" "{t(T::HintMove)}" · "<kbd>"x"</kbd>" "{t(T::HintMark)}" · "<kbd>"Enter"</kbd>" "{t(T::HintOpen)}
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
        let pool = host.as_ref().and_then(|host| cx.live.pool_of(host));
        let tags_of =
            |host: &Option<Arc<Host>>| host.as_ref().map(|host| host.tags.clone()).unwrap_or_default();
        let mut host_tags = tags_of(&host);
        // A member carries what its pool carries.
        host_tags.extend(tags_of(&pool.clone().filter(|pool| pool.id != vm.host)));
        let on_pool = host.as_ref().is_some_and(|host| host.kind == HostKind::Pool);
        Item {
            state: state::shown(&vm, host.as_deref(), None, now).key,
            host_tags,
            host: host
                .filter(|_| !on_pool)
                .map(|host| host.name.clone())
                .unwrap_or_default(),
            pool: pool.map(|pool| pool.name.clone()).unwrap_or_default(),
            site: site.map(|site| site.name.clone()).unwrap_or_default(),
            sample: untrack(|| cx.live.sample(vm.id)),
            vm,
        }
    };
    guests(cx, only).into_iter().map(item).collect()
}

fn guests(cx: Cx, only: Option<HostId>) -> Vec<Arc<Vm>> {
    match only {
        Some(host) => cx.live.guests_on(host),
        None => cx.live.guests(),
    }
}
