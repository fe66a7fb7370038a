//! A VM's state: icon and word, never colour alone; with a bar while an act is under way. And what its console told.
use super::icon::icon;
use crate::{
    cx::{Cx, cx},
    state::{self, Under},
    understood::{self, Told},
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
    Memo::new(move |_| vm.with(|vm| vm.as_deref().map(|vm| now(cx, vm))))
}

/// What is shown of a VM now. Tracks all that it depends on but the VM.
pub fn now(cx: Cx, vm: &Vm) -> state::Shown {
    let host = cx.live.host(vm.host);
    let ours = cx.live.pending(vm.id).map(|task| Under::ours(&task));
    let under = ours.or_else(|| cx.live.worked_on(vm.id).map(Under::theirs));
    // The clock matters only where an age is shown.
    let now = if host.as_ref().is_some_and(|host| host.link.is_up()) {
        cx.clock.now.get_untracked()
    } else {
        cx.clock.now.get()
    };
    state::shown(vm, host.as_deref(), under.as_ref(), now)
}

/// What the console of a VM told, as a link to the line that did; nothing while its host is not heard.
#[component]
pub fn ToldBadge(vm: RwSignal<Option<Arc<Vm>>>) -> impl IntoView {
    let cx = cx();
    let told =
        Memo::new(move |_| vm.with(|vm| vm.as_deref().and_then(|vm| heard(cx, vm).then(|| told(cx, vm))?)));
    move || {
        told.get().map(|told| {
            view! {
                <a class=format!("st phase {}", told.class) title=told.more href=told.href>
                    {told.icon.map(icon)}
                    {told.word}
                </a>
            }
        })
    }
}

/// What the console of a VM told now. Tracks the clock where time counts.
pub fn told(cx: Cx, vm: &Vm) -> Option<Told> {
    understood::told(vm, || cx.clock.now.get())
}

fn heard(cx: Cx, vm: &Vm) -> bool {
    cx.live.host(vm.host).is_none_or(|host| host.link.is_up())
}
