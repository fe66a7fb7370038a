//! A VM's state: icon and word, never colour alone; with a bar while an act is under way.
use super::icon::icon;
use crate::{
    cx::cx,
    state::{self, Under},
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::Vm;

/// The badge of a VM.
#[component]
pub fn StateBadge(vm: RwSignal<Option<Arc<Vm>>>) -> impl IntoView {
    let shown = shown(vm);
    move || {
        shown.get().map(|shown| {
            let bar = shown.percent.map(|percent| {
                view! {
                    <svg class="bar acc" aria-hidden="true">
                        <rect width=format!("{percent}%")></rect>
                    </svg>
                }
            });
            view! {
                <span class="state-badge">
                    <span class=format!("st {}", shown.class) title=shown.more>
                        {icon(shown.icon)}
                        {shown.word}
                    </span>
                    {bar}
                </span>
            }
        })
    }
}

/// What is shown of a VM, as it changes.
pub fn shown(vm: RwSignal<Option<Arc<Vm>>>) -> Memo<Option<state::Shown>> {
    let cx = cx();
    Memo::new(move |_| {
        let vm = vm.get()?;
        let host = cx.live.host(vm.host);
        let ours = cx.live.pending(vm.id).map(|task| Under::ours(&task));
        let under = ours.or_else(|| cx.live.worked_on(vm.id).map(Under::theirs));
        // The clock matters only where an age is shown.
        let now = if host.as_ref().is_some_and(|host| host.link.is_up()) {
            cx.clock.now.get_untracked()
        } else {
            cx.clock.now.get()
        };
        Some(state::shown(&vm, host.as_deref(), under.as_ref(), now))
    })
}
