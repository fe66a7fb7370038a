//! The question before an act that loses something: it says exactly what.
use super::dialog::Dialog;
use crate::{
    act,
    cx::cx,
    text::{self, T, fill, t},
    ui::Ask,
};
use leptos::prelude::*;

/// The dialog that asks; closed while nothing is asked.
#[component]
pub fn Confirm() -> impl IntoView {
    let cx = cx();
    let ask = cx.ui.confirm;
    let close = move || ask.set(None);
    let title = move || {
        ask.with(|ask| {
            ask.as_ref()
                .map(|ask| match ask.act.key {
                    Some(key) => fill(T::AskSysrq, &[("key", &key), ("name", &ask.name)]),
                    None => fill(
                        T::AskAbout,
                        &[("act", &text::action(ask.act.action)), ("name", &ask.name)],
                    ),
                })
                .unwrap_or_default()
        })
    };
    let yes = move |_| {
        if let Some(Ask { act, name }) = ask.get_untracked() {
            close();
            act::send(cx, act, name);
        }
    };
    let body = move || {
        ask.get().map(|ask| {
            view! {
                <h2>{title}</h2>
                <p>{ask.act.loses().unwrap_or_default()}</p>
                <p class="muted">{text::gentler(ask.act.action).map(t)}</p>
                <div class="dialog-acts">
                    <button type="button" class="btn" autofocus=true on:click=move |_| close()>{t(T::Cancel)}</button>
                    <button type="button" class="btn danger solid" on:click=yes>{text::action(ask.act.action)}</button>
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
