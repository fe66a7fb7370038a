//! One VM: its head with the acts, and its tabs.
mod commands;
pub mod facts;
mod history;
mod overview;

use super::missing::Missing;
use crate::{
    components::{
        action::Actions,
        crumbs::Crumbs,
        state_badge::StateBadge,
        tabs::{Tab, Tabs},
    },
    console::ConsolePanel,
    cx::cx,
    format,
    routes::{HostTab, Route, VmTab},
    text::{T, fill, t},
};
use history::History;
use leptos::prelude::*;
use overview::Overview;
use wxa_model::{Permission, VmId};

/// The page.
#[component]
pub fn VmPage(id: VmId) -> impl IntoView {
    let cx = cx();
    let vm = cx.live.vm(id);
    let there = Memo::new(move |_| vm.with(Option::is_some));
    move || {
        if there.get() {
            view! { <Found id=id/> }.into_any()
        } else {
            view! { <Missing/> }.into_any()
        }
    }
}

#[component]
fn Found(id: VmId) -> impl IntoView {
    let cx = cx();
    let vm = cx.live.vm(id);
    let tab = Memo::new(move |_| match cx.nav.route() {
        Some(Route::Vm(_, tab)) => tab,
        _ => VmTab::Overview,
    });
    let way = Memo::new(move |_| {
        let mut way = Vec::new();
        if let Some(host) = vm
            .with(|vm| vm.as_ref().map(|vm| vm.host))
            .and_then(|id| cx.live.host(id))
        {
            if let Some(site) = cx.live.site(host.site) {
                let q = crate::filter::term("site", &site.name);
                way.push((
                    site.name.clone(),
                    crate::routes::url::Url::parse("/vms").with("q", &q).text(),
                ));
            }
            way.push((host.name.clone(), Route::Host(host.id, HostTab::Overview).path()));
        }
        way
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
    let may_console =
        Memo::new(move |_| vm.with(|vm| vm.as_ref().is_some_and(|vm| cx.may(Permission::Console, vm))));
    view! {
        <div class="head">
            <Crumbs way=way/>
            <div class="title">
                <h1>{move || name.get()}</h1>
                <StateBadge vm=vm/>
                <span class="small muted only-desk">{move || about.get()}</span>
                <span class="grow"></span>
                <Actions vm=vm place="head"/>
            </div>
            <Tabs tabs=tabs/>
        </div>
        {move || match tab.get() {
            VmTab::Overview => view! { <Overview id=id/> }.into_any(),
            VmTab::History => view! { <History id=id/> }.into_any(),
            VmTab::Console if may_console.get() => view! { <ConsolePanel vm=id/> }.into_any(),
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
