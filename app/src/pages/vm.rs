//! One VM: its head with the acts, and its tabs.
mod commands;
mod console_card;
mod console_choice;
pub mod facts;
mod history;
mod no_console;
mod overview;
mod settings;
pub mod window;

use super::missing::Missing;
use crate::{
    charts::{self, Charts},
    components::{
        action::Actions,
        crumbs::{Crumbs, way_through},
        state_badge::{StateBadge, ToldBadge},
        tabs::{Tab, Tabs},
    },
    console::ConsolePanel,
    cx::cx,
    format,
    routes::{Route, VmTab},
    screen::ScreenPanel,
    text::{T, fill, t},
};
use console_choice::{ConsoleChoice, Shown};
use history::History;
use leptos::prelude::*;
use no_console::NoTextConsole;
use overview::Overview;
use wxa_model::{HostKind, PowerState, VmId};

/// The page.
#[component]
pub fn VmPage(id: VmId) -> impl IntoView {
    let cx = cx();
    let vm = cx.live.vm(id);
    let there = Memo::new(move |_| vm.with(Option::is_some));
    move || {
        if there.get() {
            view! { <Found id=id/> }.into_any()
        } else if cx.live.whole.get() {
            view! { <Missing/> }.into_any()
        } else {
            // Whether there is such a VM is known in a moment.
            ().into_any()
        }
    }
}

#[component]
fn Found(id: VmId) -> impl IntoView {
    let cx = cx();
    cx.live.watch(id);
    let vm = cx.live.vm(id);
    let tab = Memo::new(move |_| match cx.nav.route() {
        Some(Route::Vm(_, tab)) => tab,
        _ => VmTab::Overview,
    });
    let way = Memo::new(move |_| {
        let host = vm.with(|vm| vm.as_ref().map(|vm| vm.host))?;
        let host = cx.live.host(host)?;
        Some(way_through(cx, &host))
    });
    let name = Memo::new(move |_| vm.with(|vm| vm.as_ref().map(|vm| vm.name.clone()).unwrap_or_default()));
    let about = Memo::new(move |_| {
        vm.with(|vm| {
            let vm = vm.as_ref()?;
            let kind = vm
                .guest_type
                .map(|kind| format!(" · {}", kind.label()))
                .unwrap_or_default();
            let size = fill(
                T::VcpusAndMemory,
                &[("n", &vm.vcpus), ("memory", &format::bytes(vm.memory))],
            );
            Some(format!("{size}{kind}"))
        })
    });
    let tabs = Signal::derive(move || {
        VmTab::ALL
            .into_iter()
            .map(|one| Tab {
                label: one.label(),
                href: Route::Vm(id, one).path(),
                count: None,
                here: one == tab.get(),
            })
            .collect()
    });
    let may_console = Memo::new(move |_| vm.with(|vm| vm.as_ref().is_some_and(|vm| cx.may_open_console(vm))));
    // Of a pool's running VM it is known whether there is a text console; a halted one may yet get one, unless it is known
    // why not.
    let textless = Memo::new(move |_| {
        vm.with(|vm| {
            vm.as_ref().is_some_and(|vm| {
                let runs = matches!(vm.power, PowerState::Running | PowerState::Paused);
                (runs || vm.no_console.is_some())
                    && cx.live.kind(vm.host) != HostKind::Plain
                    && !vm.has_text_console()
            })
        })
    });
    let unsure = Memo::new(move |_| {
        let of_pool = vm.with(|vm| {
            vm.as_ref()
                .is_some_and(|vm| cx.live.kind(vm.host) != HostKind::Plain)
        });
        of_pool && !cx.live.is_detailed(id)
    });
    let has_text = Memo::new(move |_| may_console.get() && !textless.get());
    let shown = console_choice::shown(vm, has_text);
    let choice = move || view! { <ConsoleChoice vm=vm shown=shown/> };
    view! {
        <div class="head">
            <Crumbs way=Signal::derive(move || way.get().unwrap_or_default())/>
            <div class="title">
                <h1>{move || name.get()}</h1>
                <StateBadge vm=vm/>
                <ToldBadge vm=vm/>
                <span class="small muted only-desk">{move || about.get()}</span>
                <span class="grow"></span>
                <Actions vm=vm place="head"/>
            </div>
            <Tabs tabs=tabs/>
        </div>
        {move || match tab.get() {
            VmTab::Overview => view! { <Overview id=id/> }.into_any(),
            VmTab::Performance => performance(id),
            VmTab::History => view! { <History id=id/> }.into_any(),
            VmTab::Settings => view! { <settings::Settings id=id/> }.into_any(),
            // Whether there is a console, and why not, comes with the details.
            VmTab::Console if unsure.get() => ().into_any(),
            VmTab::Console if shown.get() == Some(Shown::Screen) => {
                view! { {choice()} <ScreenPanel vm=id name=name/> }.into_any()
            }
            VmTab::Console if may_console.get() && textless.get() => {
                view! { {choice()} <NoTextConsole vm=vm/> }.into_any()
            }
            VmTab::Console if may_console.get() => view! { {choice()} <ConsolePanel vm=id/> }.into_any(),
            VmTab::Console => {
                view! {
                    <crate::components::empty::Empty
                        image="console"
                        title=t(T::NoConsoleRole)
                        text=t(T::NoConsoleRoleMore)
                    />
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}

/// Charts of what the VM uses.
fn performance(id: VmId) -> AnyView {
    view! { <div class="scroll"><Charts main=vec![charts::Of::Vm(id)] kind=charts::VM/></div> }.into_any()
}
