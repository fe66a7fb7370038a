//! Details of the selected VM, beside the list.
use super::{
    action::{Actions, LastResult, Reasons},
    icon::icon,
    state_badge::{StateBadge, ToldBadge},
};
use crate::{
    cx::cx,
    format,
    pages::vm::facts::facts,
    routes::{Route, VmTab},
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::VmId;

/// The panel.
#[component]
pub fn Panel(id: VmId) -> impl IntoView {
    let cx = cx();
    cx.live.watch(id);
    let vm = cx.live.vm(id);
    let name = Memo::new(move |_| vm.with(|vm| vm.as_ref().map(|vm| vm.name.clone()).unwrap_or_default()));
    let about = Memo::new(move |_| {
        let vm = vm.get()?;
        let host = cx
            .live
            .host(vm.host)
            .map(|host| host.name.clone())
            .unwrap_or_default();
        let up = vm
            .started_at
            .map(|at| format!(" · {}", format::span(cx.clock.now.get().since(at))));
        Some(fill(
            T::OnHost,
            &[("host", &host), ("up", &up.unwrap_or_default())],
        ))
    });
    view! {
        <aside class="panel" aria-label=move || fill(T::DetailsOf, &[("name", &name.get())])>
            <header>
                <div class="grow">
                    <h2 class="cut"><a href=Route::Vm(id, VmTab::Overview).path()>{move || name.get()}</a></h2>
                    <p class="small">
                        <StateBadge vm=vm/>
                        " "
                        <ToldBadge vm=vm/>
                        " "
                        <span class="muted">{move || about.get()}</span>
                    </p>
                </div>
                <button
                    type="button"
                    class="btn quiet sq"
                    aria-label=t(T::CloseDetails)
                    on:click=move |_| cx.nav.set_query("sel", "")
                >
                    {icon("close")}
                </button>
            </header>
            <section aria-label=t(T::Power)>
                <Actions vm=vm place="panel"/>
                <LastResult vm=vm/>
                <Reasons vm=vm/>
            </section>
            <section class="panel-links">
                <a class="btn" href=Route::Vm(id, VmTab::Console).path()>{icon("console")}{t(T::Console)}</a>
                <a class="btn" href=Route::Vm(id, VmTab::Overview).path()>{t(T::Open)}</a>
            </section>
            <section>{move || vm.get().filter(|_| cx.live.is_detailed(id)).map(|vm| facts(&vm))}</section>
        </aside>
    }
    .into_any()
}
