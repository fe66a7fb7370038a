//! One of a few: a group of radio buttons that applies at once.
use crate::{
    cx::cx,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::Preferences;

/// What is chosen from, and where the choice goes. By names, so that one function serves all choices.
pub(super) struct Choice {
    pub legend: T,
    /// A sentence below the legend.
    pub more: Option<T>,
    pub name: &'static str,
    /// Name, label, and what it means where the label does not say it.
    pub options: Vec<(&'static str, T, Option<T>)>,
    pub get: fn(&Preferences) -> &'static str,
    pub set: fn(&mut Preferences, &str),
}

pub(super) fn choice(choice: Choice) -> AnyView {
    let prefs = cx().prefs;
    let Choice {
        legend,
        more,
        name,
        options,
        get,
        set,
    } = choice;
    let option = |(value, label, more): (&'static str, T, Option<T>)| {
        let is_chosen = Memo::new(move |_| prefs.now.with(|now| get(now) == value));
        view! {
            <label class="option">
                <input
                    type="radio"
                    name=name
                    value=value
                    checked=is_chosen.get_untracked()
                    prop:checked=move || is_chosen.get()
                    on:change=move |_| prefs.change(|now| set(now, value))
                />
                <span>{t(label)}{more.map(|more| view! { <span class="muted small">{t(more)}</span> })}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choice">
            <legend>{t(legend)}</legend>
            {more.map(|more| view! { <p class="muted small">{t(more)}</p> })}
            <div class="options">{options.into_iter().map(option).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
