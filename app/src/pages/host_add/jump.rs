//! The jump host: the SSH host through which another one is reached. Its key is confirmed before it gets credentials.
use super::{
    PlaceNames, Steps,
    credential::{CredentialFields, Secret},
    place::{self, Place, compare},
};
use crate::{transport, words};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::Transport;
use wxa_wire::{
    HostProbeParams, JumpParams,
    operation::{HostProbe, NoId},
};

const NAMES: PlaceNames = PlaceNames {
    address: "Jump host's address",
    address_name: "jump-address",
    port: "Its SSH port",
    port_name: "jump-port",
};

/// What is known of it.
#[derive(Clone, Copy)]
pub(super) struct Jump {
    used: RwSignal<bool>,
    pub(super) place: Place,
    user: RwSignal<String>,
    secret: Secret,
}

impl Jump {
    /// None is used.
    pub(super) fn new() -> Self {
        Self {
            used: RwSignal::new(false),
            place: Place::new(22),
            user: RwSignal::new("root".to_owned()),
            secret: Secret::new(),
        }
    }

    /// For the request; none where none is used.
    ///
    /// # Errors
    /// What is missing, as a sentence.
    pub(super) fn params(self) -> Result<Option<JumpParams>, &'static str> {
        if !self.used.get_untracked() {
            return Ok(None);
        }
        let (address, port) = self.place.typed()?;
        let key = self
            .place
            .key
            .get_untracked()
            .filter(|_| self.place.compared.get_untracked());
        let key = key.ok_or("Fetch the jump host's key and confirm it first.")?;
        if !untrack(|| self.secret.is_filled()) {
            return Err("Give the credentials at the jump host.");
        }
        Ok(Some(JumpParams {
            address,
            port,
            user: self.user.get_untracked().trim().to_owned(),
            credential: self.secret.params(),
            fingerprint: key.fingerprint,
        }))
    }

    /// Forgets what was typed.
    pub(super) fn clear(self) {
        self.secret.clear();
    }
}

#[component]
pub(super) fn JumpFields(steps: Steps) -> impl IntoView {
    let jump = steps.jump;
    view! {
        <label class="check">
            <input
                type="checkbox"
                name="jump"
                prop:checked=move || jump.used.get()
                on:change=move |event| {
                    jump.used.set(event_target_checked(&event));
                    steps.host.changed();
                }
            />
            "Through a jump host"
        </label>
        {move || jump.used.get().then(|| view! { <JumpForm steps=steps/> })}
    }
    .into_any()
}

#[component]
fn JumpForm(steps: Steps) -> impl IntoView {
    let jump = steps.jump;
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let fetch = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let (address, port) = match jump.place.typed() {
            Ok(typed) => typed,
            Err(missing) => return problem.set(missing.into()),
        };
        jump.place.changed();
        busy.set(true);
        problem.set(String::new());
        let params = HostProbeParams {
            transport: Transport::Ssh,
            address,
            port,
            jump: None,
            known_hosts: steps.known_hosts.get_untracked(),
        };
        spawn_local(async move {
            match transport::call::<HostProbe>(NoId, &params).await {
                Ok(key) => jump.place.shows(key),
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    view! {
        <fieldset class="jump">
            <legend>"Jump host"</legend>
            <form class="form row" on:submit=fetch>
                {place::fields(jump.place, NAMES, move || steps.host.changed())}
                <button type="submit" class="btn" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { "Fetching…" } else { "Fetch the jump host's key" }}
                </button>
            </form>
            <p class="problem" role="alert">{move || problem.get()}</p>
            {move || jump.place.key.get().map(|key| compare(jump.place, key, "I compared it: this is my jump host"))}
            {move || jump.place.compared.get().then(|| view! {
                <div class="form">
                    <label>
                        "Account on the jump host"
                        <span class="field">
                            <input
                                type="text"
                                name="jump-user"
                                autocomplete="off"
                                autocapitalize="off"
                                spellcheck="false"
                                prop:value=move || jump.user.get()
                                on:input=move |event| jump.user.set(event_target_value(&event))
                            />
                        </span>
                    </label>
                    <CredentialFields secret=jump.secret name="jump-credential"/>
                </div>
            })}
        </fieldset>
    }
    .into_any()
}
