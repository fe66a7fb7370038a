//! Acting on several: the bar over the list, the question, the sheet with the results, and the note that leads to it.
mod ask;
mod note;
mod row;
mod sheet;

pub use ask::BulkAsk;
pub use note::BulkNote;
pub use sheet::BulkSheet;

use super::icon::icon;
use crate::{
    act, bulk,
    cx::cx,
    routes::Route,
    state,
    text::{self, T, fill, plural, t},
};
use leptos::prelude::*;
use std::collections::HashSet;
use wxa_model::{Action, VmId};

/// The bar that shows while VMs are marked. `shown` are those of the list below it.
#[component]
pub fn BulkBar(shown: Memo<Vec<VmId>>) -> impl IntoView {
    let cx = cx();
    let marks = cx.ui.marks;
    let vms = Memo::new(move |_| bulk::marked(cx));
    let count = Memo::new(move |_| vms.with(Vec::len));
    let verb = move |action: Action| {
        // Where it is possible on none the question opens too: it has the reasons.
        let able = Memo::new(move |_| vms.with(|vms| bulk::plan(cx, action, vms)).able.len());
        let label = move || {
            let (able, all) = (able.get(), count.get());
            let act = text::action(action);
            if able == 0 || able == all {
                format!("{act}…")
            } else {
                fill(T::BulkSome, &[("act", &act), ("able", &able), ("n", &all)])
            }
        };
        view! {
            <button
                type="button"
                class="btn"
                class:danger=action.loses().is_some()
                class:dim=move || able.get() == 0
                title=move || (able.get() == 0).then(|| t(T::NoneAble))
                on:click=move |_| cx.ui.bulk_ask.set(Some(action))
            >
                {icon(state::action_icon(action))}
                {label}
            </button>
        }
    };
    let hidden = Memo::new(move |_| {
        shown.with(|shown| {
            vms.with(|vms| {
                // Nothing is marked most of the time, and there may be ten thousand of both.
                if vms.is_empty() {
                    return 0;
                }
                let shown: HashSet<&VmId> = shown.iter().collect();
                vms.iter().filter(|vm| !shown.contains(&vm.id)).count()
            })
        })
    });
    let any = Memo::new(move |_| count.get() > 0);
    let offered = Memo::new(move |_| vms.with(|vms| act::offered(cx, vms.iter().map(AsRef::as_ref))));
    move || {
        any.get().then(|| {
            view! {
                <div class="bulk" role="toolbar" aria-label=t(T::MarkedToolbar)>
                    <b>{move || plural(T::MarkedVms, count.get())}</b>
                    {move || {
                        (hidden.get() > 0)
                            .then(|| view! { <span class="muted small">{fill(T::MarkedHidden, &[("n", &hidden.get())])}</span> })
                    }}
                    <span class="bulk-acts">{move || offered.get().into_iter().map(verb).collect_view()}</span>
                    <span class="grow"></span>
                    <a class="btn quiet" href=Route::of_marked()>{icon("external")}{t(T::StatusPageOfThese)}</a>
                    <button type="button" class="btn quiet" on:click=move |_| marks.clear()>{t(T::Clear)}</button>
                </div>
            }
        })
    }
}
