//! Acting on several: which acts are possible on how many of the marked VMs.
use super::icon::icon;
use crate::{act, cx::cx, format, state};
use leptos::prelude::*;
use wxa_model::Action;

/// The bar that shows while VMs are marked.
#[component]
pub fn BulkBar() -> impl IntoView {
    let cx = cx();
    let marked = cx.ui.marked;
    let verb = move |action: Action| {
        // Only those on which it is possible are acted on; the rest are counted out loud.
        let able = Memo::new(move |_| {
            let vms = marked.get().into_iter().filter_map(|id| cx.live.vm(id).get());
            let able = vms.filter(|vm| act::verdict(cx, action, vm).is_ok());
            able.map(|vm| (vm.id, vm.name.clone())).collect::<Vec<_>>()
        });
        let none = move || able.with(Vec::is_empty);
        let label = move || {
            let (able, all) = (able.with(Vec::len), marked.with(Vec::len));
            let asks = if action.loses().is_some() { "…" } else { "" };
            if able == 0 || able == all {
                format!("{}{asks}", action.label())
            } else {
                format!("{} {able} of {all}{asks}", action.label())
            }
        };
        view! {
            <button
                type="button"
                class="btn"
                class:danger=action.loses().is_some()
                aria-disabled=move || none().then_some("true")
                title=move || none().then_some("None of the marked VMs is in a state for it")
                on:click=move |_| {
                    let vms = able.get_untracked();
                    if !vms.is_empty() {
                        act::begin(cx, action, vms);
                    }
                }
            >
                {icon(state::action_icon(action))}
                {label}
            </button>
        }
    };
    let any = Memo::new(move |_| !marked.with(Vec::is_empty));
    move || {
        any.get().then(|| {
            view! {
                <div class="bulk" role="toolbar" aria-label="Act on the marked VMs">
                    <b>{move || format::count(marked.with(Vec::len), "VM")}" marked"</b>
                    {Action::ALL.map(verb).into_iter().collect_view()}
                    <span class="grow"></span>
                    <button type="button" class="btn quiet" on:click=move |_| marked.set(Vec::new())>"Clear"</button>
                </div>
            }
        })
    }
}
