//! One host, pool or member of a pool: its link, its health, what it says about itself, and its VMs.
mod consoles;
mod credential;
mod facts;
mod hardware;
mod health;
mod link;
mod look;
mod member;
mod member_ssh;
mod network;
mod other_pool;
mod pool;
mod remove;
mod said;
mod settings;
mod storage;
mod trust;

use super::missing::Missing;
use crate::{
    charts::{self, Charts},
    components::{
        crumbs::{Crumbs, way_to},
        icon::{icon, small_icon},
        tabs::{Tab, Tabs},
        vm_table::VmTable,
    },
    cx::cx,
    routes::{HostTab, Route},
    state,
    text::{T, t},
};
use facts::Overview;
use hardware::Hardware;
use leptos::prelude::*;
/// What prints a certificate's fingerprint on a pool's member.
pub(super) use link::CERTIFICATE;
use link::LinkProblem;
use look::{Look, watch_vms_of};
use network::Network;
/// What is wrong in a pool.
pub(super) use pool::findings as pool_findings;
use settings::Settings;
use std::sync::Arc;
use storage::Storage;
use wxa_model::{Host, HostId, HostKind};

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
    // What a record is does not change while it is there.
    let kind = untrack(|| cx.live.kind(id));
    Effect::new(move |_| cx.live.wish_hosts.set(cx.live.places(id)));
    on_cleanup(move || drop(cx.live.wish_hosts.try_set(Vec::new())));
    // Here, and not on its tabs, so that going from one to the other forgets nothing.
    if kind == HostKind::Plain {
        watch_vms_of(cx, id);
    }
    let vms = Memo::new(move |_| cx.live.count_on(id).1);
    let members = Memo::new(move |_| cx.live.members(id).len());
    // A member is looked at through its pool.
    let look = match kind {
        HostKind::Plain | HostKind::Pool => Some(Look::start(id)),
        HostKind::Member { .. } => None,
    };
    // Settings are changed by who administers the whole installation, as adding a host is.
    let may_set = cx.may_administer();
    let has_console = Memo::new(move |_| cx.own_console(id).is_some());
    let tabs = Signal::derive(move || {
        let tabs = HostTab::of(kind).iter().copied();
        let shown = move |one: &HostTab| match one {
            HostTab::Settings => may_set,
            HostTab::Console => has_console.get(),
            _ => true,
        };
        tabs.filter(shown)
            .map(|one| Tab {
                label: one.label(),
                href: Route::Host(id, one).path(),
                count: match one {
                    HostTab::Vms => Some(vms.get()),
                    HostTab::Hosts => Some(members.get()),
                    _ => None,
                },
                here: one == tab.get(),
            })
            .collect()
    });
    let way = Memo::new(move |_| {
        let host = host.get();
        host.map(|host| way_to(cx, &host)).unwrap_or_default()
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
                {marks(host, kind)}
                <span class="small muted mono only-desk">
                    {move || host.with(|host| host.as_ref().map(|host| host.address.clone()))}
                </span>
            </div>
            <Tabs tabs=tabs/>
        </div>
        <div class="link-problem">
            {match kind {
                HostKind::Plain | HostKind::Pool => view! { <LinkProblem id=id/> }.into_any(),
                HostKind::Member { .. } => view! { <member::MemberProblem id=id/> }.into_any(),
            }}
        </div>
        {move || match tab.get() {
            HostTab::Vms => view! { <VmTable host=Some(id)/> }.into_any(),
            HostTab::Performance => {
                view! { <div class="scroll"><Charts main=vec![charts::Of::Host(id)] kind=charts::HOST/></div> }.into_any()
            }
            HostTab::Settings if !may_set => view! { <Missing/> }.into_any(),
            tab if !HostTab::of(kind).contains(&tab) => view! { <Missing/> }.into_any(),
            HostTab::Settings => view! { <Settings id=id/> }.into_any(),
            tab => match (kind, look) {
                (HostKind::Plain, Some(look)) => of_plain(id, tab, look),
                (HostKind::Pool, Some(look)) => of_pool(id, tab, look),
                _ => of_member(id, tab),
            },
        }}
    }
    .into_any()
}

fn of_plain(id: HostId, tab: HostTab, look: Look) -> AnyView {
    match tab {
        HostTab::Hardware => view! { <Hardware id=id look=look/> }.into_any(),
        HostTab::Storage => view! { <Storage id=id look=look/> }.into_any(),
        HostTab::Network => view! { <Network id=id look=look/> }.into_any(),
        _ => view! { <Overview id=id look=look/> }.into_any(),
    }
}

fn of_pool(id: HostId, tab: HostTab, look: Look) -> AnyView {
    match tab {
        HostTab::Hosts => view! { <pool::Hosts id=id/> }.into_any(),
        HostTab::Storage => view! { <pool::storage::Repositories look=look/> }.into_any(),
        HostTab::Network => view! { <pool::networks::Networks look=look/> }.into_any(),
        HostTab::Templates => view! { <pool::templates::Templates look=look/> }.into_any(),
        _ => view! { <pool::Overview id=id look=look/> }.into_any(),
    }
}

fn of_member(id: HostId, tab: HostTab) -> AnyView {
    match tab {
        HostTab::Console => view! { <member::Console id=id/> }.into_any(),
        _ => view! { <member::Overview id=id/> }.into_any(),
    }
}

/// What it is, beside its name: a pool, with its product; the coordinator of one.
fn marks(host: Memo<Option<Arc<Host>>>, kind: HostKind) -> AnyView {
    let facts = Memo::new(move |_| host.with(|host| host.as_ref().and_then(|host| host.facts.clone())));
    let product = move || {
        let product = facts.with(|facts| facts.as_ref().map(|facts| facts.product.clone()));
        product.filter(|product| !product.is_empty())
    };
    match kind {
        HostKind::Plain => ().into_any(),
        HostKind::Pool => view! {
            <span class="tag">{t(T::Pool)}</span>
            <span class="small muted only-desk">{product}</span>
        }
        .into_any(),
        HostKind::Member { .. } => (move || {
            let coordinator = facts.with(|facts| facts.as_ref().is_some_and(|facts| facts.coordinator));
            coordinator.then(
                || view! { <span class="tag coordinator">{small_icon("star")}{t(T::Coordinator)}</span> },
            )
        })
        .into_any(),
    }
}
