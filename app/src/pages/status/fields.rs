//! Fields of these pages' forms: a label, what is typed, and below it what is wrong with it.
use crate::text::{S, s, s_fill};
use leptos::prelude::*;

/// What is wrong with a field; none while nothing is.
pub(super) type Wrong = Signal<Option<String>>;

/// Nothing is ever wrong.
pub(super) fn fine() -> Wrong {
    Signal::stored(None)
}

/// A field of one line.
pub(super) struct Line {
    /// Names the field on the page.
    pub id: String,
    /// What it is.
    pub label: String,
    /// What is typed.
    pub value: RwSignal<String>,
    /// An example; may be empty.
    pub hint: &'static str,
    /// A sentence below; may be empty.
    pub more: &'static str,
    /// What is wrong with it.
    pub wrong: Wrong,
    /// `text`, `password`, `datetime-local`.
    pub kind: &'static str,
}

impl Line {
    /// A field of text.
    pub(super) fn new(id: impl Into<String>, label: impl Into<String>, value: RwSignal<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            value,
            hint: "",
            more: "",
            wrong: fine(),
            kind: "text",
        }
    }

    /// With an example.
    pub(super) fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// With a sentence below.
    pub(super) fn more(self, more: &'static str) -> Self {
        Self { more, ..self }
    }

    /// With what is wrong.
    pub(super) fn wrong(self, wrong: Wrong) -> Self {
        Self { wrong, ..self }
    }

    /// Of another type.
    pub(super) fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// The field.
    pub(super) fn view(self) -> AnyView {
        let Self {
            id,
            label,
            value,
            hint,
            more,
            wrong,
            kind,
        } = self;
        let told = format!("{id}-told");
        let complete = match kind {
            "password" => "new-password",
            _ => "off",
        };
        view! {
            <div class="line">
                <label>
                    {label}
                    <span class="field">
                        <input
                            type=kind
                            id=id
                            autocomplete=complete
                            placeholder=hint
                            aria-describedby=told.clone()
                            aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                            value=value.get_untracked()
                            prop:value=move || value.get()
                            on:input=move |event| value.set(event_target_value(&event))
                        />
                    </span>
                </label>
                {told_below(told, more, wrong)}
            </div>
        }
        .into_any()
    }
}

/// A field of several lines.
pub(super) fn area(id: String, label: String, value: RwSignal<String>, wrong: Wrong) -> AnyView {
    let told = format!("{id}-told");
    view! {
        <div class="line">
            <label>
                {label}
                <textarea
                    class="area text-area"
                    id=id
                    rows="3"
                    aria-describedby=told.clone()
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                ></textarea>
            </label>
            {told_below(told, "", wrong)}
        </div>
    }
    .into_any()
}

/// A sentence, and what is wrong.
pub(super) fn told_below(id: String, more: &'static str, wrong: Wrong) -> AnyView {
    view! {
        <p class="told" id=id>
            {(!more.is_empty()).then(|| view! { <span class="muted small">{more}</span> })}
            <span class="problem" role="status">{move || wrong.get()}</span>
        </p>
    }
    .into_any()
}

/// The label of a field that may be empty.
pub(super) fn optional(label: S) -> String {
    s_fill(S::Optional, &[("what", &s(label))])
}

/// A box to tick.
pub(super) fn tick(label: &'static str, value: Signal<bool>, set: impl Fn(bool) + 'static) -> AnyView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                checked=value.get_untracked()
                prop:checked=move || value.get()
                on:change=move |event| set(event_target_checked(&event))
            />
            {label}
        </label>
    }
    .into_any()
}

/// One of several.
pub(super) fn radio<V: PartialEq + Copy + Send + Sync + 'static>(
    name: String,
    label: String,
    this: V,
    value: RwSignal<V>,
) -> AnyView {
    view! {
        <label class="radio">
            <input
                type="radio"
                name=name
                checked=value.get_untracked() == this
                prop:checked=move || value.get() == this
                on:change=move |_| value.set(this)
            />
            {label}
        </label>
    }
    .into_any()
}

/// A button that sends a form and says so while it does.
pub(super) fn send(label: S, doing: S, busy: RwSignal<bool>) -> AnyView {
    view! {
        <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
            {move || s(if busy.get() { doing } else { label })}
        </button>
    }
    .into_any()
}
