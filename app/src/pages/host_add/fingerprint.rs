//! Steps one and two: fetch the host's key, and have a person compare it.
use super::Steps;
use crate::{browser, components::icon::icon, transport, words};
use leptos::{prelude::*, task::spawn_local};
use wxa_wire::{
    HostKeyView, HostProbeParams,
    operation::{HostProbe, NoId},
};

#[component]
pub(super) fn Fingerprint(steps: Steps) -> impl IntoView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let fetch = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let address = steps.address.get_untracked().trim().to_owned();
        let Some(port) = untrack(|| steps.port()) else {
            return problem.set("The port is a number from 1 to 65535.".into());
        };
        if address.is_empty() {
            return problem.set("Give the host's name or address.".into());
        }
        if busy.get_untracked() {
            return;
        }
        steps.changed();
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<HostProbe>(NoId, &HostProbeParams { address, port }).await {
                Ok(key) => steps.key.set(Some(key)),
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="step" aria-label="Where it is">
            <h2><span class="n" aria-hidden="true">"1"</span>"Where is it?"</h2>
            <form class="form row" on:submit=fetch>
                <label class="grow">
                    "Address"
                    <span class="field">
                        <input
                            type="text"
                            name="address"
                            required=true
                            autocomplete="off"
                            autocapitalize="off"
                            spellcheck="false"
                            placeholder="xen-1.example or 192.0.2.10"
                            prop:value=move || steps.address.get()
                            on:input=move |event| {
                                steps.address.set(event_target_value(&event));
                                steps.changed();
                            }
                        />
                    </span>
                </label>
                <label class="port">
                    "SSH port"
                    <span class="field">
                        <input
                            type="text"
                            name="port"
                            inputmode="numeric"
                            value="22"
                            prop:value=move || steps.port.get()
                            on:input=move |event| {
                                steps.port.set(event_target_value(&event));
                                steps.changed();
                            }
                        />
                    </span>
                </label>
                <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { "Fetching…" } else { "Fetch its key" }}
                </button>
            </form>
            <p class="problem" role="alert">{move || problem.get()}</p>
        </section>
        <section class="step" aria-label="Is it the right one" class:waiting=move || steps.key.with(Option::is_none)>
            <h2><span class="n" aria-hidden="true">"2"</span>"Is it the right one?"</h2>
            {move || match steps.key.get() {
                None => view! { <p class="muted">"Its key's fingerprint shows here. No credentials are sent before you have confirmed it."</p> }.into_any(),
                Some(key) => compare(steps, key),
            }}
        </section>
    }
    .into_any()
}

fn compare(steps: Steps, key: HostKeyView) -> AnyView {
    let text = key.fingerprint.clone();
    let file = match key.algorithm.as_str() {
        "ssh-ed25519" => "ssh_host_ed25519_key.pub",
        "ssh-rsa" | "rsa-sha2-256" | "rsa-sha2-512" => "ssh_host_rsa_key.pub",
        _ => "ssh_host_ecdsa_key.pub",
    };
    let command = format!("ssh-keygen -lf /etc/ssh/{file}");
    view! {
        <div role="status">
            <p class="fingerprint">
                <span class="muted">{key.algorithm}</span>
                <code>{key.fingerprint}</code>
                <button
                    type="button"
                    class="btn quiet sq"
                    aria-label="Copy the fingerprint"
                    on:click=move |_| browser::copy(&text)
                >
                    {icon("copy")}
                </button>
            </p>
            <p class="muted">"On the host's own screen, this prints the same: "<code>{command}</code></p>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || steps.compared.get()
                    on:change=move |event| steps.compared.set(event_target_checked(&event))
                />
                "I compared it: this is my host"
            </label>
        </div>
    }
    .into_any()
}
