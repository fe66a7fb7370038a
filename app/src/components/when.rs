//! A moment: how long ago at first, the browser's local time once it has taken over.
use crate::{clock, cx::cx, format};
use leptos::prelude::*;
use wxa_model::UnixMillis;

/// A moment in the past.
#[component]
pub fn When(at: UnixMillis) -> impl IntoView {
    let cx = cx();
    let text = Memo::new(move |_| {
        if cx.clock.local.get() {
            cx.prefs
                .now
                .with(|preferences| clock::local_time(at, cx.clock.now.get_untracked(), preferences))
        } else {
            format::ago(cx.clock.now.get_untracked().since(at))
        }
    });
    let title = move || format::ago(cx.clock.now.get_untracked().since(at));
    view! { <time class="when" title=title>{move || text.get()}</time> }.into_any()
}

/// How long ago a moment was, counting on.
#[component]
pub fn Age(at: UnixMillis) -> impl IntoView {
    let cx = cx();
    let text = Memo::new(move |_| format::ago(cx.clock.now.get().since(at)));
    view! { <span class="age">{move || text.get()}</span> }.into_any()
}
