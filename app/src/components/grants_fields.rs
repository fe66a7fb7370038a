//! The fields of several grants: each can be taken away, and more can be added.
use super::{
    grant_fields::{GrantEdit, GrantFields},
    icon::icon,
};
use crate::grant_words;
use leptos::prelude::*;
use wxa_model::Grant;

/// Several grants while they are edited.
#[derive(Clone, Copy)]
pub struct GrantsEdit {
    rows: RwSignal<Vec<GrantEdit>>,
    next: StoredValue<u32>,
}

impl GrantsEdit {
    /// Begins with `grants`.
    pub fn new(grants: &[Grant]) -> Self {
        let rows = (0..).zip(grants).map(|(key, grant)| GrantEdit::new(key, grant));
        let rows: Vec<_> = rows.collect();
        Self {
            next: StoredValue::new(u32::try_from(rows.len()).unwrap_or(u32::MAX)),
            rows: RwSignal::new(rows),
        }
    }

    /// One more.
    fn add(self) {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        self.rows.update(|rows| rows.push(GrantEdit::viewer(key)));
    }

    /// All of them, or what is missing in the first that is not complete. Tracks the fields.
    ///
    /// # Errors
    /// What to do about it.
    pub fn grants(self) -> Result<Vec<Grant>, &'static str> {
        self.rows
            .with(|rows| rows.iter().map(|row| row.grant()).collect())
    }
}

/// The fields of several grants.
#[component]
pub fn GrantsFields(edit: GrantsEdit) -> impl IntoView {
    let remove = move |key: u32| {
        edit.rows.update(|rows| rows.retain(|row| row.key != key));
    };
    view! {
        <fieldset class="grants">
            <legend>"What it may do"</legend>
            <p class="muted small">{grant_words::ROLES}</p>
            <For each=move || edit.rows.get() key=|row| row.key let:row>
                <div class="grant">
                    <GrantFields edit=row/>
                    <button
                        type="button"
                        class="btn quiet sq"
                        aria-label="Take this grant away"
                        title="Take this grant away"
                        on:click=move |_| remove(row.key)
                    >
                        {icon("trash")}
                    </button>
                </div>
            </For>
            {move || {
                edit.rows.with(Vec::is_empty).then(|| view! { <p class="muted">"Nothing: it can sign in and sees nothing."</p> })
            }}
            <button type="button" class="btn" on:click=move |_| edit.add()>{icon("plus")}"Add a grant"</button>
        </fieldset>
    }
    .into_any()
}
