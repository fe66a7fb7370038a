//! Password, private key or agent: the fields, and what is sent. Secrets stay in the fields and the request.
use crate::text::{T, t};
use leptos::prelude::*;
use wxa_wire::{CredentialParams, SecretText};

/// What the person chose and typed.
#[derive(Clone, Copy)]
pub struct Secret {
    kind: RwSignal<Kind>,
    password: RwSignal<String>,
    private_key: RwSignal<String>,
    passphrase: RwSignal<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Key,
    Password,
    Agent,
}

impl Secret {
    /// Nothing typed; a key is proposed.
    pub fn new() -> Self {
        Self {
            kind: RwSignal::new(Kind::Key),
            password: RwSignal::default(),
            private_key: RwSignal::default(),
            passphrase: RwSignal::default(),
        }
    }

    /// Nothing typed; only a password will do.
    pub fn password() -> Self {
        let secret = Self::new();
        secret.kind.set(Kind::Password);
        secret
    }

    /// For the request.
    pub fn params(self) -> CredentialParams {
        match self.kind.get_untracked() {
            Kind::Password => CredentialParams::Password {
                password: SecretText(self.password.get_untracked()),
            },
            Kind::Key => CredentialParams::Key {
                private_key: SecretText(self.private_key.get_untracked()),
                passphrase: SecretText(self.passphrase.get_untracked()),
            },
            Kind::Agent => CredentialParams::Agent {},
        }
    }

    /// Whether what the kind needs is there.
    pub fn is_filled(self) -> bool {
        match self.kind.get() {
            Kind::Password => self.password.with(|text| !text.is_empty()),
            Kind::Key => self.private_key.with(|text| !text.trim().is_empty()),
            Kind::Agent => true,
        }
    }

    /// Forgets what was typed.
    pub fn clear(self) {
        self.password.set(String::new());
        self.private_key.set(String::new());
        self.passphrase.set(String::new());
    }
}

/// The fields.
#[component]
pub fn CredentialFields(
    secret: Secret,
    /// Tells its choice from that of another one on the page.
    #[prop(default = "credential")]
    name: &'static str,
) -> impl IntoView {
    let choice = move |kind: Kind, label: &'static str| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name=name
                    checked=kind == Kind::Key
                    prop:checked=move || secret.kind.get() == kind
                    on:change=move |_| secret.kind.set(kind)
                />
                {label}
            </label>
        }
    };
    view! {
        <fieldset class="radios">
            <legend>"Sign in with"</legend>
            {choice(Kind::Key, "a private key")}
            {choice(Kind::Password, "a password")}
            {choice(Kind::Agent, "the server's SSH agent")}
        </fieldset>
        {move || match secret.kind.get() {
            Kind::Password => view! { <PasswordField secret=secret/> }.into_any(),
            Kind::Key => {
                view! {
                    <label>
                        "Private key (OpenSSH or PEM)"
                        <textarea
                            class="area mono"
                            rows="6"
                            spellcheck="false"
                            autocomplete="off"
                            placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
                            prop:value=move || secret.private_key.get()
                            on:input=move |event| secret.private_key.set(event_target_value(&event))
                        ></textarea>
                    </label>
                    <label>
                        "Its passphrase, if it has one"
                        <span class="field">
                            <input
                                type="password"
                                autocomplete="off"
                                prop:value=move || secret.passphrase.get()
                                on:input=move |event| secret.passphrase.set(event_target_value(&event))
                            />
                        </span>
                    </label>
                }
                    .into_any()
            }
            Kind::Agent => {
                view! {
                    <p class="muted small">
                        "The agent that the server finds in its environment (SSH_AUTH_SOCK) signs in; no secret is stored here."
                    </p>
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}

/// The password alone.
#[component]
pub fn PasswordField(secret: Secret) -> impl IntoView {
    view! {
        <label>
            {t(T::Password)}
            <span class="field">
                <input
                    type="password"
                    autocomplete="off"
                    prop:value=move || secret.password.get()
                    on:input=move |event| secret.password.set(event_target_value(&event))
                />
            </span>
        </label>
    }
    .into_any()
}
