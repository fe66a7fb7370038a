//! The palette: objects and verbs in one list, found by a few letters.
pub mod entries;
mod fuzzy;
mod rank;

use super::{dialog::Dialog, icon::icon};
use crate::{
    act, browser,
    cx::{Cx, cx},
    text::{T, t},
};
use entries::{Does, Entry};
use leptos::{html, prelude::*};
use wxa_model::VmAct;

/// The palette's dialog.
#[component]
pub fn Palette() -> impl IntoView {
    let open = cx().ui.palette;
    view! {
        <Dialog
            label=t(T::SearchOrAct).to_owned()
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
    let typed = cx.ui.typed_ahead.try_update_value(std::mem::take);
    let typed = typed.unwrap_or_default();
    let query = RwSignal::new(typed.clone());
    let at = RwSignal::new(0usize);
    let recent = StoredValue::new(recent(cx));
    let entries = Memo::new(move |_| recent.with_value(|recent| entries::entries(cx, &query.get(), recent)));
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
                aria-label=t(T::SearchOrAct)
                aria-expanded="true"
                aria-controls="entries"
                aria-activedescendant=move || format!("entry-{}", at.get())
                autocomplete="off"
                spellcheck="false"
                placeholder=t(T::PalettePlaceholder)
                node_ref=input
                prop:value=typed
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    at.set(0);
                }
                on:keydown=keys
            />
            <kbd>"Esc"</kbd>
        </div>
        <ul id="entries" role="listbox" aria-label=t(T::PaletteFound)>
            {move || entries.get().into_iter().enumerate().map(line).collect_view()}
        </ul>
        {move || entries.with(Vec::is_empty).then(|| view! { <p class="muted pad">{t(T::PaletteNothing)}</p> })}
        <footer>
            <span><kbd>"↑"</kbd>" "<kbd>"↓"</kbd>{t(T::PaletteChoose)}</span>
            <span><kbd>"Enter"</kbd>{t(T::PaletteDo)}</span>
            <span>{t(T::PaletteExample)}<code>"shut web"</code></span>
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
        Does::Go(path) => {
            remember(cx, &path);
            cx.nav.go(&path);
        }
        Does::Act(action, vm, name) => act::begin(cx, VmAct::new(action, vm), name),
        Does::ActOnMarked(action) => cx.ui.bulk_ask.set(Some(action)),
        Does::Keys => cx.ui.help.set(true),
    }
}

/// Where this account has gone from here lately, in this browser. Acts are not remembered: nothing that one did once is
/// offered first to be done again.
fn recent(cx: Cx) -> Vec<String> {
    let text = browser::stored(&stored_as(cx)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn remember(cx: Cx, path: &str) {
    let recent = rank::visited(recent(cx), path);
    browser::store(&stored_as(cx), &recent.join("\n"));
}

fn stored_as(cx: Cx) -> String {
    format!("wxa-recent-{}", cx.user())
}
