//! Step one: where the host is, and the way there.
use super::{PlaceNames, Steps, WAY, jump::JumpFields, known_hosts::KnownHosts, place, pool::OverXapi};
use crate::{
    cx::cx,
    text::{T, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::Transport;
use wxa_wire::{
    HostProbeParams, HostWaysView, Operation,
    operation::{HostProbe, HostWays, NoId},
};

const NAMES: PlaceNames = PlaceNames {
    address: "Address",
    address_name: "address",
    port: "SSH port",
    port_name: "port",
};

#[component]
pub(super) fn Way(steps: Steps) -> impl IntoView {
    const URL: &str = HostWays::ROW.path;
    let ways = cx().prefetched::<HostWaysView>(URL);
    let local = RwSignal::new(ways.is_some_and(|ways| ways.local));
    Effect::new(move |_| {
        // Not prefetched where somebody came to the page by a click.
        if ways.is_none() {
            spawn_local(async move {
                if let Ok(ways) = transport::get::<HostWaysView>(URL).await {
                    local.set(ways.local);
                }
            });
        }
    });
    view! {
        <section class="step" aria-label="Where it is">
            <h2><span class="n" aria-hidden="true">"1"</span>"Where is it?"</h2>
            {choice(steps, local)}
            {move || match steps.transport.get() {
                Transport::Local => {
                    view! {
                        <p class="muted">
                            "The server runs in the control domain of a Xen host: it can run xl itself, without SSH."
                        </p>
                    }
                        .into_any()
                }
                Transport::Ssh => view! { <OverSsh steps=steps/> }.into_any(),
                Transport::Xapi => view! { <OverXapi steps=steps/> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

fn choice(steps: Steps, local: RwSignal<bool>) -> AnyView {
    let cx = cx();
    let radio = move |transport: Transport, label: &'static str| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name="transport"
                    checked=transport == steps.transport.get_untracked()
                    prop:checked=move || steps.transport.get() == transport
                    on:change=move |_| {
                        steps.transport.set(transport);
                        cx.nav.set_query(WAY, if transport == Transport::Xapi { "pool" } else { "" });
                    }
                />
                {label}
            </label>
        }
    };
    view! {
        <div class="form way"><fieldset class="radios">
            <legend>{t(T::WhatItIs)}</legend>
            {radio(Transport::Ssh, t(T::WayHost))}
            {radio(Transport::Xapi, t(T::WayPool))}
            {move || local.get().then(|| radio(Transport::Local, t(T::WayHere)))}
        </fieldset></div>
    }
    .into_any()
}

#[component]
fn OverSsh(steps: Steps) -> impl IntoView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let fetch = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let typed = steps
            .host
            .typed()
            .and_then(|place| Ok((place, steps.jump.params()?)));
        let ((address, port), jump) = match typed {
            Ok(typed) => typed,
            Err(missing) => return problem.set(missing.into()),
        };
        steps.host.changed();
        busy.set(true);
        problem.set(String::new());
        let params = HostProbeParams {
            transport: Transport::Ssh,
            address,
            port,
            jump,
            known_hosts: steps.known_hosts.get_untracked(),
        };
        spawn_local(async move {
            match transport::call::<HostProbe>(NoId, &params).await {
                Ok(key) => steps.host.shows(key),
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    view! {
        <KnownHosts steps=steps/>
        <JumpFields steps=steps/>
        <form class="form row" on:submit=fetch>
            {place::fields(steps.host, NAMES, || ())}
            <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                {move || if busy.get() { "Fetching…" } else { "Fetch its key" }}
            </button>
        </form>
        <p class="problem" role="alert">{move || problem.get()}</p>
    }
    .into_any()
}
