//! Hosts and pools with how much of each is in use: a pool is one line, whatever is in it.
use super::totals::Sum;
use crate::{
    components::{icon::icon, meter::Meter},
    cx::cx,
    routes::{HostTab, Route},
    state,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{HostId, HostKind};

/// Lines at most.
const SHOWN: usize = 12;

#[component]
pub(super) fn Places() -> impl IntoView {
    let cx = cx();
    let ids = Memo::new(move |_| {
        cx.live.hosts.with(|hosts| {
            let own = hosts
                .iter()
                .filter(|host| !matches!(host.kind, HostKind::Member { .. }));
            own.map(|host| host.id).collect::<Vec<_>>()
        })
    });
    let more = move || ids.with(|ids| ids.len().saturating_sub(SHOWN));
    view! {
        <section class="card places">
            <h2>{t(T::HostsAndPools)}</h2>
            <table class="plain stacked" aria-label=t(T::HostsAndPools)>
                <thead>
                    <tr>
                        <th scope="col">{t(T::ColName)}</th>
                        <th scope="col">{t(T::ColState)}</th>
                        <th scope="col" class="num">{t(T::Vms)}</th>
                        <th scope="col" class="num">{t(T::Cpu)}</th>
                        <th scope="col" class="num">{t(T::Memory)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || ids.with(|ids| ids.iter().take(SHOWN).copied().collect::<Vec<_>>()) key=|id| *id let:id>
                        <Place id=id/>
                    </For>
                </tbody>
            </table>
            {move || (more() > 0).then(|| view! { <p class="muted small">{fill(T::ManyMore, &[("n", &more())])}</p> })}
        </section>
    }
    .into_any()
}

#[component]
fn Place(id: HostId) -> impl IntoView {
    let cx = cx();
    let host = Memo::new(move |_| cx.live.host(id));
    let sum = Memo::new(move |_| {
        let mut sum = Sum::default();
        let members = cx.live.members(id);
        for machine in members
            .iter()
            .chain(host.get().filter(|host| host.kind == HostKind::Plain).iter())
        {
            sum.add(machine, cx.live.host_sample(machine.id));
        }
        sum
    });
    let vms = Memo::new(move |_| {
        let (running, all) = cx.live.count_on(id);
        fill(T::RunningOf, &[("running", &running), ("n", &all)])
    });
    let link =
        Memo::new(move |_| host.with(|host| host.as_ref().map(|host| state::link(host, cx.clock.now.get()))));
    let name = move || host.with(|host| host.as_ref().map(|host| host.name.clone()));
    let is_pool =
        Memo::new(move |_| host.with(|host| host.as_ref().is_some_and(|host| host.kind == HostKind::Pool)));
    view! {
        <tr class:hatch=move || host.with(|host| host.as_ref().is_some_and(|host| !host.link.is_up()))>
            <td class="wrap">
                <a class="link" href=Route::Host(id, HostTab::Overview).path()>{name}</a>
                {move || is_pool.get().then(|| view! { " "<span class="tag">{t(T::Pool)}</span> })}
            </td>
            <td class="wrap">
                {move || link.get().map(|(class, image, words)| view! { <span class=format!("st {class}")>{icon(image)}{words}</span> })}
            </td>
            <td class="num" data-label=t(T::Vms)>{move || vms.get()}</td>
            <td class="num" data-label=t(T::Cpu)>
                <span class="mem"><Meter share=Signal::derive(move || sum.with(Sum::cpu_share))/><span>{move || sum.with(Sum::cpu)}</span></span>
            </td>
            <td class="num" data-label=t(T::Memory)>
                <span class="mem"><Meter share=Signal::derive(move || sum.with(Sum::memory_share))/><span>{move || sum.with(Sum::memory)}</span></span>
            </td>
        </tr>
    }
    .into_any()
}
