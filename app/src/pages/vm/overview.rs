//! What the VM uses now, and what is known of it.
use super::{commands::Commands, console_card::ConsoleCard, facts::facts};
use crate::{
    components::{
        action::{LastResult, Reasons},
        icon::icon,
        meter::Meter,
        notes_card::NotesCard,
        reported::ReportedAbout,
        spark::Spark,
        tag_card::{On, TagCard},
    },
    cx::cx,
    format, state,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{HostKind, Permission, PowerState, Vm, VmId, VmSample, pool_details::MessageAbout};

#[component]
pub(super) fn Overview(id: VmId) -> impl IntoView {
    let cx = cx();
    let vm = cx.live.vm(id);
    Effect::new(move |_| cx.live.wish.set(vec![id]));
    let stale = move || {
        let host = vm
            .with(|vm| vm.as_ref().map(|vm| vm.host))
            .and_then(|id| cx.live.host(id))?;
        let age = state::stale_for(&host, cx.clock.now.get())?;
        let since = age.map(|ms| format!(" {}", format::ago(ms))).unwrap_or_default();
        let (_, _, link) = state::link(&host, cx.clock.now.get());
        Some(view! {
            <div class="banner warn" role="status">
                {icon("question")}
                <span>
                    {fill(T::AsLastSaid, &[("host", &host.name), ("since", &since), ("link", &link)])}
                </span>
                <a class="btn" href=crate::routes::Route::Host(host.id, Default::default()).path()>{t(T::LookAtHost)}</a>
            </div>
        })
    };
    let pool = Memo::new(move |_| {
        let host = cx.live.host(vm.with(|vm| vm.as_ref().map(|vm| vm.host))?)?;
        (host.kind != HostKind::Plain).then(|| host.reached_through())
    });
    let may = Memo::new(move |_| vm.with(|vm| vm.as_ref().is_some_and(|vm| cx.may(Permission::Operate, vm))));
    let may_console = Memo::new(move |_| vm.with(|vm| vm.as_ref().is_some_and(|vm| cx.may_open_console(vm))));
    let known = Memo::new(move |_| cx.live.is_detailed(id));
    let tags = Memo::new(move |_| vm.with(|vm| vm.as_ref().map(|vm| vm.tags.clone()).unwrap_or_default()));
    let pools = Memo::new(move |_| {
        vm.with(|vm| {
            vm.as_ref()
                .map(|vm| vm.other_pool_tags().cloned().collect::<Vec<_>>())
                .unwrap_or_default()
        })
    });
    let notes = Memo::new(move |_| vm.with(|vm| vm.as_ref().map(|vm| vm.notes.clone()).unwrap_or_default()));
    let runs = Memo::new(move |_| vm.with(|vm| vm.as_ref().is_some_and(|vm| vm.power != PowerState::Halted)));
    view! {
        <div class="scroll">
            {stale}
            {move || if runs.get() { tiles(id) } else { ().into_any() }}
            <div class="columns">
                <div class="stack">
                    <section class="card">
                        <h2>{t(T::Facts)}</h2>
                        {move || vm.get().filter(|_| known.get()).map(|vm| facts(&vm))}
                    </section>
                    <TagCard on=On::Vm(id) tags=tags may=may pools=pools/>
                    // Not before the notes are known: nobody is to write over them unread.
                    {move || known.get().then(|| view! { <NotesCard on=On::Vm(id) notes=notes may=may/> })}
                </div>
                <div class="stack">
                    <section class="card">
                        <h2>{t(T::Power)}</h2>
                        <LastResult vm=vm/>
                        <Reasons vm=vm/>
                        <Commands id=id/>
                    </section>
                    {move || may_console.get().then(|| view! { <ConsoleCard id=id/> })}
                    {move || vm.get().filter(|_| known.get()).map(|vm| devices(&vm))}
                    {move || pool.get().map(|pool| view! {
                        <ReportedAbout pool=pool about=MessageAbout::Vm(id)/>
                    })}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Four values of the last minute.
fn tiles(id: VmId) -> AnyView {
    let cx = cx();
    let vm = cx.live.vm(id);
    let vcpus = Memo::new(move |_| vm.with(|vm| vm.as_ref().map_or(1, |vm| vm.vcpus)));
    let tile = move |label: &'static str,
                     unit: &'static str,
                     value: fn(VmSample, u32) -> String,
                     series: fn(&VmSample) -> Option<f32>,
                     full: Option<Memo<u32>>,
                     more: fn(VmSample) -> Option<String>| {
        let text = Memo::new(move |_| value(cx.live.sample(id), vcpus.get()));
        let values = Memo::new(move |_| cx.live.series(id, series));
        let more = Memo::new(move |_| more(cx.live.sample(id)));
        let top = move || match full {
            Some(cpus) => cpus.get() as f32,
            None => values.with(|values| values.iter().copied().fold(1.0, f32::max)) * 1.1,
        };
        view! {
            <div class="tile">
                <h2>{label}</h2>
                <p><b>{move || text.get()}</b>" "<span class="muted">{unit}</span></p>
                <Spark values=values top=Signal::derive(top)/>
                {move || more.get().map(|more| view! { <p class="muted small">{more}</p> })}
            </div>
        }
    };
    let memory = Memo::new(move |_| {
        let Some(vm) = vm.get() else {
            return (String::new(), String::new(), None);
        };
        let sample = cx.live.sample(id);
        let now = sample.memory.unwrap_or(vm.memory);
        if let Some(used) = sample.memory_used {
            let of = fill(T::InUseOf, &[("all", &format::bytes(now))]);
            return (format::bytes(used), of, Some(used.0 as f32 / now.0.max(1) as f32));
        }
        let most = vm.memory_max.max(now);
        let of = if most > now {
            fill(T::OfMost, &[("most", &format::bytes(most))])
        } else {
            t(T::AllItMay).into()
        };
        // Allocated by Xen: what the guest uses inside is not known, so a full bar is no alarm.
        (format::bytes(now), of, Some(now.0 as f32 / most.0.max(1) as f32))
    });
    view! {
        <div class="tiles" aria-label=t(T::UseLastMinute) role="group">
            {tile(t(T::Cpu), "", |s, n| format::cpu(s.cpu, n), |s| s.cpu, Some(vcpus), |_| None)}
            <div class="tile">
                <h2>{t(T::Memory)}</h2>
                <p><b>{move || memory.get().0}</b>" "<span class="muted">{move || memory.get().1}</span></p>
                <Meter share=Signal::derive(move || memory.get().2) hot=2.0/>
            </div>
            {tile(
                t(T::Disk),
                t(T::DiskUnit),
                |s, _| format!("{} / {}", format::megabytes(s.disk_read), format::megabytes(s.disk_write)),
                |s| format::sum(s.disk_read, s.disk_write),
                None,
                requests,
            )}
            {tile(
                t(T::Network),
                t(T::NetUnit),
                |s, _| format!("{} / {}", format::megabits(s.net_rx), format::megabits(s.net_tx)),
                |s| format::sum(s.net_rx, s.net_tx),
                None,
                |_| None,
            )}
        </div>
    }
    .into_any()
}

/// Requests that its disks complete, and how long one takes, where that is known.
fn requests(sample: VmSample) -> Option<String> {
    format::sum(sample.disk_read_ops, sample.disk_write_ops)?;
    let read = format::per_second(sample.disk_read_ops);
    let written = format::per_second(sample.disk_write_ops);
    Some(match sample.disk_latency {
        None => fill(T::Requests, &[("read", &read), ("written", &written)]),
        Some(seconds) => fill(
            T::RequestsTaking,
            &[
                ("read", &read),
                ("written", &written),
                ("ms", &format::milliseconds(seconds)),
            ],
        ),
    })
}

fn devices(vm: &Vm) -> AnyView {
    let disks = vm.disks.iter().map(|disk| {
        let mode = t(if disk.writable { T::Writable } else { T::ReadOnly });
        view! {
            <tr>
                <td class="mono">{disk.device.clone()}</td>
                <td class="mono cut" title=disk.target.clone()>{disk.target.clone()}</td>
                <td>{disk.format.clone()}</td>
                <td class="num" title=t(T::DiskSizeTitle)>
                    {disk.size.map_or_else(|| t(T::SizeUnknown).to_owned(), |size| size.to_string())}
                </td>
                <td class="muted">{mode}</td>
            </tr>
        }
    });
    let nics = vm.nics.iter().enumerate().map(|(n, nic)| {
        let mac = if nic.mac.is_empty() {
            t(T::ChosenAtStart).to_owned()
        } else {
            nic.mac.clone()
        };
        let bridge = if nic.bridge.is_empty() {
            format::UNKNOWN.to_owned()
        } else {
            nic.bridge.clone()
        };
        view! {
            <tr>
                <td class="mono">{format!("vif{n}")}</td>
                <td class="mono">{mac}</td>
                <td class="mono">{bridge}</td>
            </tr>
        }
    });
    let none = |what: &'static str| view! { <p class="muted small">{what}</p> };
    view! {
        <section class="card">
            <h2>{t(T::Disks)}</h2>
            {if vm.disks.is_empty() {
                none(t(T::NoneDot)).into_any()
            } else {
                view! { <table class="plain" aria-label=t(T::Disks)><tbody>{disks.collect_view()}</tbody></table> }.into_any()
            }}
        </section>
        <section class="card">
            <h2>{t(T::Network)}</h2>
            {if vm.nics.is_empty() {
                none(t(T::NoneDot)).into_any()
            } else {
                view! { <table class="plain" aria-label=t(T::NetworkInterfaces)><tbody>{nics.collect_view()}</tbody></table> }
                    .into_any()
            }}
        </section>
    }
    .into_any()
}
