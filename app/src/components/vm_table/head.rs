//! The head of the list: each column sorts by a link, which works before the page is alive too.
use super::Shared;
use crate::{
    components::vm_rows::Pools,
    cx::cx,
    list::{Column, Sort},
    marks,
    text::{T, t},
};
use leptos::prelude::*;

#[component]
pub(super) fn Head(shared: Shared) -> impl IntoView {
    let cx = cx();
    let all = Memo::new(move |_| {
        shared.shown.with(|shown| {
            let every = |marked: &Vec<_>| marked.len() >= shown.len() && marks::are_all(marked, shown);
            !shown.is_empty() && cx.ui.marks.now.with(every)
        })
    });
    let mark_all = move |_| {
        shared.shown.with_untracked(|shown| cx.ui.marks.all(shown));
    };
    let column = move |column: Column| {
        let sort = shared.sort;
        let href = move || {
            cx.nav
                .url
                .with(|url| url.with("sort", &sort.get().toggled(column).text()).text())
        };
        let order = move || {
            let Sort { column: now, down } = sort.get();
            (now == column).then_some(if down { "descending" } else { "ascending" })
        };
        let arrow = move || match order() {
            Some("descending") => " ↓",
            Some(_) => " ↑",
            None => "",
        };
        view! {
            <th scope="col" class:num=column.is_number() class:pool=column == Column::Pool aria-sort=order>
                <a href=href>{column.label()}<span aria-hidden="true">{arrow}</span></a>
            </th>
        }
    };
    let pools = use_context::<Pools>();
    let columns = move || {
        let pools = pools.is_some_and(|Pools(any)| any.get());
        let mut all = Column::ALL.to_vec();
        all.retain(|column| pools || *column != Column::Pool);
        all
    };
    view! {
        <thead>
            <tr>
                <th class="sel" scope="col">
                    <input
                        type="checkbox"
                        autocomplete="off"
                        aria-label=t(T::MarkAll)
                        prop:checked=move || all.get()
                        on:change=mark_all
                    />
                </th>
                {move || columns().into_iter().map(column).collect_view()}
                <th scope="col">{t(T::Tags)}</th>
            </tr>
        </thead>
    }
    .into_any()
}
