//! The question before an act that loses something: it says exactly what.
use super::dialog::Dialog;
use crate::{act, cx::cx, format};
use leptos::prelude::*;

/// The dialog that asks; closed while nothing is asked.
#[component]
pub fn Confirm() -> impl IntoView {
    let cx = cx();
    let ask = cx.ui.confirm;
    let close = move || ask.set(None);
    let title = move || {
        ask.with(|ask| match ask {
            None => String::new(),
            Some(ask) => match ask.vms.as_slice() {
                [(_, name)] => format!("{} {name}?", ask.action.label()),
                many => format!("{} {}?", ask.action.label(), format::count(many.len(), "VM")),
            },
        })
    };
    let yes = move |_| {
        if let Some(ask) = ask.get_untracked() {
            close();
            act::send(cx, ask.action, ask.vms);
        }
    };
    let body = move || {
        ask.get().map(|ask| {
            let names: Vec<String> = ask.vms.iter().map(|(_, name)| name.clone()).collect();
            let list = (names.len() > 1).then(|| view! { <p class="mono small">{names.join(", ")}</p> });
            view! {
                <h2>{title}</h2>
                <p>{ask.action.loses().unwrap_or_default()}</p>
                {list}
                <p class="muted">"Shutting down asks the guest first and loses nothing."</p>
                <div class="dialog-acts">
                    <button type="button" class="btn" autofocus=true on:click=move |_| close()>"Cancel"</button>
                    <button type="button" class="btn danger solid" on:click=yes>{ask.action.label()}</button>
                </div>
            }
        })
    };
    view! {
        <Dialog
            label=Signal::derive(title)
            class="confirm"
            open=Signal::derive(move || ask.with(Option::is_some))
            on_close=Callback::new(move |()| close())
        >
            {body}
        </Dialog>
    }
    .into_any()
}
