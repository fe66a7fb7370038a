//! What is busy: who uses most CPU, memory, disk or network now.
use crate::{
    charts::Quantity,
    components::meter::Meter,
    cx::{Cx, cx},
    fetched::Fetched,
    routes::{Route, VmTab},
    text::{T, fill, t},
};
use leptos::prelude::*;
use std::time::Duration;
use wxa_model::TopBy;
use wxa_wire::{TopEntry, TopView};

/// The GET that reads the lists.
pub const TOP_URL: &str = "/api/v1/metrics/top?by=cpu,memory,disk,network&n=8";
const EVERY: Duration = Duration::from_secs(5);

/// What one can rank by here.
const RANKED: [(TopBy, T); 4] = [
    (TopBy::Cpu, T::Cpu),
    (TopBy::Memory, T::Memory),
    (TopBy::Disk, T::Disk),
    (TopBy::Network, T::Network),
];

#[component]
pub(super) fn Busy() -> impl IntoView {
    let cx = cx();
    let top = Fetched::<TopView>::new(TOP_URL);
    top.again_while(|_| true, EVERY);
    let by = Memo::new(move |_| TopBy::from_name(&cx.nav.query("top")).unwrap_or(TopBy::Cpu));
    let entries = Memo::new(move |_| {
        let lists = top.get().unwrap_or_default().lists;
        let list = lists.into_iter().find(|list| list.by == by.get());
        list.map(|list| list.entries).unwrap_or_default()
    });
    let choice = move |(one, name): (TopBy, T)| {
        let href = move || {
            let slug = if one == TopBy::Cpu { "" } else { one.name() };
            cx.nav.url.with(|url| url.with("top", slug).text())
        };
        view! { <a href=href aria-current=move || (by.get() == one).then_some("true")>{t(name)}</a> }
    };
    view! {
        <section aria-labelledby="is-busy">
            <div class="sec">
                <h2 id="is-busy">{t(T::WhatIsBusy)}</h2>
                <nav class="seg" aria-label=t(T::TopList)>{RANKED.into_iter().map(choice).collect_view()}</nav>
            </div>
            {move || {
                let (entries, by) = (entries.get(), by.get());
                if entries.is_empty() {
                    return view! { <p class="muted small calm">{t(T::NobodyBusy)}</p> }.into_any();
                }
                let largest = entries.first().map_or(1.0, |first| first.value);
                let line = |entry| line(cx, entry, by, largest);
                view! { <ol>{entries.into_iter().map(line).collect_view()}</ol> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn line(cx: Cx, entry: TopEntry, by: TopBy, largest: f32) -> AnyView {
    let cpus = entry.most.filter(|_| by == TopBy::Cpu).map(|most| most as u32);
    let quantity = Quantity::of_top(by);
    let words = quantity.words(entry.value * quantity.factor(cpus));
    // Where there is a most, the bar is a share of it; else of whoever uses most.
    let share = entry.value / entry.most.unwrap_or(largest).max(f32::MIN_POSITIVE);
    // Allocated memory that is full is as it should be.
    let hot = if by == TopBy::Cpu { 0.9 } else { 2.0 };
    let host = cx
        .live
        .host(entry.host)
        .map(|host| host.name.clone())
        .unwrap_or_default();
    let title = fill(T::TopOf, &[("name", &entry.name), ("host", &host)]);
    view! {
        <li class="busy">
            <span class="cut" title=title>
                <a href=Route::Vm(entry.vm, VmTab::Performance).path()>{entry.name}</a>
                " "
                <span class="muted small">{host}</span>
            </span>
            <Meter share=Signal::stored(Some(share)) hot=hot/>
            <span class="num small">{words}</span>
        </li>
    }
    .into_any()
}
