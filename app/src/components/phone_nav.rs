//! The bar at the bottom of a phone.
use super::icon::icon;
use crate::{cx::cx, routes::Route};
use leptos::prelude::*;

/// Inventory, VMs, tasks, search.
#[component]
pub fn PhoneNav() -> impl IntoView {
    let cx = cx();
    let drawer = cx.ui.drawer;
    let here = move |route: Route| move || (!drawer.get() && cx.nav.route() == Some(route)).then_some("page");
    view! {
        <nav class="phone-nav" aria-label="Main">
            <button
                type="button"
                aria-pressed=move || if drawer.get() { "true" } else { "false" }
                on:click=move |_| drawer.update(|open| *open = !*open)
            >
                {icon("tree")}
                "Inventory"
            </button>
            <a href="/vms" aria-current=here(Route::Vms)>{icon("vm")}"VMs"</a>
            <a href="/tasks" aria-current=here(Route::Tasks)>{icon("tasks")}"Tasks"</a>
            <button type="button" on:click=move |_| cx.ui.palette.set(true)>{icon("search")}"Search"</button>
        </nav>
    }
    .into_any()
}
