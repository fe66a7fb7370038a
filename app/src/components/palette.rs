//! The palette: objects and verbs in one list, found by a few letters.
pub mod entries;
mod fuzzy;

use super::{dialog::Dialog, icon::icon};
use crate::{
    act,
    cx::{Cx, cx},
};
use entries::{Does, Entry};
use leptos::{html, prelude::*};

/// The palette's dialog.
#[component]
pub fn Palette() -> impl IntoView {
    let open = cx().ui.palette;
    view! {
        <Dialog
            label="Search or act".to_owned()
            class="palette"
            open=open
            on_close=Callback::new(move |()| open.set(false))
        >
            <Inside/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Inside() -> impl IntoView {
    let cx = cx();
    let query = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let entries = Memo::new(move |_| entries::entries(cx, &query.get()));
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let count = entries.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => {
                let entry = entries.with_untracked(|all| all.get(at.get_untracked()).cloned());
                if let Some(entry) = entry {
                    run(cx, entry);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let line = move |(i, entry): (usize, Entry)| {
        let chosen = entry.clone();
        view! {
            <li
                id=format!("entry-{i}")
                role="option"
                aria-selected=move || if at.get() == i { "true" } else { "false" }
                aria-disabled=(!entry.able).then_some("true")
                on:click=move |_| run(cx, chosen.clone())
                on:mousemove=move |_| at.set(i)
            >
                {icon(entry.image)}
                <span class="cut grow">{entry.title}<span class="small muted">{entry.more}</span></span>
            </li>
        }
    };
    view! {
        <div class="q">
            {icon("search")}
            <input
                type="text"
                role="combobox"
                aria-label="Search or act"
                aria-expanded="true"
                aria-controls="entries"
                aria-activedescendant=move || format!("entry-{}", at.get())
                autocomplete="off"
                spellcheck="false"
                placeholder="A VM, a host, or what to do"
                node_ref=input
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    at.set(0);
                }
                on:keydown=keys
            />
            <kbd>"Esc"</kbd>
        </div>
        <ul id="entries" role="listbox" aria-label="Found">
            {move || entries.get().into_iter().enumerate().map(line).collect_view()}
        </ul>
        {move || entries.with(Vec::is_empty).then(|| view! { <p class="muted pad">"Nothing fits that."</p> })}
        <footer>
            <span><kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" choose"</span>
            <span><kbd>"Enter"</kbd>" do"</span>
            <span>"e.g. " <code>"shut web"</code></span>
        </footer>
    }
    .into_any()
}

fn run(cx: Cx, entry: Entry) {
    if !entry.able {
        return;
    }
    cx.ui.palette.set(false);
    match entry.does {
        Does::Go(path) => cx.nav.go(&path),
        Does::Act(action, vm, name) => act::begin(cx, action, vec![(vm, name)]),
        Does::Help => cx.ui.help.set(true),
    }
}
