//! The members of a pool on which a VM may start or resume: what is free there, and why one takes none.
use super::icon::small_icon;
use crate::{
    act,
    cx::{Cx, cx},
    text::{T, fill, t},
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Action, Host, HostId, Vm, VmAct, rules};

/// A menu beside the button that leaves the choice to the pool; nothing where there is no choice.
#[component]
pub(super) fn PlaceMenu(
    vm: RwSignal<Option<Arc<Vm>>>,
    /// Start or resume.
    action: Memo<Action>,
    /// Makes ids unique on the page.
    place: &'static str,
) -> impl IntoView {
    let cx = cx();
    let members = Memo::new(move |_| {
        let host = vm.with(|vm| vm.as_ref().map(|vm| vm.host))?;
        let host = cx.live.host(host)?;
        let members = cx.live.members(host.reached_through());
        let ids: Vec<HostId> = members.iter().map(|member| member.id).collect();
        // A pool of one leaves no choice.
        (ids.len() > 1).then_some(ids)
    });
    let label = move || match action.get() {
        Action::VmResume => t(T::ResumeOn),
        _ => t(T::StartOn),
    };
    move || {
        members.get().map(|members| {
            let items: Vec<AnyView> = members
                .into_iter()
                .map(|member| item(cx, vm, action, member, place))
                .collect();
            view! {
                <details class="menu places">
                    <summary class="btn" aria-label=label title=label>{small_icon("down")}</summary>
                    <div class="menu-list" role="group" aria-label=label>{items}</div>
                </details>
            }
        })
    }
}

fn item(
    cx: Cx,
    vm: RwSignal<Option<Arc<Vm>>>,
    action: Memo<Action>,
    member: HostId,
    place: &'static str,
) -> AnyView {
    let host = Memo::new(move |_| cx.live.host(member));
    let why = Memo::new(move |_| {
        let (vm, member) = (vm.get()?, host.get()?);
        refusal(cx, action.get(), &vm, &member)
    });
    let room = Memo::new(move |_| host.get().zip(vm.get()).map(|(host, vm)| room(&host, &vm)));
    let click = move |_| {
        if let (None, Some(vm)) = (why.get_untracked(), vm.get_untracked()) {
            let act = VmAct {
                on: Some(member),
                ..VmAct::new(action.get_untracked(), vm.id)
            };
            act::send_on(cx, act, vm.name.clone());
        }
    };
    let tip = format!("why-{place}-on-{member}");
    view! {
        <span class="act">
            <button
                type="button"
                class="btn menu-item"
                aria-disabled=move || why.with(Option::is_some).then_some("true")
                aria-describedby=tip.clone()
                on:click=click
            >
                <span class="grow">{move || host.get().map(|host| host.name.clone())}</span>
                <span class="muted small num">{move || room.get()}</span>
            </button>
            <span class="tip" role="tooltip" id=tip>{move || why.get().unwrap_or_default()}</span>
        </span>
    }
    .into_any()
}

/// Why it cannot be there. Whether there is room is the pool's to say.
fn refusal(cx: Cx, action: Action, vm: &Vm, member: &Host) -> Option<String> {
    let host = cx.live.host(vm.host)?;
    let possible = act::verdict(cx, action, vm).and_then(|()| rules::chosen_member(action, &host, member));
    possible.err().map(|refusal| refusal.sentence)
}

/// What is free there, and what is needed where that is more.
fn room(member: &Host, vm: &Vm) -> String {
    let Some(facts) = &member.facts else {
        return String::new();
    };
    let free = facts.memory_free;
    match vm.memory_max.max(vm.memory) {
        needed if needed > free => fill(T::PlaceShort, &[("free", &free), ("needed", &needed)]),
        _ => fill(T::PlaceFree, &[("free", &free)]),
    }
}
