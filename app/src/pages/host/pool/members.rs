//! A pool's members: state, use, and how many VMs each carries. Each cell follows its own signal.
use crate::{
    components::{icon::icon, icon::small_icon, meter::Meter, when::Age},
    cx::cx,
    format,
    routes::{HostTab, Route},
    state,
    text::{T, fill, t},
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{Bytes, Host, HostFacts, HostId};

/// How much of each is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Columns {
    /// What fits beside something else.
    Few,
    /// Everything.
    All,
}

#[component]
pub(in super::super) fn Members(id: HostId, columns: Columns) -> impl IntoView {
    let cx = cx();
    let ids = Memo::new(move |_| {
        let members = cx.live.members(id);
        members.iter().map(|host| host.id).collect::<Vec<_>>()
    });
    let none = Memo::new(move |_| ids.with(Vec::is_empty));
    let all = columns == Columns::All;
    view! {
        <table class="plain members stacked" aria-label=t(T::Hosts)>
            <thead>
                <tr>
                    <th scope="col">{t(T::ColName)}</th>
                    <th scope="col">{t(T::ColState)}</th>
                    <th scope="col" class="num">{t(T::Cpu)}</th>
                    <th scope="col" class="num">{t(T::Memory)}</th>
                    <th scope="col" class="num">{t(T::Vms)}</th>
                    {all.then(|| view! {
                        <th scope="col" class="only-desk">{t(T::Address)}</th>
                        <th scope="col" class="only-desk">{t(T::Version)}</th>
                        <th scope="col" class="only-desk">{t(T::Booted)}</th>
                    })}
                </tr>
            </thead>
            <tbody>
                <For each=move || ids.get() key=|id| *id let:member>
                    <Member id=member columns=columns/>
                </For>
            </tbody>
        </table>
        {move || none.get().then(|| view! { <p class="muted small">{t(T::NoMembersYet)}</p> })}
    }
    .into_any()
}

#[component]
fn Member(id: HostId, columns: Columns) -> impl IntoView {
    let cx = cx();
    let host = Memo::new(move |_| cx.live.host(id));
    let facts = Memo::new(move |_| host.with(|host| host.as_ref().and_then(|host| host.facts.clone())));
    let cpu = Memo::new(move |_| {
        let cpus = facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.cpus));
        format::cpu(cx.live.host_sample(id).cpu, cpus)
    });
    let memory = Memo::new(move |_| {
        let used = cx.live.host_sample(id).memory_used;
        facts.with(|facts| facts.as_ref().map(|facts| memory_of(facts, used)))
    });
    let share = Signal::derive(move || {
        let (used, total) = memory.get()?;
        Some(used.0 as f32 / total.0.max(1) as f32)
    });
    let vms = Memo::new(move |_| {
        let (running, all) = cx.live.count_on(id);
        fill(T::RunningOf, &[("running", &running), ("n", &all)])
    });
    view! {
        <tr class:hatch=move || host.with(|host| host.as_ref().is_some_and(|host| !host.link.is_up()))>
            <td class="wrap">
                <a class="link" href=Route::Host(id, HostTab::Overview).path()>
                    {move || host.with(|host| host.as_ref().map(|host| host.name.clone()))}
                </a>
                {move || coordinates(host.get().as_deref()).then(|| view! {
                    <span class="tag coordinator">{small_icon("star")}{t(T::Coordinator)}</span>
                })}
            </td>
            <td class="wrap">{move || host.get().map(|host| state_of(&host, cx.clock.now.get()))}</td>
            <td class="num" data-label=t(T::Cpu)>{move || cpu.get()}</td>
            <td class="num" data-label=t(T::Memory)>
                <span class="mem">
                    <Meter share=share/>
                    <span>{move || memory.get().map(|(used, total)| format::memory(used, total))}</span>
                </span>
            </td>
            <td class="num" data-label=t(T::Vms)>{move || vms.get()}</td>
            {(columns == Columns::All).then(|| more(host))}
        </tr>
    }
    .into_any()
}

fn more(host: Memo<Option<Arc<Host>>>) -> AnyView {
    let text = move |of: fn(&Host) -> String| {
        move || host.with(|host| host.as_deref().map(of).filter(|text| !text.is_empty()))
    };
    let product = |host: &Host| {
        host.facts
            .as_ref()
            .map(|facts| facts.product.clone())
            .unwrap_or_default()
    };
    let booted = move || {
        let at = host.with(|host| host.as_ref().and_then(|host| host.facts.as_ref()?.booted_at));
        at.map(|at| view! { <Age at=at/> })
    };
    view! {
        <td class="mono only-desk">{text(|host| host.address.clone())}</td>
        <td class="only-desk">{text(product)}</td>
        <td class="only-desk muted">{booted}</td>
    }
    .into_any()
}

fn coordinates(host: Option<&Host>) -> bool {
    host.and_then(|host| host.facts.as_ref())
        .is_some_and(|facts| facts.coordinator)
}

/// Used and total, measured where it was, else as the host told last.
fn memory_of(facts: &HostFacts, measured: Option<Bytes>) -> (Bytes, Bytes) {
    let told = Bytes(facts.memory_total.0.saturating_sub(facts.memory_free.0));
    (measured.unwrap_or(told), facts.memory_total)
}

/// Icon and words of a host's state.
fn state_of(host: &Host, now: wxa_model::UnixMillis) -> AnyView {
    let (class, image, words) = state::link(host, now);
    view! { <span class=format!("st {class}")>{icon(image)}{words}</span> }.into_any()
}
