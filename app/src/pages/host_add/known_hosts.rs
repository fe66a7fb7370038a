//! Lines of OpenSSH's `known_hosts`, pasted or read from a file: they confirm keys without comparing by eye.
use super::Steps;
use crate::{browser, components::icon::icon};
use leptos::prelude::*;

#[component]
pub(super) fn KnownHosts(steps: Steps) -> impl IntoView {
    let set = move |text: String| {
        steps.known_hosts.set(text);
        // What was fetched was looked up in other lines.
        steps.host.changed();
        steps.jump.place.changed();
    };
    view! {
        <details class="fold more">
            <summary class="btn">{icon("key")}"Confirm keys by known_hosts…"</summary>
            <div class="form">
                <label>
                    "Lines of known_hosts (yours is in ~/.ssh)"
                    <textarea
                        class="area mono"
                        name="known-hosts"
                        rows="4"
                        spellcheck="false"
                        autocomplete="off"
                        placeholder="xen-1.example ssh-ed25519 AAAA…"
                        prop:value=move || steps.known_hosts.get()
                        on:input=move |event| set(event_target_value(&event))
                    ></textarea>
                </label>
                <label>
                    "Or the file"
                    <input type="file" name="known-hosts-file" on:change=move |event| browser::read_file(&event, set)/>
                </label>
                <p class="muted small">
                    "A key that is listed there needs no comparing. Hashed names, ports and @revoked are understood."
                </p>
            </div>
        </details>
    }
    .into_any()
}
