//! Notes: what ended elsewhere or could not begin, read out as it comes.
use super::icon::{icon, small_icon};
use crate::{
    cx::cx,
    text::{T, t},
    ui::{Note, Tone},
};
use leptos::prelude::*;

/// The stack of notes.
#[component]
pub fn Notes() -> impl IntoView {
    let ui = cx().ui;
    let note = move |note: Note| {
        let (class, image) = match note.tone {
            Tone::Good => ("st-running", "check"),
            Tone::Bad => ("st-crashed", "warning"),
        };
        let id = note.id;
        view! {
            <div class="note-item">
                <span class=class>{icon(image)}</span>
                <div class="grow">
                    <b>{note.title}</b>
                    <p>{note.detail}</p>
                </div>
                <button class="btn quiet sq" aria-label=t(T::Close) on:click=move |_| ui.unsay(id)>
                    {small_icon("close")}
                </button>
            </div>
        }
    };
    view! {
        <div class="notes" role="status" aria-live="polite" aria-label=t(T::Messages)>
            <For each=move || ui.notes.get() key=|note| note.id children=note/>
        </div>
    }
    .into_any()
}
