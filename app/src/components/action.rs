//! Buttons that act on a VM. One that cannot says why, to the pointer, the keyboard and the screen reader alike.
use super::{
    icon::{icon, small_icon},
    place_menu::PlaceMenu,
};
use crate::{
    act,
    cx::cx,
    routes::Route,
    state,
    task::Row,
    text::{self, T, t},
    words::first_line,
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Action, PowerState, Vm, VmAct};

/// The slots in which acts are offered, in order. Start and resume share one, and so do pause and unpause.
const SLOTS: [Slot; 5] = [
    Slot::Start,
    Slot::Shutdown,
    Slot::Reboot,
    Slot::Pause,
    Slot::Suspend,
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Start,
    Shutdown,
    Reboot,
    Pause,
    Suspend,
}

impl Slot {
    fn action(self, vm: &Vm, offered: &[Action]) -> Action {
        match (self, vm.power) {
            (Self::Start, PowerState::Suspended) if offered.contains(&Action::VmResume) => Action::VmResume,
            (Self::Start, _) => Action::VmStart,
            (Self::Shutdown, _) => Action::VmShutdown,
            (Self::Reboot, _) => Action::VmReboot,
            (Self::Pause, PowerState::Paused) => Action::VmUnpause,
            (Self::Pause, _) => Action::VmPause,
            (Self::Suspend, _) => Action::VmSuspend,
        }
    }
}

/// All acts on a VM as buttons. `place` makes their ids unique on the page.
#[component]
pub fn Actions(vm: RwSignal<Option<Arc<Vm>>>, place: &'static str) -> impl IntoView {
    let cx = cx();
    let offered = Memo::new(move |_| vm.with(|vm| act::offered(cx, vm.as_deref())));
    let offers = move |action: Action| Memo::new(move |_| offered.with(|all| all.contains(&action)));
    // What loses something stands apart from what asks the guest.
    let hard = move |action: Action, id: &'static str| {
        let there = offers(action);
        let action = Memo::new(move |_| action);
        move || {
            there
                .get()
                .then(|| button(vm, action, format!("{place}-{id}"), "btn danger menu-item"))
        }
    };
    let slot = move |slot: Slot| {
        let action = Memo::new(move |_| {
            vm.with(|vm| {
                let vm = vm.as_deref()?;
                offered.with(|all| Some(slot.action(vm, all)).filter(|action| all.contains(action)))
            })
        });
        let there = Memo::new(move |_| action.with(Option::is_some));
        let shown = Memo::new(move |_| action.get().unwrap_or(Action::VmStart));
        let button = move || button(vm, shown, format!("{place}-{}", slot as u8), "btn");
        if slot == Slot::Shutdown {
            view! {
                <span class="split">
                    {button()}
                    <details class="menu">
                        <summary class="btn" aria-label=t(T::MoreStops)>{small_icon("down")}</summary>
                        <div class="menu-list">
                            {hard(Action::VmReset, "reset")}
                            {hard(Action::VmPowerOff, "off")}
                        </div>
                    </details>
                </span>
            }
            .into_any()
        } else if slot == Slot::Start {
            (move || {
                there.get().then(|| {
                    view! {
                        <span class="split">
                            {button()}
                            <PlaceMenu vm=vm action=shown place=place/>
                        </span>
                    }
                })
            })
            .into_any()
        } else {
            (move || there.get().then(button)).into_any()
        }
    };
    view! { <div class="actions" role="group" aria-label=t(T::Power)>{SLOTS.map(slot).into_iter().collect_view()}</div> }.into_any()
}

