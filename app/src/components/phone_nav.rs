//! The bar at the bottom of a phone.
use super::icon::icon;
use crate::{
    cx::cx,
    routes::Route,
    text::{T, t},
};
use leptos::prelude::*;

/// Overview, inventory, VMs, tasks, search.
#[component]
pub fn PhoneNav() -> impl IntoView {
    let cx = cx();
    let drawer = cx.ui.drawer;
    let here = move |route: Route| move || (!drawer.get() && cx.nav.route() == Some(route)).then_some("page");
    view! {
        <nav class="phone-nav" aria-label=t(T::MainNavigation)>
            <a href=Route::Overview.path() aria-current=here(Route::Overview)>{icon("home")}{t(T::Overview)}</a>
            <button
                type="button"
                aria-pressed=move || if drawer.get() { "true" } else { "false" }
                on:click=move |_| drawer.update(|open| *open = !*open)
            >
                {icon("tree")}
                {t(T::Inventory)}
            </button>
            <a href="/vms" aria-current=here(Route::Vms)>{icon("vm")}{t(T::Vms)}</a>
            <a href="/tasks" aria-current=here(Route::Tasks)>{icon("tasks")}{t(T::Tasks)}</a>
            <button type="button" on:click=move |_| cx.ui.palette.set(true)>{icon("search")}{t(T::Search)}</button>
        </nav>
    }
    .into_any()
}
