//! Typing a text: shown before, by the guest's layout, at a pace that the guest can follow. Nothing of it is kept or logged.
use super::{
    layout::{LAYOUTS, Layout},
    panel::ScreenWish,
};
use crate::{
    components::dialog::Dialog,
    text::{T, fill, plural, t},
};
use leptos::prelude::*;

/// The longest text that is typed, in characters: at the quickest pace that is more than a minute.
const LONGEST: usize = 8192;
/// Milliseconds between two keys.
const PACES: [(u32, T); 3] = [(16, T::PacePrompt), (40, T::PaceSteady), (120, T::PaceSlow)];

/// The dialog; closed while `open` is not.
#[component]
pub(super) fn Paste(
    open: RwSignal<bool>,
    /// The VM's name.
    name: Signal<String>,
    act: Callback<ScreenWish>,
) -> impl IntoView {
    let layout = RwSignal::new(
        LAYOUTS
            .first()
            .map(|layout| layout.name.to_owned())
            .unwrap_or_default(),
    );
    let pause = RwSignal::new(40_u32);
    let text = RwSignal::new(String::new());
    let secret = RwSignal::new(false);
    // It goes with the dialog: nothing of a text stays in the page.
    Effect::new(move |_| {
        if !open.get() {
            text.set(String::new());
            secret.set(false);
        }
    });
    let title = Signal::derive(move || fill(T::PasteTitle, &[("name", &name.get())]));
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog label=title class="screen-paste" open=open on_close=close>
            <Form layout=layout pause=pause text=text secret=secret open=open title=title act=act/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Form(
    layout: RwSignal<String>,
    pause: RwSignal<u32>,
    text: RwSignal<String>,
    secret: RwSignal<bool>,
    open: RwSignal<bool>,
    title: Signal<String>,
    act: Callback<ScreenWish>,
) -> impl IntoView {
    let plan = Memo::new(move |_| {
        text.with(|text| {
            let typed: String = text.chars().take(LONGEST).collect();
            Layout::named(&layout.read()).plan(&typed)
        })
    });
    let count = move || plan.with(|plan| plan.strokes.len());
    let missing = move || {
        plan.with(|plan| {
            let chars: String = plan.missing.iter().take(20).collect();
            let shown = if secret.get() { "…".to_owned() } else { chars };
            (!plan.missing.is_empty()).then(|| fill(T::PasteMissing, &[("chars", &shown)]))
        })
    };
    let lines = move || {
        let n = text.with(|text| text.lines().count());
        (n > 1).then(|| plural(T::PasteLines, n))
    };
    let too_long = move || {
        let is_long = text.with(|text| text.chars().nth(LONGEST).is_some());
        is_long.then(|| fill(T::PasteTooLong, &[("n", &LONGEST)]))
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        act.run(ScreenWish::Type(plan.get_untracked(), pause.get_untracked()));
        open.set(false);
    };
    let set_pause = move |event| pause.set(event_target_value(&event).parse().unwrap_or(40));
    view! {
        <form class="form" on:submit=submit autocomplete="off">
            <h2>{move || title.get()}</h2>
            <label>
                <span>{t(T::PasteText)}</span>
                <textarea
                    rows="6"
                    spellcheck="false"
                    autocapitalize="off"
                    autofocus
                    class="area mono"
                    class:screen-secret=move || secret.get()
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                ></textarea>
            </label>
            <p class="screen-paste-tools">
                <button type="button" class="btn" on:click=move |_| take_clipboard(text)>{t(T::PasteFrom)}</button>
                <label class="check">
                    <input type="checkbox" prop:checked=move || secret.get()
                        on:change=move |event| secret.set(event_target_checked(&event))/>
                    " " {t(T::PasteSecret)}
                </label>
            </p>
            <label>
                <span>{t(T::PasteLayout)}</span>
                <select class="field" prop:value=move || layout.get() on:change=move |event| layout.set(event_target_value(&event))>
                    {LAYOUTS
                        .iter()
                        .map(|one| view! { <option value=one.name selected=move || *layout.read() == one.name>{one.title}</option> })
                        .collect_view()}
                </select>
                </label>
            <p class="small muted">{t(T::PasteLayoutMore)}</p>
            <label>
                <span>{t(T::PastePace)}</span>
                <select class="field" on:change=set_pause>
                    {PACES
                        .iter()
                        .map(|(ms, words)| view! { <option value=ms.to_string() selected=move || pause.get() == *ms>{t(*words)}</option> })
                        .collect_view()}
                </select>
            </label>
            <p class="muted" role="status">{lines} " " {too_long} " " {missing}</p>
            <div class="dialog-acts">
                <button type="button" class="btn" on:click=move |_| open.set(false)>{t(T::Cancel)}</button>
                <button type="submit" class="btn primary" disabled=move || count() == 0>
                    {move || plural(T::PasteType, count())}
                </button>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn take_clipboard(text: RwSignal<String>) {
    super::browser::read_clipboard(move |read| text.set(read));
}

#[cfg(not(feature = "hydrate"))]
fn take_clipboard(_text: RwSignal<String>) {}
