//! All keys: as a dialog over any page, and as a part of the help page.
use super::dialog::Dialog;
use crate::{
    cx::cx,
    keys::table::{AREAS, Area, Key, TABLE, caps},
    text::{T, t},
};
use leptos::prelude::*;

/// The dialog with all keys.
#[component]
pub fn Help() -> impl IntoView {
    let open = cx().ui.help;
    view! {
        <Dialog label=t(T::Keys).to_owned() class="help" open=open on_close=Callback::new(move |()| open.set(false))>
            <h2>{t(T::Keys)}</h2>
            <div class="dialog-scroll" tabindex="0" role="group" aria-label=t(T::Keys)>{all_keys()}</div>
            <div class="dialog-acts">
                <a class="btn" href="/help" on:click=move |_| open.set(false)>{t(T::MoreInHelp)}</a>
                <button type="button" class="btn" autofocus=true on:click=move |_| open.set(false)>{t(T::Close)}</button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// All keys by area.
pub fn all_keys() -> AnyView {
    AREAS
        .into_iter()
        .map(|(area, heading)| {
            view! {
                <div class="keys-area">
                    <h3>{t(heading)}</h3>
                    <dl class="keys">{of(area).map(row).collect_view()}</dl>
                </div>
            }
        })
        .collect_view()
        .into_any()
}

fn of(area: Area) -> impl Iterator<Item = &'static Key> {
    TABLE.iter().filter(move |key| key.area == area)
}

fn row(key: &'static Key) -> AnyView {
    let keys = caps(key.chord)
        .into_iter()
        .map(|cap| view! { <kbd>{cap}</kbd>" " });
    view! { <div><dt>{keys.collect_view()}</dt><dd>{t(key.what)}</dd></div> }.into_any()
}
