//! What the console keeps of a VM: how its consoles are recorded.
use crate::{
    components::when::When,
    console::recording::{Amount, Saving, amount, amount_field, as_amount},
    cx::cx,
    fetched::Fetched,
    routes::vm_recording_url,
    text::{C, T, c, c_fill},
};
use leptos::prelude::*;
use wxa_model::{Bytes, Permission, VmId};
use wxa_wire::{VmRecordingParams, VmRecordingView, operation::VmRecordingSet};

/// The tab.
#[component]
pub(super) fn Settings(id: VmId) -> impl IntoView {
    let view = Fetched::<VmRecordingView>::new(vm_recording_url(id));
    view! {
        <div class="scroll">
            <div class="settings">{view.view("console", move |shown| recording(id, view, &shown))}</div>
        </div>
    }
    .into_any()
}

fn recording(id: VmId, view: Fetched<VmRecordingView>, shown: &VmRecordingView) -> AnyView {
    let cx = cx();
    let may = untrack(|| cx.live.vm_now(id)).is_some_and(|vm| cx.may(Permission::Administer, &vm));
    let (own, common) = (&shown.own, &shown.common);
    let on = RwSignal::new(own.on);
    let boot = RwSignal::new(own.boot_bytes.map(|n| amount(Amount::Mib, n)).unwrap_or_default());
    let window = RwSignal::new(
        own.window_bytes
            .map(|n| amount(Amount::Mib, n))
            .unwrap_or_default(),
    );
    let days = RwSignal::new(own.days.map(|n| n.to_string()).unwrap_or_default());
    let saving = Saving::new();
    let save = saving.by::<VmRecordingSet, _>(id, view, move || params(on, boot, window, days));
    let choice = |value: Option<bool>, label: C| {
        let is_chosen = move || on.get() == value;
        view! {
            <label class="option">
                <input
                    type="radio"
                    name="recording"
                    checked=on.get_untracked() == value
                    prop:checked=is_chosen
                    disabled=!may
                    on:change=move |_| on.set(value)
                />
                <span>{c(label)}</span>
            </label>
        }
    };
    let as_all = if common.on {
        C::RecordAsAllOn
    } else {
        C::RecordAsAllOff
    };
    let state = match &shown.not_recorded {
        Some(why) => view! { <p class="st-warn">{c_fill(C::NotRecorded, &[("why", why)])}</p> }.into_any(),
        None => view! {
            <p class="muted small">
                {c_fill(C::StripKept, &[("bytes", &Bytes(shown.bytes))])}
                {shown.since.map(|at| view! { {c(C::SinceWord)}<When at=at/> })}
            </p>
        }
        .into_any(),
    };
    view! {
        <section class="card" aria-labelledby="vm-recording">
            <h2 id="vm-recording">{c(C::RecordingTitle)}</h2>
            {state}
            <form class="form" on:submit=save>
                <fieldset class="choice">
                    <legend>{c(C::RecordThis)}</legend>
                    <div class="options">
                        {choice(None, as_all)} {choice(Some(true), C::RecordOn)} {choice(Some(false), C::RecordOff)}
                    </div>
                </fieldset>
                {amount_field(T::RecordBoot, boot, amount(Amount::Mib, common.boot_bytes), may)}
                {amount_field(T::RecordWindow, window, amount(Amount::Mib, common.window_bytes), may)}
                {amount_field(T::RecordDays, days, common.days.to_string(), may)}
                <p class="muted small">{c(if may { C::RecordEmpty } else { C::RecordMayNot })}</p>
                {saving.foot(may)}
            </form>
        </section>
    }
    .into_any()
}

fn params(
    on: RwSignal<Option<bool>>,
    boot: RwSignal<String>,
    window: RwSignal<String>,
    days: RwSignal<String>,
) -> Result<VmRecordingParams, String> {
    let bytes = |text: RwSignal<String>| as_amount(Amount::Mib, &text.get_untracked());
    let days = as_amount(Amount::One, &days.get_untracked())?;
    Ok(VmRecordingParams {
        on: on.get_untracked(),
        boot_bytes: bytes(boot)?,
        window_bytes: bytes(window)?,
        days: days.map(|days| u32::try_from(days).unwrap_or(u32::MAX)),
    })
}
