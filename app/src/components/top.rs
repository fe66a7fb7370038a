//! The top bar: brand, search, how current the page is, the account.
use super::{account::Account, icon::icon, icon::small_icon};
use crate::{
    cx::cx,
    live::Link,
    routes::Route,
    text::{T, plural, t},
};
use leptos::prelude::*;
use wxa_model::HostKind;

/// The bar.
#[component]
pub fn Top() -> impl IntoView {
    let cx = cx();
    let drawer = cx.ui.drawer;
    view! {
        <header class="top">
            <button
                type="button"
                class="btn quiet sq only-phone"
                aria-label=t(T::Inventory)
                aria-expanded=move || if drawer.get() { "true" } else { "false" }
                on:click=move |_| drawer.update(|open| *open = !*open)
            >
                {icon("menu")}
            </button>
            <a class="brand" href=Route::Overview.path()>{icon("logo")}"WebXenAdmin"</a>
            <button type="button" class="omni only-desk" on:click=move |_| cx.ui.palette.set(true)>
                {icon("search")}
                <span class="grow">{t(T::SearchOrActDots)}</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <span class="grow"></span>
            <LiveState/>
            <button
                type="button"
                class="btn quiet sq only-phone"
                aria-label=t(T::SearchOrAct)
                on:click=move |_| cx.ui.palette.set(true)
            >
                {icon("search")}
            </button>
            <Account/>
        </header>
    }
    .into_any()
}

/// Whether what is shown is current: the socket first, then the hosts behind it.
#[component]
fn LiveState() -> impl IntoView {
    let cx = cx();
    let said = Memo::new(move |_| {
        let machines = cx.live.machines();
        let up = machines.iter().filter(|host| host.link.is_up()).count();
        // A pool whose members are not known yet has none to count: it stands for itself.
        let lost = cx.live.hosts.with(|hosts| {
            let lost = |host: &&std::sync::Arc<wxa_model::Host>| {
                host.kind == HostKind::Pool && !host.link.is_up() && cx.live.members(host.id).is_empty()
            };
            hosts.iter().filter(lost).count()
        });
        let all = machines.len() + lost;
        match cx.live.link.get() {
            Link::Opening => ("st-halted", "reboot", t(T::Connecting).to_owned()),
            Link::Lost => ("st-warn", "warning", t(T::Reconnecting).to_owned()),
            Link::Live if all == 0 => ("st-running", "check", t(T::Live).to_owned()),
            Link::Live if up == all => ("st-running", "check", plural(T::LiveHosts, all)),
            Link::Live => (
                "st-stale",
                "question",
                plural(T::LiveSomeHosts, all).replace("{up}", &up.to_string()),
            ),
        }
    });
    move || {
        let (class, image, words) = said.get();
        view! {
            <span class="live" role="status">
                <span class=class>{small_icon(image)}</span>
                <span class="live-words">{words}</span>
            </span>
        }
    }
}

/// Offers the new version when the server runs another build than the page.
#[component]
pub fn NewBuild() -> impl IntoView {
    let other = cx().live.other_build;
    let reload = move |_| {
        let _ = window().location().reload();
    };
    move || {
        other.get().then(|| {
            view! {
                <div class="banner" role="status">
                    {icon("info")}
                    <span>{t(T::ServerUpdated)}</span>
                    <button type="button" class="btn" on:click=reload>{t(T::Reload)}</button>
                </div>
            }
        })
    }
}
