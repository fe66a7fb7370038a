//! What is kept of all consoles: for who administers the installation.
use crate::{
    components::meter::Meter,
    console::recording::{Amount, Saving, amount, amount_field, as_amount},
    cx::cx,
    fetched::Fetched,
    text::{T, fill, plural, t},
};
use leptos::prelude::*;
use wxa_model::Bytes;
use wxa_wire::{
    Operation, RecordingSettings, RecordingView,
    operation::{NoId, RecordingGet, RecordingSet},
};

/// The card; nothing for others.
pub(super) fn recording() -> AnyView {
    if !cx().may_administer() {
        return ().into_any();
    }
    let view = Fetched::<RecordingView>::new(RecordingGet::ROW.path);
    view! {
        <section class="card" aria-labelledby="set-recording">
            <h2 id="set-recording">{t(T::RecordingAll)}</h2>
            <p class="muted small">{t(T::RecordingAllMore)}</p>
            {view.view("console", move |shown| form(view, &shown))}
        </section>
    }
    .into_any()
}

/// What is typed.
#[derive(Clone, Copy)]
struct Form {
    on: RwSignal<bool>,
    boot: RwSignal<String>,
    window: RwSignal<String>,
    days: RwSignal<String>,
    total: RwSignal<String>,
    tags: RwSignal<String>,
}

impl Form {
    fn of(settings: &RecordingSettings) -> Self {
        Self {
            on: RwSignal::new(settings.on),
            boot: RwSignal::new(amount(Amount::Mib, settings.boot_bytes)),
            window: RwSignal::new(amount(Amount::Mib, settings.window_bytes)),
            days: RwSignal::new(settings.days.to_string()),
            total: RwSignal::new(amount(Amount::Gib, settings.total_bytes)),
            tags: RwSignal::new(settings.off_tags.join(", ")),
        }
    }

    fn settings(self) -> Result<RecordingSettings, String> {
        let n =
            |of, text: RwSignal<String>| as_amount(of, &text.get_untracked()).map(Option::unwrap_or_default);
        let tags = self.tags.get_untracked();
        Ok(RecordingSettings {
            on: self.on.get_untracked(),
            off_tags: tags
                .split([',', ' '])
                .map(str::trim)
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
            boot_bytes: n(Amount::Mib, self.boot)?,
            window_bytes: n(Amount::Mib, self.window)?,
            days: u32::try_from(n(Amount::One, self.days)?).unwrap_or(u32::MAX),
            total_bytes: n(Amount::Gib, self.total)?,
        })
    }
}

fn form(view: Fetched<RecordingView>, shown: &RecordingView) -> AnyView {
    let form = Form::of(&shown.settings);
    let saving = Saving::new();
    let save = saving.by::<RecordingSet, _>(NoId, view, move || form.settings());
    let consoles = usize::try_from(shown.consoles).unwrap_or(usize::MAX);
    let (bytes, most) = (shown.bytes, shown.settings.total_bytes);
    let share = bytes as f32 / most.max(1) as f32;
    let kept = fill(
        T::RecordingUse,
        &[
            ("bytes", &Bytes(bytes)),
            ("most", &Bytes(most)),
            ("consoles", &plural(T::CountConsoles, consoles)),
        ],
    );
    view! {
        <p class="small">{kept}</p>
        <Meter share=Signal::stored(Some(share))/>
        <form class="form" on:submit=save>
            <label class="check">
                <input
                    type="checkbox"
                    checked=form.on.get_untracked()
                    prop:checked=move || form.on.get()
                    on:change=move |event| form.on.set(event_target_checked(&event))
                />
                <span>{t(T::RecordAll)}</span>
            </label>
            {amount_field(T::RecordBoot, form.boot, String::new(), true)}
            {amount_field(T::RecordWindow, form.window, String::new(), true)}
            {amount_field(T::RecordDays, form.days, String::new(), true)}
            {amount_field(T::RecordTotal, form.total, String::new(), true)}
            <label>
                {t(T::RecordOffTags)}
                <span class="field">
                    <input
                        type="text"
                        autocomplete="off"
                        spellcheck="false"
                        value=form.tags.get_untracked()
                        prop:value=move || form.tags.get()
                        on:input=move |event| form.tags.set(event_target_value(&event))
                    />
                </span>
            </label>
            {saving.foot(true)}
        </form>
    }
    .into_any()
}
