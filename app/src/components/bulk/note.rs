//! The note over every page that a run on several VMs is under way or has ended; and the words read aloud about it.
use crate::{
    bulk,
    components::icon::icon,
    cx::cx,
    state,
    text::{self, T, fill, t},
};
use leptos::prelude::*;

/// Shows while there is a run whose sheet is closed.
#[component]
pub fn BulkNote() -> impl IntoView {
    let cx = cx();
    let run = cx.bulk;
    let action = Memo::new(move |_| run.run.with(|run| run.as_ref().map(|run| run.action)));
    let words = move || {
        let action = action.get()?;
        let summary = bulk::summary(run.counts()?);
        Some(format!("{}: {summary}", text::action(action)))
    };
    // Aloud: when it begins, at each quarter, and when all is over.
    let aloud = Memo::new(move |before: Option<&(usize, bool, String)>| {
        let Some(counts) = run.counts() else {
            return (0, false, String::new());
        };
        let now = (counts.quarters(), counts.is_over());
        match before {
            Some((quarters, over, said)) if (*quarters, *over) == now && !said.is_empty() => {
                (*quarters, *over, said.clone())
            }
            _ => (now.0, now.1, words().unwrap_or_default()),
        }
    });
    let shown = Memo::new(move |_| action.get().is_some() && !run.open.get());
    view! {
        <p class="sr" role="status">{move || aloud.with(|(_, _, said)| said.clone())}</p>
        {move || {
            shown.get().then(|| {
                view! {
                    <div class="banner bulk-note" role="group" aria-label=move || {
                        action.get().map(|action| fill(T::BulkSheet, &[("act", &text::action(action))]))
                    }>
                        {move || action.get().map(|action| icon(state::action_icon(action)))}
                        <span class="grow">{words}</span>
                        <button type="button" class="btn" on:click=move |_| run.open.set(true)>{t(T::BulkShow)}</button>
                        {move || {
                            (!run.is_busy())
                                .then(|| {
                                    view! {
                                        <button type="button" class="btn quiet" on:click=move |_| run.dismiss()>
                                            {t(T::BulkDismiss)}
                                        </button>
                                    }
                                })
                        }}
                    </div>
                }
            })
        }}
    }
    .into_any()
}
