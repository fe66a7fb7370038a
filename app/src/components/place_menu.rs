//! The members of a pool on which a VM may start or resume: what is free there, and why one takes none.
use super::icon::small_icon;
use crate::{
    act,
    cx::{Cx, cx},
    text::{T, fill, t},
    transport,
};
use leptos::{html, prelude::*, task::spawn_local};
use std::sync::Arc;
use wxa_model::{Action, Host, HostId, Vm, VmAct, VmId, VmPlace, rules};
use wxa_wire::operation::VmPlaces;

/// What the pool said when the menu was opened last, and of which VM.
type Said = Option<(VmId, Vec<VmPlace>)>;

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
    let told: RwSignal<Said> = RwSignal::new(None);
    let menu = NodeRef::<html::Details>::new();
    let opened = move |_| {
        let is_open = menu.get_untracked().is_some_and(|menu| menu.open());
        if let (true, Some(vm)) = (is_open, vm.with_untracked(|vm| vm.as_ref().map(|vm| vm.id))) {
            ask(vm, told);
        }
    };
    let label = move || match action.get() {
        Action::VmResume => t(T::ResumeOn),
        _ => t(T::StartOn),
    };
    move || {
        members.get().map(|members| {
            let items: Vec<AnyView> = members
                .into_iter()
                .map(|member| item(cx, vm, action, member, told, place))
                .collect();
            view! {
                <details class="menu places" node_ref=menu on:toggle=opened>
                    <summary class="btn" aria-label=label title=label>{small_icon("down")}</summary>
                    <div class="menu-list" role="group" aria-label=label>{items}</div>
                </details>
            }
        })
    }
}

/// Asks the pool where the VM could run. Where it does not say, the menu works without: it says so when it is asked to act.
fn ask(vm: VmId, told: RwSignal<Said>) {
    told.set(None);
    spawn_local(async move {
        if let Ok(places) = transport::call::<VmPlaces>(vm, &()).await {
            // The page may be another one by now.
            let _ = told.try_set(Some((vm, places)));
        }
    });
}

fn item(
    cx: Cx,
    vm: RwSignal<Option<Arc<Vm>>>,
    action: Memo<Action>,
    member: HostId,
    told: RwSignal<Said>,
    place: &'static str,
) -> AnyView {
    let host = Memo::new(move |_| cx.live.host(member));
    let why = Memo::new(move |_| {
        let (vm, member) = (vm.get()?, host.get()?);
        refusal(cx, action.get(), &vm, &member)
            .or_else(|| told.with(|told| refused_by_pool(told, vm.id, member.id)))
    });
    let room = Memo::new(move |_| host.get().zip(vm.get()).map(|(host, vm)| room(&host, &vm)));
    let click = move |_| {
        if let (None, Some(vm)) = (why.get_untracked(), vm.get_untracked()) {
            let act = VmAct {
                on: Some(member),
                ..VmAct::new(action.get_untracked(), vm.id)
            };
            act::send(cx, act, vm.name.clone());
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

/// Why the pool would not have it there.
fn refused_by_pool(told: &Said, vm: VmId, member: HostId) -> Option<String> {
    let (_, places) = told.as_ref().filter(|(asked, _)| *asked == vm)?;
    places.iter().find(|place| place.host == member)?.refused.clone()
}

/// Why it cannot be there, as far as that is known here. Whether there is room is the pool's to say.
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
