//! Other objects in the same charts, and the same time a day earlier.
use super::{
    board::Board,
    feed::earlier,
    of::{COMPARED, Of},
    range::DAY,
};
use crate::{
    components::icon::small_icon,
    live::store::natural,
    text::{T, fill, t},
};
use leptos::prelude::*;
use std::cmp::Ordering;

/// Names offered at a time.
const OFFERED: usize = 8;

#[component]
pub(super) fn Compare(board: Board) -> impl IntoView {
    let cx = board.cx;
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let with = Memo::new(move |_| Of::list(&cx.nav.query("with")));
    let set = move |all: Vec<Of>| cx.nav.set_query("with", &Of::join(&all));
    let toggled = move |event: leptos::ev::Event| {
        use wasm_bindgen::JsCast;
        let details = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    let offered = Memo::new(move |_| {
        if open.get() {
            offered(board, &with.get(), &typed.get())
        } else {
            Vec::new()
        }
    });
    let chosen = move |of: Of| {
        let name = Memo::new(move |_| of.name(cx));
        let label = move || fill(T::CompareNoMore, &[("name", &name.get())]);
        let remove = move |_| {
            let mut all = with.get_untracked();
            all.retain(|other| *other != of);
            set(all);
        };
        view! {
            <button type="button" class="chip on" aria-label=label on:click=remove>
                {move || name.get()}{small_icon("close")}
            </button>
        }
    };
    let offer = move |(of, name): (Of, String)| {
        let add = move |_| {
            let mut all = with.get_untracked();
            all.push(of);
            set(all);
            typed.set(String::new());
        };
        view! { <li><button type="button" class="btn menu-item" on:click=add>{name}</button></li> }
    };
    let shift = Memo::new(move |_| earlier(board.range.get(), cx.clock.now.get_untracked().0));
    let is_earlier = Memo::new(move |_| cx.nav.query("earlier") == "1");
    let earlier_on = move |_| {
        let now = is_earlier.get_untracked();
        cx.nav.set_query("earlier", if now { "" } else { "1" });
    };
    let is_full = move || with.with(|all| all.len() >= COMPARED);
    let several = board.main.with_value(|main| main.len() > 1);
    view! {
        <details class="menu compare" on:toggle=toggled>
            <summary class="btn" class:on=move || with.with(|all| !all.is_empty()) || is_earlier.get()>{t(T::Compare)}</summary>
            <div class="menu-list">
                <div class="keep-open">
                    {move || shift.get().map(|shift| view! {
                        <label class="compare-earlier">
                            <input type="checkbox" prop:checked=move || is_earlier.get() on:change=earlier_on/>
                            {t(if shift == DAY { T::SameTimeYesterday } else { T::SameTimeLastWeek })}
                        </label>
                    })}
                    {(!several).then(|| view! {
                        <div class="compare-with">
                            {move || with.get().into_iter().map(chosen).collect_view()}
                        </div>
                        <input
                            type="search"
                            class="field-box"
                            aria-label=t(T::CompareWith)
                            placeholder=t(T::CompareWith)
                            disabled=is_full
                            prop:value=move || typed.get()
                            on:input=move |event| typed.set(event_target_value(&event))
                        />
                        {move || is_full().then(|| view! { <p class="menu-head">{fill(T::CompareFull, &[("n", &COMPARED)])}</p> })}
                        <ul aria-label=t(T::CompareWith)>
                            {move || (!is_full()).then(|| offered.get().into_iter().map(offer).collect_view())}
                        </ul>
                    })}
                </div>
            </div>
        </details>
    }
    .into_any()
}

/// Others of the same kind whose names have what was typed, by name.
fn offered(board: Board, with: &[Of], typed: &str) -> Vec<(Of, String)> {
    let live = board.cx.live;
    let main = board.main.get_value();
    let typed = typed.trim().to_lowercase();
    let mut all: Vec<(Of, String)> = match main.first() {
        Some(Of::Vm(_)) => live
            .guests()
            .iter()
            .map(|vm| (Of::Vm(vm.id), vm.name.clone()))
            .collect(),
        Some(Of::Host(_)) => live.hosts.with(|hosts| {
            hosts
                .iter()
                .map(|host| (Of::Host(host.id), host.name.clone()))
                .collect()
        }),
        Some(Of::Site(_)) | None => Vec::new(),
    };
    all.retain(|(of, name)| name.to_lowercase().contains(&typed) && !with.contains(of) && !main.contains(of));
    first(all, OFFERED, |a, b| natural(&a.1, &b.1))
}

/// The first few in order, without sorting all the others.
fn first<V>(mut all: Vec<V>, few: usize, order: impl Fn(&V, &V) -> Ordering + Copy) -> Vec<V> {
    if all.len() > few {
        all.select_nth_unstable_by(few, order);
        all.truncate(few);
    }
    all.sort_by(order);
    all
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_first_names_are_offered_in_order() {
        let first = |all: &[u32], few| super::first(all.to_vec(), few, u32::cmp);
        assert_eq!(first(&[5, 3, 9, 1, 7], 3), [1, 3, 5]);
        assert_eq!(first(&[2, 1], 8), [1, 2]);
    }
}
