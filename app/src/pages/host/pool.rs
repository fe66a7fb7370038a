//! A pool: what is wrong in it, its members, what it is, and how much of it is in use.
mod facts;
mod health;
pub(super) mod members;
pub(super) mod networks;
pub(super) mod storage;
pub(super) mod templates;
mod totals;

use super::{
    look::{Asked, Look},
    said::Said,
};
use crate::{
    charts::{Of, STRIP, Strip},
    components::{
        meter::Meter,
        reported::{About, list},
        spark::Spark,
    },
    cx::cx,
    format,
    text::{T, fill, t},
};
use facts::facts;
use health::Health;
pub(in crate::pages) use health::findings;
use leptos::prelude::*;
use members::{Columns, Members};
use wxa_model::HostId;

#[component]
pub(super) fn Overview(id: HostId, look: Look) -> impl IntoView {
    view! {
        <div class="scroll">
            {tiles(id)}
            <Strip of=Of::Host(id) kind=STRIP/>
            <div class="columns">
                <div class="stack">
                    <Health id=id look=look/>
                    <section class="card">
                        <h2>{t(T::Hosts)}</h2>
                        <Members id=id columns=Columns::Few/>
                    </section>
                    {reported(look)}
                    <Asked look=look/>
                </div>
                <div class="stack">
                    <section class="card">
                        <h2>{t(T::Facts)}</h2>
                        {facts(id)}
                    </section>
                    <Said id=id/>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// What the pool reports itself, once it has been looked at.
fn reported(look: Look) -> AnyView {
    let messages = Memo::new(move |_| {
        look.details.with(|details| {
            let pool = details.as_ref()?.pool.as_ref()?;
            Some(pool.messages.clone())
        })
    });
    (move || {
        messages.get().map(|messages| {
            view! {
                <section class="card">
                    <h2>{t(T::PoolReports)}</h2>
                    {list(messages, About::Shown)}
                </section>
            }
        })
    })
    .into_any()
}

/// The members, with all that is known of each.
#[component]
pub(super) fn Hosts(id: HostId) -> impl IntoView {
    view! {
        <div class="scroll">
            <section class="card">
                <Members id=id columns=Columns::All/>
            </section>
        </div>
    }
    .into_any()
}

fn tiles(id: HostId) -> AnyView {
    let cx = cx();
    let total = Memo::new(move |_| totals::of(cx, id));
    let series = Memo::new(move |_| totals::cpu_series(cx, id));
    let guests = Memo::new(move |_| cx.live.count_on(id));
    let hosts = Memo::new(move |_| {
        let members = cx.live.members(id);
        let up = members.iter().filter(|host| host.link.is_up()).count();
        (up, members.len())
    });
    let cpu = Memo::new(move |_| total.with(|total| format::cpu(total.cpu, total.cpus)));
    let threads = Memo::new(move |_| total.with(|total| total.cpus));
    let top = Signal::derive(move || threads.get() as f32);
    view! {
        <div class="tiles" role="group" aria-label=t(T::UseNow)>
            <div class="tile">
                <h2>{t(T::Cpu)}</h2>
                <p><b>{move || cpu.get()}</b>" "<span class="muted">{move || fill(T::OfThreads, &[("n", &threads.get())])}</span></p>
                <Spark values=series top=top/>
            </div>
            <div class="tile">
                <h2>{t(T::Memory)}</h2>
                <p>
                    <b>{move || total.with(|total| total.memory_used.to_string())}</b>
                    " "
                    <span class="muted">{move || total.with(|total| fill(T::OfMost, &[("most", &total.memory_total)]))}</span>
                </p>
                <Meter share=Signal::derive(move || Some(total.with(totals::Totals::memory_share)))/>
            </div>
            <div class="tile">
                <h2>{t(T::Vms)}</h2>
                <p><b>{move || guests.get().0}</b>" "<span class="muted">{move || fill(T::OfRunning, &[("n", &guests.get().1)])}</span></p>
            </div>
            <div class="tile">
                <h2>{t(T::Hosts)}</h2>
                <p><b>{move || hosts.get().0}</b>" "<span class="muted">{move || fill(T::OfHeard, &[("n", &hosts.get().1)])}</span></p>
            </div>
        </div>
    }
    .into_any()
}
