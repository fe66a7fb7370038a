//! One host: its link, its health, what it says about itself, and its VMs.
mod credential;
mod facts;
mod hardware;
mod health;
mod link;
mod look;
mod network;
mod remove;
mod settings;
mod storage;

use super::missing::Missing;
use crate::{
    components::{
        crumbs::Crumbs,
        icon::icon,
        tabs::{Tab, Tabs},
        vm_table::VmTable,
    },
    cx::cx,
    routes::{HostTab, Route},
    state,
};
use facts::Overview;
use hardware::Hardware;
use leptos::prelude::*;
use link::LinkProblem;
use look::Look;
use network::Network;
use settings::Settings;
use storage::Storage;
use wxa_model::HostId;

/// The page.
#[component]
pub fn HostPage(id: HostId) -> impl IntoView {
    let cx = cx();
    let there = Memo::new(move |_| cx.live.host(id).is_some());
    move || {
        if there.get() {
            view! { <Found id=id/> }.into_any()
        } else {
            view! { <Missing/> }.into_any()
        }
    }
}

#[component]
fn Found(id: HostId) -> impl IntoView {
    let cx = cx();
    let host = Memo::new(move |_| cx.live.host(id));
    let tab = Memo::new(move |_| match cx.nav.route() {
        Some(Route::Host(_, tab)) => tab,
        _ => HostTab::Overview,
    });
    let count = Memo::new(move |_| cx.live.guests().iter().filter(|vm| vm.host == id).count());
    let look = Look::start(id);
    // Settings are changed by who administers the whole installation, as adding a host is.
    let may_set = cx.may_administer();
    let tabs = Signal::derive(move || {
        HostTab::ALL
            .into_iter()
            .filter(|one| *one != HostTab::Settings || may_set)
            .map(|one| Tab {
                label: one.label(),
                href: Route::Host(id, one).path(),
                count: (one == HostTab::Vms).then(|| count.get()),
                here: one == tab.get(),
            })
            .collect()
    });
    let way = Memo::new(move |_| {
        let site = host.get().and_then(|host| cx.live.site(host.site));
        site.map(|site| {
            let q = crate::filter::term("site", &site.name);
            vec![(
                site.name.clone(),
                crate::routes::url::Url::parse("/vms").with("q", &q).text(),
            )]
        })
        .unwrap_or_default()
    });
    let link =
        Memo::new(move |_| host.with(|host| host.as_ref().map(|host| state::link(host, cx.clock.now.get()))));
    view! {
        <div class="head">
            <Crumbs way=way/>
            <div class="title">
                <h1>{move || host.with(|host| host.as_ref().map(|host| host.name.clone()))}</h1>
                {move || {
                    link.get().map(|(class, image, words)| view! { <span class=format!("st {class}")>{icon(image)}{words}</span> })
                }}
                <span class="small muted mono only-desk">
                    {move || host.with(|host| host.as_ref().map(|host| host.address.clone()))}
                </span>
            </div>
            <Tabs tabs=tabs/>
        </div>
        <div class="link-problem"><LinkProblem id=id/></div>
        {move || match tab.get() {
            HostTab::Overview => view! { <Overview id=id look=look/> }.into_any(),
            HostTab::Hardware => view! { <Hardware id=id look=look/> }.into_any(),
            HostTab::Storage => view! { <Storage id=id look=look/> }.into_any(),
            HostTab::Network => view! { <Network id=id look=look/> }.into_any(),
            HostTab::Settings if may_set => view! { <Settings id=id/> }.into_any(),
            HostTab::Settings => view! { <Missing/> }.into_any(),
            HostTab::Vms => view! { <VmTable host=Some(id)/> }.into_any(),
        }}
    }
    .into_any()
}
