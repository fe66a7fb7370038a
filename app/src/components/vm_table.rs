//! The VM list: filter, facets, sorted and windowed rows, details at the right.
mod body;
mod head;
mod keys;

use super::{
    bulk::BulkBar,
    facets::Facets,
    icon::small_icon,
    saved_filters::SavedFilters,
    vm_rows::{Order, Pools},
};
use crate::{
    cx::cx,
    filter,
    list::{self, Arranged, Group, GroupBy, Places, Sort},
    parts::Details,
    text::{T, fill, plural, t},
};
use body::Body;
use leptos::prelude::*;
use wxa_model::{HostId, HostKind, VmId};

/// What the parts of the list share.
#[derive(Clone, Copy)]
struct Shared {
    /// Only what is there; everything for none.
    only: Option<HostId>,
    /// The VMs shown, in order; before all are known those in sight.
    shown: Memo<Vec<VmId>>,
    /// How many they are.
    count: Memo<usize>,
    /// Their groups; none where they are not grouped.
    groups: Memo<Vec<Group>>,
    sort: Memo<Sort>,
    by: Memo<GroupBy>,
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
    let by = Memo::new(move |_| GroupBy::parse(&nav.query("group")));
    let parsed = Memo::new(move |_| q.with(|q| filter::parse(q)));
    let live = cx.live;
    // What belongs to hosts is found out when hosts change, and names are in order already: see `list`.
    let places = Memo::new(move |_| {
        live.sites
            .with(|sites| live.hosts.with(|hosts| Places::new(sites, hosts)))
    });
    let only = Memo::new(move |_| host.map(|host| live.places(host)));
    let facets = Memo::new(move |_| {
        if !live.whole.get() {
            return live.outline().facets;
        }
        let only = only.get();
        let count = |places: &Places| {
            live.with_guests(|guests, _| list::facets(&list::items(guests.iter(), places, only.as_deref())))
        };
        places.with(count).unwrap_or_default()
    });
    let total = Memo::new(move |_| match only.get() {
        Some(only) => live.count_at(&only).1,
        None => live.guest_count(),
    });
    let arranged = Memo::new(move |_| {
        let (sort, by, only) = (sort.get(), by.get(), only.get());
        if sort.column.measure().is_some() {
            // Of very many VMs the numbers of all come every few seconds: the order changes with them, not in between.
            if live.is_large() {
                live.ranks_version.track();
            } else {
                live.samples_version.track();
            }
        }
        let filter = parsed.get().ok();
        let pick = |places: &Places| {
            live.with_guests(|guests, rings| {
                let items = list::items(guests.iter(), places, only.as_deref());
                list::shown(&items, filter.as_ref(), sort, by, rings)
            })
        };
        places.with(pick).unwrap_or_default()
    });
    let shown = Memo::new(move |_| arranged.with(|arranged: &Arranged| arranged.ids.clone()));
    let groups = Memo::new(move |_| {
        if live.whole.get() {
            arranged.with(|arranged| arranged.groups.clone())
        } else {
            live.outline().groups
        }
    });
    let count = Memo::new(move |_| {
        if live.whole.get() {
            shown.with(Vec::len)
        } else {
            live.outline().shown
        }
    });
    Effect::new(move |_| live.rank.set(sort.get().column.measure()));
    on_cleanup(move || {
        let _ = live.rank.try_set(None);
    });
    let shared = Shared {
        only: host,
        shown,
        count,
        groups,
        sort,
        by,
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
        let shown = shared.count.get();
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
                <label class="group-by">
                    <span class="sr">{t(T::GroupBy)}</span>
                    <select class="field" on:change=move |event| nav.set_query("group", &event_target_value(&event))>
                        {GroupBy::ALL.into_iter().map(|one| view! { <option value=one.slug() selected=move || by.get() == one>{one.label()}</option> }).collect_view()}
                    </select>
                </label>
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
            <Details selected=selected/>
        </div>
    }
    .into_any()
}
