//! A button for what cannot be taken back: the first press asks, the second does it.
use leptos::prelude::*;
use std::time::Duration;

/// After so long the question is withdrawn.
const PATIENCE: Duration = Duration::from_secs(5);

/// The button.
#[component]
pub fn Sure(
    /// What it says at first.
    #[prop(into)]
    label: String,
    /// Names what it is about, for those who do not see the row it is in.
    #[prop(into)]
    about: String,
    /// What it says when it asks.
    again: &'static str,
    /// What it does.
    on_yes: Callback<()>,
) -> impl IntoView {
    let asked = RwSignal::new(false);
    let press = move |_| {
        if asked.get_untracked() {
            asked.set(false);
            on_yes.run(());
            return;
        }
        asked.set(true);
        set_timeout(
            move || {
                // The row may be gone by then.
                let _ = asked.try_set(false);
            },
            PATIENCE,
        );
    };
    let (said, named) = (label.clone(), format!("{label} {about}"));
    view! {
        <button
            type="button"
            class="btn danger"
            class:solid=move || asked.get()
            aria-label=move || if asked.get() { again.to_owned() } else { named.clone() }
            on:click=press
        >
            {move || if asked.get() { again.to_owned() } else { said.clone() }}
        </button>
    }
    .into_any()
}
