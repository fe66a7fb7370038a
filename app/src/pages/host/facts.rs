//! What a host says about itself and how much of it is in use.
use super::{
    health::Health,
    look::{Asked, Look},
    said::Said,
};
use crate::{
    charts::{Of, STRIP, Strip},
    components::{meter::Meter, spark::Spark, when::Age},
    cx::cx,
    format,
};
use leptos::prelude::*;
use wxa_model::{GuestLogging, HostFacts, HostId, HostSample};

#[component]
pub(super) fn Overview(id: HostId, look: Look) -> impl IntoView {
    let cx = cx();
    let host = Memo::new(move |_| cx.live.host(id));
    let facts = Memo::new(move |_| host.with(|host| host.as_ref().and_then(|host| host.facts.clone())));
    view! {
        <div class="scroll">
            {move || facts.get().map(|facts| tiles(id, &facts))}
            <Strip of=Of::Host(id) kind=STRIP/>
            <div class="columns">
                <div class="stack">
                    <Health id=id look=look/>
                    <Asked look=look/>
                </div>
                <div class="stack">
                    <section class="card">
                        <h2>"Facts"</h2>
                        {move || match facts.get() {
                            Some(facts) => list(id, facts),
                            None => {
                                view! { <p class="muted">"The host has not told anything about itself yet."</p> }.into_any()
                            }
                        }}
                    </section>
                    <Said id=id/>
                </div>
            </div>
        </div>
    }
    .into_any()
}

pub(super) fn tiles(id: HostId, facts: &HostFacts) -> AnyView {
    let cx = cx();
    let (cpus, total) = (facts.cpus, facts.memory_total);
    let free = facts.memory_free;
    let used = Memo::new(move |_| {
        let told = wxa_model::Bytes(total.0.saturating_sub(free.0));
        cx.live.host_sample(id).memory_used.unwrap_or(told)
    });
    let cpu = Memo::new(move |_| format::cpu(cx.live.host_sample(id).cpu, cpus));
    let series = Memo::new(move |_| cx.live.host_series(id, |sample| sample.cpu));
    let guests = Memo::new(move |_| cx.live.count_on(id));
    view! {
        <div class="tiles" role="group" aria-label="Use now">
            <div class="tile">
                <h2>"CPU"</h2>
                <p><b>{move || cpu.get()}</b>" "<span class="muted">{format!("of {cpus} threads")}</span></p>
                <Spark values=series top=Signal::stored(cpus as f32)/>
            </div>
            <div class="tile">
                <h2>"Memory"</h2>
                <p><b>{move || used.get().to_string()}</b>" "<span class="muted">{format!("of {total}")}</span></p>
                <Meter share=Signal::derive(move || Some(used.get().0 as f32 / total.0.max(1) as f32))/>
            </div>
            <div class="tile">
                <h2>"Guests"</h2>
                <p>
                    <b>{move || guests.get().0}</b>
                    " "
                    <span class="muted">{move || format!("of {} running", guests.get().1)}</span>
                </p>
            </div>
            <div class="tile">
                <h2>"Free for new guests"</h2>
                <p><b>{free.to_string()}</b></p>
            </div>
        </div>
    }
    .into_any()
}

pub(super) fn list(id: HostId, facts: HostFacts) -> AnyView {
    let cx = cx();
    let row = |term: &'static str, value: AnyView| view! { <dt>{term}</dt><dd>{value}</dd> };
    let known = |text: String| {
        if text.is_empty() {
            format::UNKNOWN.to_owned()
        } else {
            text
        }
    };
    let processors = match (facts.threads_per_core, facts.cpu_mhz) {
        (0 | 1, 0) => format!("{} threads", facts.cpus),
        (0 | 1, mhz) => format!("{} threads at {mhz} MHz", facts.cpus),
        (per_core, 0) => format!("{} threads, {per_core} per core", facts.cpus),
        (per_core, mhz) => format!("{} threads, {per_core} per core, at {mhz} MHz", facts.cpus),
    };
    let logging = match facts.guest_logging {
        GuestLogging::On => "what guests print is recorded on the host",
        GuestLogging::Off => "off: only what is printed while a console is open is seen",
        GuestLogging::Unknown => "not known",
    };
    // A product manages its hosts itself: nothing is to be set about consoles there.
    let product = Some(facts.product.clone()).filter(|product| !product.is_empty());
    let plain = product.is_none();
    let booted = match facts.booted_at {
        Some(at) => view! { <Age at=at/> }.into_any(),
        None => format::UNKNOWN.into_any(),
    };
    let dom0 = Memo::new(move |_| {
        let vm = cx.live.control_domain(id)?;
        Some(format!("{} · {} vCPU · {}", vm.name, vm.vcpus, vm.memory))
    });
    let sample = Memo::new(move |_| cx.live.host_sample(id));
    let measured = move |value: fn(HostSample) -> String| (move || value(sample.get())).into_any();
    let heard = move || match cx.live.host(id) {
        Some(host) if host.link.is_up() => "now, connected".into_any(),
        host => match host.and_then(|host| host.last_word) {
            Some(at) => view! { <Age at=at/> }.into_any(),
            None => "not yet".into_any(),
        },
    };
    let address = untrack(|| cx.live.host(id))
        .map(|host| host.address.clone())
        .unwrap_or_default();
    view! {
        <dl class="kv wide">
            {row("Host name", known(facts.hostname).into_any())}
            {row("Address", view! { <span class="mono">{address}</span> }.into_any())}
            {row("Last word", heard.into_any())}
            {row("Booted", booted)}
            {product.map(|product| row("Version", product.into_any()))}
            {row("Xen", known(facts.xen_version).into_any())}
            {row("Kernel", view! { <span class="mono">{known(facts.kernel)}</span> }.into_any())}
            {row("Processors", processors.into_any())}
            {row("Scheduler", known(facts.scheduler).into_any())}
            {row("Control domain", (move || dom0.get().unwrap_or_else(|| format::UNKNOWN.into())).into_any())}
            {row("Load", measured(|now| now.load.map_or_else(|| format::UNKNOWN.into(), format::load)))}
            {row(
                "Disks",
                measured(|now| {
                    let (read, written) = (format::megabytes(now.disk_read), format::megabytes(now.disk_write));
                    format!("{read} / {written} MB/s read / written")
                }),
            )}
            {row(
                "Network",
                measured(|now| {
                    let (rx, tx) = (format::megabits(now.net_rx), format::megabits(now.net_tx));
                    format!("{rx} / {tx} Mbit/s in / out")
                }),
            )}
            {plain.then(|| row("Console log", logging.into_any()))}
        </dl>
    }
    .into_any()
}
