//! One VM in the list. Each cell follows its own signal: a changed state redraws one cell.
use super::{
    meter::Meter,
    spark::Spark,
    state_badge::{StateBadge, shown},
};
use crate::{
    cx::cx,
    format,
    routes::{HostTab, Route, VmTab},
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{HostId, HostKind, PowerState, VmId};

/// The VMs of the list in which a row stands, in order: what a range of marks goes by.
#[derive(Clone, Copy)]
pub struct Order(pub Memo<Vec<VmId>>);

/// Whether there is a pool anywhere: then the list has a column for it.
#[derive(Clone, Copy)]
pub struct Pools(pub Memo<bool>);

/// The row of a VM.
#[component]
pub fn VmRow(id: VmId) -> impl IntoView {
    let cx = cx();
    let vm = cx.live.vm(id);
    let stale = {
        let shown = shown(vm);
        move || shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.key == "unknown"))
    };
    let name = Memo::new(move |_| vm.with(|vm| vm.as_ref().map(|vm| vm.name.clone()).unwrap_or_default()));
    let vcpus = Memo::new(move |_| vm.with(|vm| vm.as_ref().map_or(1, |vm| vm.vcpus)));
    let runs = Memo::new(move |_| vm.with(|vm| vm.as_ref().is_some_and(|vm| vm.power != PowerState::Halted)));
    let host = Memo::new(move |_| {
        let host = cx.live.host(vm.with(|vm| vm.as_ref().map(|vm| vm.host))?)?;
        // On a pool but on none of its members: the pool's column says where.
        (host.kind != HostKind::Pool).then(|| (host.id, host.name.clone()))
    });
    let pools = use_context::<Pools>();
    let pool = Memo::new(move |_| {
        let host = cx.live.host(vm.with(|vm| vm.as_ref().map(|vm| vm.host))?)?;
        let pool = cx.live.pool_of(&host)?;
        Some((pool.id, pool.name.clone()))
    });
    let place = |place: Option<(HostId, String)>| {
        place.map(|(host, name)| view! { <a href=Route::Host(host, HostTab::Overview).path()>{name}</a> })
    };
    let sample = Memo::new(move |_| {
        if runs.get() {
            cx.live.sample(id)
        } else {
            Default::default()
        }
    });
    let series = Memo::new(move |_| {
        if runs.get() {
            cx.live.series(id, |s| s.cpu)
        } else {
            Vec::new()
        }
    });
    // A quiet VM's line still shows its ups and downs: the scale ends a little above its most, not at 100 %.
    let top = Memo::new(move |_| {
        let most = series.with(|series| series.iter().copied().fold(0.0, f32::max));
        (most * 1.2).max(vcpus.get() as f32 * 0.1)
    });
    let cpu = Memo::new(move |_| format::cpu(sample.get().cpu, vcpus.get()));
    let memory = Memo::new(move |_| {
        vm.with(|vm| {
            vm.as_ref()
                .map(|vm| format::memory(vm.memory, vm.memory_max))
                .unwrap_or_default()
        })
    });
    let share = Memo::new(move |_| {
        vm.with(|vm| {
            let vm = vm.as_ref().filter(|vm| vm.memory_max > vm.memory)?;
            Some(vm.memory.0 as f32 / vm.memory_max.0.max(1) as f32)
        })
    });
    let disk = Memo::new(move |_| {
        let sample = sample.get();
        format::megabytes(format::sum(sample.disk_read, sample.disk_write))
    });
    let net = Memo::new(move |_| {
        let sample = sample.get();
        format::megabits(format::sum(sample.net_rx, sample.net_tx))
    });
    let uptime = Memo::new(move |_| {
        let started = vm.with(|vm| vm.as_ref().and_then(|vm| vm.started_at));
        match started {
            Some(at) if runs.get() => format::span(cx.clock.now.get().since(at)),
            _ => format::UNKNOWN.into(),
        }
    });
    let tags = move || {
        vm.with(|vm| {
            let vm = vm.as_ref()?;
            let own = vm
                .tags
                .iter()
                .cloned()
                .map(|tag| view! { <span class="tag">{tag}</span> });
            let pools = vm
                .other_pool_tags()
                .cloned()
                .map(|tag| view! { <span class="tag of-pool" title=t(T::PoolsTag)>{tag}</span> });
            Some((own.collect_view(), pools.collect_view()))
        })
    };
    let text_id = id.to_string();
    let selected = {
        let text_id = text_id.clone();
        Memo::new(move |_| cx.nav.url.with(|url| url.get("sel") == Some(text_id.as_str())))
    };
    let marks = cx.ui.marks;
    let marked = Memo::new(move |_| marks.now.with(|marked| marked.contains(&id)));
    let order = use_context::<Order>();
    let mark = move |event: &leptos::ev::MouseEvent| match order.filter(|_| event.shift_key()) {
        Some(Order(shown)) => shown.with_untracked(|shown| marks.range(id, shown)),
        None => marks.toggle(id),
    };
    let mark_by_box = move |event: leptos::ev::MouseEvent| {
        mark(&event);
        // A range never takes a mark away, but the browser has just unticked the box.
        event_target::<web_sys::HtmlInputElement>(&event).set_checked(marked.get_untracked());
    };
    let select = move |event: leptos::ev::MouseEvent| {
        // Links and boxes in the row have their own meaning.
        if event.default_prevented() || on_control(&event) {
            return;
        }
        if event.shift_key() || event.ctrl_key() || event.meta_key() {
            mark(&event);
        } else {
            cx.nav.set_query("sel", &text_id);
        }
    };
    // With Shift a click marks: it does not also select the text between here and there.
    let hold = move |event: leptos::ev::MouseEvent| {
        if event.shift_key() && !on_control(&event) {
            event.prevent_default();
        }
    };
    view! {
        <tr
            class="vm-row"
            class:stale=stale
            class:hatch=stale
            aria-selected=move || if selected.get() { "true" } else { "false" }
            on:mousedown=hold
            on:click=select
        >
            <td class="sel">
                <input
                    type="checkbox"
                    aria-label=move || fill(T::Mark, &[("name", &name.get())])
                    prop:checked=move || marked.get()
                    on:click=mark_by_box
                />
            </td>
            <td class="name">
                <a href=Route::Vm(id, VmTab::Overview).path()>{move || name.get()}</a>
            </td>
            <td class="state"><StateBadge vm=vm/></td>
            <td class="host">
                {move || place(host.get())}
                {move || host.with(Option::is_none).then(|| view! { <span class="only-phone">{place(pool.get())}</span> })}
            </td>
            {move || {
                pools.is_some_and(|Pools(any)| any.get()).then(|| view! { <td class="pool">{move || place(pool.get())}</td> })
            }}
            <td class="num">
                <span class="cpu">
                    <Spark values=series top=top/>
                    <b>{move || cpu.get()}</b>
                </span>
            </td>
            <td class="num">
                <span class="mem">
                    {move || share.get().map(|share| view! { <Meter share=Signal::stored(Some(share))/> })}
                    <span>{move || memory.get()}</span>
                </span>
            </td>
            <td class="num">{move || disk.get()}</td>
            <td class="num">{move || net.get()}</td>
            <td class="num muted">{move || uptime.get()}</td>
            <td class="tags">{tags}</td>
            <td class="mini muted">
                {move || {
                    if sample.get().cpu.is_some() { fill(T::CpuAndMemory, &[("cpu", &cpu.get()), ("memory", &memory.get())]) } else { memory.get() }
                }}
            </td>
        </tr>
    }
    .into_any()
}

fn on_control(event: &leptos::ev::MouseEvent) -> bool {
    use wasm_bindgen::JsCast;
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| {
            element
                .closest("a, input, button")
                .is_ok_and(|found| found.is_some())
        })
}
