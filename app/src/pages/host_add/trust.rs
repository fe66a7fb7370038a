//! By what a pool is to be known: a certificate that somebody compares, or an authority.
use crate::{
    browser,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::Trust;

/// The choice as it is typed.
#[derive(Clone, Copy)]
pub struct TrustChoice {
    by: RwSignal<By>,
    pem: RwSignal<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Pin,
    Authority,
    System,
}

impl TrustChoice {
    /// As it is now.
    pub fn new(trust: &Trust) -> Self {
        let (by, pem) = match trust {
            Trust::Pin => (By::Pin, String::new()),
            Trust::System => (By::System, String::new()),
            Trust::Authority { certificates } => (By::Authority, certificates.clone()),
        };
        Self {
            by: RwSignal::new(by),
            pem: RwSignal::new(pem),
        }
    }

    /// Whether somebody compares a fingerprint. Tracks the choice.
    pub fn is_pin(self) -> bool {
        self.by.get() == By::Pin
    }

    /// Whether something is missing. Tracks it.
    pub fn is_complete(self) -> bool {
        self.by.get() != By::Authority || self.pem.with(|pem| !pem.trim().is_empty())
    }

    /// For the request.
    pub fn trust(self) -> Trust {
        match self.by.get_untracked() {
            By::Pin => Trust::Pin,
            By::System => Trust::System,
            By::Authority => Trust::Authority {
                certificates: self.pem.get_untracked().trim().to_owned(),
            },
        }
    }
}

/// Radio buttons, and the authority's certificate where that is needed.
#[component]
pub fn TrustFields(choice: TrustChoice) -> impl IntoView {
    let radio = move |by: By, label: T| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name="pool-trust"
                    checked=by == choice.by.get_untracked()
                    prop:checked=move || choice.by.get() == by
                    on:change=move |_| choice.by.set(by)
                />
                {t(label)}
            </label>
        }
    };
    view! {
        <fieldset class="radios">
            <legend>{t(T::TrustBy)}</legend>
            {radio(By::Pin, T::TrustByPin)}
            {radio(By::Authority, T::TrustByAuthority)}
            {radio(By::System, T::TrustBySystem)}
        </fieldset>
        {move || (choice.by.get() == By::Authority).then(|| view! {
            <label>
                {t(T::TrustPem)}
                <textarea
                    class="area mono"
                    name="authority"
                    rows="4"
                    spellcheck="false"
                    autocomplete="off"
                    placeholder="-----BEGIN CERTIFICATE-----"
                    prop:value=move || choice.pem.get()
                    on:input=move |event| choice.pem.set(event_target_value(&event))
                ></textarea>
            </label>
            <label>
                {t(T::TrustPemFile)}
                <input
                    type="file"
                    name="authority-file"
                    on:change=move |event| browser::read_file(&event, move |text| choice.pem.set(text))
                />
            </label>
            <p class="muted small">{t(T::TrustPemMore)}</p>
        })}
        {move || (!choice.is_pin()).then(|| view! { <p class="muted small">{t(T::TrustVouchedMore)}</p> })}
    }
    .into_any()
}
