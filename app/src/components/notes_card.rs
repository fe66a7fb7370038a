//! Notes on a VM or a host: plain text, shown as it was written.
use super::{icon::icon, tag_card::On};
use crate::{
    text::{T, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_wire::{
    ErrorBody, NotesParams,
    operation::{HostSetNotes, VmSetNotes},
};

/// The card. `may` is whether the account may change them.
#[component]
pub fn NotesCard(
    on: On,
    #[prop(into)] notes: Signal<String>,
    #[prop(into)] may: Signal<bool>,
) -> impl IntoView {
    // What was there when writing began: nobody's notes are overwritten unread.
    let writing = RwSignal::new(None::<String>);
    let begin = move |_| writing.set(Some(notes.get_untracked()));
    view! {
        <section class="card notes-card" aria-label=t(T::Notes)>
            <h2>{t(T::Notes)}</h2>
            {move || match writing.get() {
                Some(was) => view! { <Write on=on notes=notes was=was writing=writing/> }.into_any(),
                None => {
                    let text = notes.get();
                    let label = t(if text.is_empty() { T::AddNotes } else { T::Edit });
                    view! {
                        {if text.is_empty() {
                            view! { <p class="muted small">{t(T::NoneDot)}</p> }.into_any()
                        } else {
                            view! { <p class="notes-text">{text}</p> }.into_any()
                        }}
                        {may.get().then(|| {
                            view! { <button type="button" class="btn" on:click=begin>{icon("edit")}{label}</button> }
                        })}
                    }
                        .into_any()
                }
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Write(on: On, notes: Signal<String>, was: String, writing: RwSignal<Option<String>>) -> impl IntoView {
    let text = RwSignal::new(was.clone());
    let problem = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let read = StoredValue::new(was.clone());
    let before = StoredValue::new(was.clone());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(String::new());
        let params = NotesParams {
            notes: text.get_untracked(),
            was: read.get_value(),
        };
        spawn_local(async move {
            match send(on, &params).await {
                Ok(()) => writing.set(None),
                Err(body) => {
                    // What is saved next replaces what is shown below as theirs. The page may have been left meanwhile.
                    if let Some(theirs) = notes.try_get_untracked() {
                        read.set_value(theirs);
                    }
                    problem.set(words::error(&body).detail);
                }
            }
            busy.set(false);
        });
    };
    let area = NodeRef::<leptos::html::Textarea>::new();
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            let _ = area.focus();
        }
    });
    view! {
        <form class="form" on:submit=save>
            <label>
                <span class="sr">{t(T::Notes)}</span>
                <textarea
                    class="area notes-area"
                    rows="8"
                    node_ref=area
                    prop:value=was
                    on:input=move |event| text.set(event_target_value(&event))
                ></textarea>
            </label>
            <p class="problem" role="alert">{move || problem.get()}</p>
            {move || {
                let theirs = notes.get();
                (theirs != before.get_value()).then(|| {
                    view! {
                        <p class="muted small">{t(T::SomebodyWrote)}</p>
                        <p class="notes-text theirs">{theirs}</p>
                    }
                })
            }}
            <div class="buttons">
                <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || t(if busy.get() { T::Saving } else { T::Save })}
                </button>
                <button type="button" class="btn" on:click=move |_| writing.set(None)>{t(T::Cancel)}</button>
            </div>
        </form>
    }
    .into_any()
}

async fn send(on: On, params: &NotesParams) -> Result<(), ErrorBody> {
    match on {
        On::Vm(id) => transport::call::<VmSetNotes>(id, params).await,
        On::Host(id) => transport::call::<HostSetNotes>(id, params).await,
    }
}
