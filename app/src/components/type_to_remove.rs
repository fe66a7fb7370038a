//! A card that removes something for good: its name has to be typed.
use crate::components::icon::icon;
use leptos::prelude::*;

/// The card. What removes is called once for each time that the form is sent with the right name.
#[component]
pub fn TypeToRemove(
    /// Its heading, which also opens the form.
    title: &'static str,
    /// What is lost.
    more: &'static str,
    /// What has to be typed; spaces around it do not count.
    #[prop(into)]
    name: Signal<String>,
    /// The sentence that asks for it.
    #[prop(into)]
    ask: Signal<String>,
    /// What the button says.
    yes: &'static str,
    /// Whether it is being removed.
    #[prop(into, default = Signal::stored(false))]
    busy: Signal<bool>,
    /// Why it was not.
    #[prop(into, default = Signal::stored(String::new()))]
    problem: Signal<String>,
    /// Removes it.
    remove: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let same =
        move || name.with(|name| !name.trim().is_empty() && typed.with(|typed| typed.trim() == name.trim()));
    let sent = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(same) && !busy.get_untracked() {
            remove.run(());
        }
    };
    view! {
        <section class="card" aria-label=title>
            <h2>{title}</h2>
            <p class="muted small">{more}</p>
            <details class="fold">
                <summary class="btn danger">{icon("trash")}{title}"…"</summary>
                <form class="form" on:submit=sent>
                    <label>
                        {move || ask.get()}
                        <span class="field">
                            <input
                                type="text"
                                autocomplete="off"
                                spellcheck="false"
                                on:input=move |event| typed.set(event_target_value(&event))
                            />
                        </span>
                    </label>
                    <p class="problem" role="alert">{move || problem.get()}</p>
                    <div class="dialog-acts">
                        <button
                            type="submit"
                            class="btn danger solid"
                            aria-disabled=move || (!same() || busy.get()).then_some("true")
                        >
                            {yes}
                        </button>
                    </div>
                </form>
            </details>
        </section>
    }
    .into_any()
}
