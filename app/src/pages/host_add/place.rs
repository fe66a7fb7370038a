//! A server: where it is, its key or certificate, and whether that was compared. The host is one, its jump host another.
use crate::{
    browser,
    components::icon::icon,
    pages::host::CERTIFICATE,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_wire::HostKeyView;

/// What is known of a server.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) address: RwSignal<String>,
    port: RwSignal<String>,
    /// The key that was fetched; another address takes it back.
    pub(super) key: RwSignal<Option<HostKeyView>>,
    /// A person has compared it, or `known_hosts` has it.
    pub(super) compared: RwSignal<bool>,
}

/// What its fields are called.
#[derive(Clone, Copy)]
pub(super) struct PlaceNames {
    pub(super) address: &'static str,
    pub(super) address_name: &'static str,
    pub(super) port: &'static str,
    pub(super) port_name: &'static str,
}

impl Place {
    /// Nothing typed but a port.
    pub(super) fn new(port: u16) -> Self {
        Self {
            address: RwSignal::default(),
            port: RwSignal::new(port.to_string()),
            key: RwSignal::new(None),
            compared: RwSignal::new(false),
        }
    }

    /// What was typed is another server now.
    pub(super) fn changed(self) {
        self.key.set(None);
        self.compared.set(false);
    }

    /// A key came.
    pub(super) fn shows(self, key: HostKeyView) {
        self.compared
            .set(key.known.as_ref().is_some_and(wxa_model::KnownHost::is_confirmed));
        self.key.set(Some(key));
    }

    /// Address and port as typed.
    ///
    /// # Errors
    /// What is missing, as a sentence.
    pub(super) fn typed(self) -> Result<(String, u16), &'static str> {
        let address = self.address.get_untracked().trim().to_owned();
        if address.is_empty() {
            return Err("Give the name or address.");
        }
        let port = self
            .port
            .get_untracked()
            .trim()
            .parse()
            .ok()
            .filter(|port| *port > 0);
        port.map(|port| (address, port))
            .ok_or("The port is a number from 1 to 65535.")
    }
}

/// Address and port. `changed` runs after each change, besides taking the key back.
pub(super) fn fields(place: Place, names: PlaceNames, changed: impl Fn() + Copy + Send + 'static) -> AnyView {
    let edit = move |value: RwSignal<String>, event: leptos::ev::Event| {
        value.set(event_target_value(&event));
        place.changed();
        changed();
    };
    view! {
        <label class="grow">
            {names.address}
            <span class="field">
                <input
                    type="text"
                    name=names.address_name
                    required=true
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="xen-1.example or 192.0.2.10"
                    prop:value=move || place.address.get()
                    on:input=move |event| edit(place.address, event)
                />
            </span>
        </label>
        <label class="port">
            {names.port}
            <span class="field">
                <input
                    type="text"
                    name=names.port_name
                    inputmode="numeric"
                    value=place.port.get_untracked()
                    prop:value=move || place.port.get()
                    on:input=move |event| edit(place.port, event)
                />
            </span>
        </label>
    }
    .into_any()
}

/// The key, what `known_hosts` says about it, and the question whether it is the right one.
pub(super) fn compare(place: Place, key: HostKeyView, question: &'static str) -> AnyView {
    let text = key.fingerprint.clone();
    let command = match key.algorithm.as_str() {
        "x509" => CERTIFICATE.to_owned(),
        "ssh-ed25519" => "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub".into(),
        "ssh-rsa" | "rsa-sha2-256" | "rsa-sha2-512" => "ssh-keygen -lf /etc/ssh/ssh_host_rsa_key.pub".into(),
        _ => "ssh-keygen -lf /etc/ssh/ssh_host_ecdsa_key.pub".to_owned(),
    };
    let what = match key.algorithm.as_str() {
        "x509" => t(T::CertificateSha256).to_owned(),
        _ => key.algorithm,
    };
    let known = key.known.clone();
    let ask = !known
        .as_ref()
        .is_some_and(|known| known.is_confirmed() || known.forbids());
    view! {
        <div role="status">
            <p class="fingerprint">
                <span class="muted">{what}</span>
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
            {known.map(|known| {
                let (class, image, word) = match (known.is_confirmed(), known.forbids()) {
                    (true, _) => ("st st-running", "check", "Confirmed"),
                    (_, true) => ("st st-crashed", "warning", "Refused"),
                    _ => ("st st-warn", "question", "Not confirmed"),
                };
                view! { <p><span class=class>{icon(image)}{word}</span>". "{known.sentence()}</p> }
            })}
            {ask.then(|| view! {
                <p class="muted">"On its own screen, this prints the same: "<code>{command}</code></p>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || place.compared.get()
                        on:change=move |event| place.compared.set(event_target_checked(&event))
                    />
                    {question}
                </label>
            })}
        </div>
    }
    .into_any()
}
