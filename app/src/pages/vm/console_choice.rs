//! Which of a VM's consoles is shown: text or screen. It stands in the address, so that a link shows the same.
use crate::{
    cx::cx,
    text::{T, t},
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{ConsoleKind, GuestType, PowerState, Vm};

/// The part of the address.
const SHOW: &str = "show";

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Text,
    Screen,
}

impl Shown {
    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Screen => "screen",
        }
    }
}

/// Whether a VM has a screen, or will have one when it runs.
fn has_screen(vm: &Vm) -> bool {
    let runs = matches!(vm.power, PowerState::Running | PowerState::Paused);
    vm.consoles.contains(&ConsoleKind::Graphical) || (!runs && vm.guest_type == Some(GuestType::Hvm))
}

/// What is shown: what the address says, else the text console where there is one for the account.
pub(super) fn shown(vm: RwSignal<Option<Arc<Vm>>>, has_text: Memo<bool>) -> Memo<Option<Shown>> {
    let cx = cx();
    Memo::new(move |_| {
        let screen = vm.with(|vm| {
            vm.as_ref()
                .is_some_and(|vm| has_screen(vm) && cx.may_open_console(vm))
        });
        let asked = cx.nav.query(SHOW);
        match (has_text.get(), screen) {
            (true, true) if asked == Shown::Screen.word() => Some(Shown::Screen),
            (true, _) => Some(Shown::Text),
            (false, true) if asked == Shown::Text.word() => None,
            (false, true) => Some(Shown::Screen),
            (false, false) => None,
        }
    })
}

/// The choice; nothing where there is none.
#[component]
pub(super) fn ConsoleChoice(vm: RwSignal<Option<Arc<Vm>>>, shown: Memo<Option<Shown>>) -> impl IntoView {
    let cx = cx();
    let offered = Memo::new(move |_| {
        vm.with(|vm| {
            vm.as_ref()
                .is_some_and(|vm| has_screen(vm) && cx.may_open_console(vm))
        })
    });
    let one = move |which: Shown, label: T| {
        let is_shown = move || match shown.get() {
            Some(shown) => shown == which,
            None => which == Shown::Text,
        };
        view! {
            <button
                type="button"
                class="btn"
                aria-pressed=move || if is_shown() { "true" } else { "false" }
                on:click=move |_| cx.nav.set_query(SHOW, which.word())
            >
                {t(label)}
            </button>
        }
    };
    view! {
        <div class="console-choice" role="group" aria-label=t(T::ConsoleShows) hidden=move || !offered.get()>
            {one(Shown::Text, T::ConsoleText)}
            {one(Shown::Screen, T::ConsoleScreen)}
        </div>
    }
    .into_any()
}