/// Why acts are not possible, in words under the buttons.
#[component]
pub fn Reasons(vm: RwSignal<Option<Arc<Vm>>>) -> impl IntoView {
    let cx = cx();
    let text = Memo::new(move |_| {
        let Some(vm) = vm.get() else {
            return String::new();
        };
        let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
        let offered = act::offered(cx, [vm.as_ref()]);
        let actions = SLOTS.map(|slot| slot.action(&vm, &offered));
        for action in actions.into_iter().filter(|action| offered.contains(action)) {
            if let Err(refusal) = act::verdict(cx, action, &vm) {
                match reasons
                    .iter_mut()
                    .find(|(sentence, _)| *sentence == refusal.sentence)
                {
                    Some((_, labels)) => labels.push(text::action(action)),
                    None => reasons.push((refusal.sentence, vec![text::action(action)])),
                }
            }
        }
        let lines: Vec<String> = reasons
            .into_iter()
            .map(|(sentence, labels)| format!("{}: {}", labels.join(", "), lower_first(&sentence)))
            .collect();
        lines.join(" ")
    });
    move || {
        text.with(|text| {
            (!text.is_empty()).then(|| view! { <p class="why">{icon("info")}<span>{text.clone()}</span></p> })
        })
    }
}

/// How the last act on a VM ended, where it did not end well: shown where the act was, for ten minutes.
#[component]
pub fn LastResult(vm: RwSignal<Option<Arc<Vm>>>) -> impl IntoView {
    const SHOWN_MS: u64 = 600_000;
    let cx = cx();
    let last = Memo::new(move |_| {
        let id = vm.with(|vm| vm.as_ref().map(|vm| vm.id))?;
        let task = cx
            .live
            .tasks
            .with(|tasks| tasks.iter().find(|task| task.vm == id).cloned())?;
        let failed = matches!(
            task.outcome,
            Some(wxa_model::TaskOutcome::Failed { .. } | wxa_model::TaskOutcome::Unknown { .. })
        );
        let ended = task.ended_at?;
        (failed && cx.clock.now.get().since(ended) < SHOWN_MS).then_some(task)
    });
    move || {
        last.get().map(|task| {
            let (class, image, words) = super::task_rows::outcome(&Row::Ours(task.clone()));
            view! {
                <p class=format!("last-result {class}") role="status">
                    {icon(image)}
                    <span title=words.clone()>
                        {format!("{}: {} ", text::action(task.action), first_line(&words))}
                        <a class="link" href=Route::Task(task.id).path()>{t(T::Details)}</a>
                    </span>
                </p>
            }
        })
    }
}

/// Sentences of ours begin with such a word; others may begin with a name.
fn lower_first(sentence: &str) -> String {
    match sentence.split_once(' ') {
        Some((first @ ("It" | "Its" | "The"), rest)) => format!("{} {rest}", first.to_lowercase()),
        _ => sentence.to_owned(),
    }
}

fn button(vm: RwSignal<Option<Arc<Vm>>>, action: Memo<Action>, id: String, class: &'static str) -> AnyView {
    let cx = cx();
    let why = Memo::new(move |_| {
        let vm = vm.get()?;
        act::verdict(cx, action.get(), &vm)
            .err()
            .map(|refusal| refusal.sentence)
    });
    let doing = move || {
        let id = vm.with(|vm| vm.as_ref().map(|vm| vm.id))?;
        let task = cx.live.pending(id)?;
        (task.action == action.get()).then(|| format!("{}…", text::doing(task.action)))
    };
    let label = move || {
        let asks = if action.get().loses().is_some() { "…" } else { "" };
        doing().unwrap_or_else(|| format!("{}{asks}", text::action(action.get())))
    };
    let click = move |_| {
        if let (None, Some(vm)) = (why.get_untracked(), vm.get_untracked()) {
            act::begin(cx, VmAct::new(action.get_untracked(), vm.id), vm.name.clone());
        }
    };
    let tip = format!("why-{id}");
    view! {
        <span class="act">
            <button
                type="button"
                class=class
                aria-disabled=move || why.with(Option::is_some).then_some("true")
                aria-describedby=tip.clone()
                on:click=click
            >
                {move || icon(state::action_icon(action.get()))}
                {label}
            </button>
            <span class="tip" role="tooltip" id=tip>{move || why.get().unwrap_or_default()}</span>
        </span>
    }
    .into_any()
}
