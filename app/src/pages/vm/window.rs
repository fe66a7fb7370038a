//! A VM's console in a window of its own: its name, how it is, and the terminal.
use crate::{
    components::state_badge::{StateBadge, ToldBadge},
    console::{ConsolePanel, Whose},
    cx::cx,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::{VmId, VmRole};

/// The page.
#[component]
pub fn VmWindow(id: VmId) -> impl IntoView {
    let cx = cx();
    cx.live.watch(id);
    let vm = cx.live.vm(id);
    let name = Memo::new(move |_| vm.with(|vm| vm.as_ref().map(|vm| vm.name.clone())));
    // None until it is known whether there is such a VM.
    let may = Memo::new(move |_| {
        vm.with(|vm| {
            vm.as_ref()
                .map(|vm| (cx.may_open_console(vm), vm.role == VmRole::ControlDomain))
        })
    });
    let console = move || match may.get() {
        Some((true, true)) => view! { <ConsolePanel vm=id whose=Whose::Host/> }.into_any(),
        Some((true, false)) => view! { <ConsolePanel vm=id/> }.into_any(),
        Some((false, _)) => view! {
            <crate::components::empty::Empty
                image="console"
                title=t(T::NoConsoleRole)
                text=t(T::NoConsoleRoleMore)
            />
        }
        .into_any(),
        None if cx.live.whole.get() => view! { <super::Missing/> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <div class="window-head">
            <h1 class="cut">{move || name.get()}</h1>
            <StateBadge vm=vm/>
            <ToldBadge vm=vm/>
        </div>
        {console}
    }
    .into_any()
}
