//! Over the charts: which range, whether it follows the time, with what to compare, and what a point is.
use super::{
    board::Board,
    chart::{is_live, resolution},
    compare::Compare,
    custom::Custom,
    range::{Preset, Range},
};
use crate::text::{T, t};
use leptos::prelude::*;

#[component]
pub(super) fn Toolbar(board: Board, title: String) -> impl IntoView {
    let url = board.cx.nav.url;
    // Links, so that they work without script too and can be sent to somebody.
    let preset = move |preset: Preset| {
        let href = move || url.with(|url| Range::Last(preset).put(url).text());
        let here = move || (board.range.get() == Range::Last(preset)).then_some("true");
        view! { <a href=href aria-current=here>{preset.label()}</a> }
    };
    let has_band = Memo::new(move |_| {
        board
            .histories
            .with(|all| all.values().any(|history| history.has_band()))
    });
    let follow = move |_| {
        if untrack(|| is_live(board)) {
            let (from, to) = board.window.get_untracked();
            board.go(Range::Between(from, to));
        } else {
            let spans = url.with_untracked(|url| Range::of(&url.with("from", "").with("to", "")));
            board.go(spans);
        }
    };
    view! {
        <div class="range">
            {if title.is_empty() {
                view! { <h2 class="sr">{t(T::Performance)}</h2> }.into_any()
            } else {
                view! { <h2>{title}</h2> }.into_any()
            }}
            <span class="muted small only-desk">{move || resolution(board, has_band.get())}</span>
            <span class="grow"></span>
            <Compare board=board/>
            <nav class="seg" aria-label=t(T::TimeRange)>
                {Preset::ALL.into_iter().map(preset).collect_view()}
            </nav>
            <Custom board=board/>
            <button
                type="button"
                class="btn follow"
                aria-pressed=move || if is_live(board) { "true" } else { "false" }
                title=t(T::FollowMore)
                on:click=follow
            >
                {t(T::Live)}
            </button>
        </div>
    }
    .into_any()
}
