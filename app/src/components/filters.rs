//! Fields that narrow a list; what they say is in the address. Works as a plain form too.
use super::icon::icon;
use crate::{cx::cx, routes::url::Url};
use leptos::prelude::*;

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the address.
    pub key: &'static str,
    /// What stands above it.
    pub label: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What a field takes.
#[derive(Clone, Debug)]
pub enum Takes {
    /// Any text; an example of it.
    Text(&'static str),
    /// A day.
    Day,
    /// One of these, value and words; besides "any".
    OneOf(Vec<(String, String)>),
}

/// The fields as one form; `path` is the page they are on.
#[component]
pub fn Filters(path: &'static str, fields: Vec<Field>) -> impl IntoView {
    let nav = cx().nav;
    let keys: Vec<&'static str> = fields.iter().map(|field| field.key).collect();
    let is_narrowed = Memo::new(move |_| keys.iter().any(|key| !nav.query(key).is_empty()));
    // A phone has no room for them: they fold away there.
    let open = RwSignal::new(untrack(|| is_narrowed.get()));
    view! {
        <button
            type="button"
            class="btn only-phone filters-fold"
            aria-expanded=move || if open.get() { "true" } else { "false" }
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {icon("search")}
            "Filter"
        </button>
        <form class="filters" class:open=move || open.get() role="search" aria-label="Narrow the list" method="get" action=path on:submit=|event| event.prevent_default()>
            {fields.into_iter().map(field).collect_view()}
            <button type="submit" class="btn">"Apply"</button>
            {move || is_narrowed.get().then(|| view! { <a class="btn quiet" href=path>"Show all"</a> })}
        </form>
    }
    .into_any()
}

fn field(field: Field) -> AnyView {
    let nav = cx().nav;
    let key = field.key;
    let now = move || nav.query(key);
    let changed = move |event: leptos::ev::Event| {
        let url: Url = nav.url.get_untracked().with("before", "");
        nav.go(&url.with(key, event_target_value(&event).trim()).text());
    };
    let input = match field.takes {
        Takes::Text(example) => view! {
            <input type="text" name=key value=untrack(now) prop:value=now placeholder=example on:change=changed autocomplete="off" spellcheck="false"/>
        }
        .into_any(),
        Takes::Day => view! { <input type="date" name=key value=untrack(now) prop:value=now on:change=changed/> }.into_any(),
        Takes::OneOf(choices) => {
            let choice = move |(value, words): (String, String)| {
                let is_it = {
                    let value = value.clone();
                    move || nav.query(key) == value
                };
                view! { <option value=value selected=is_it>{words}</option> }
            };
            let any = move || nav.query(key).is_empty();
            view! {
                <select name=key on:change=changed>
                    <option value="" selected=any>"Any"</option>
                    {choices.into_iter().map(choice).collect_view()}
                </select>
            }
            .into_any()
        }
    };
    view! {
        <label>
            <span>{field.label}</span>
            <span class="field">{input}</span>
        </label>
    }
    .into_any()
}
