//! Searching everything that is kept of a console; a hit opens the past at its line.
use super::{desk::Desk, when};
use crate::{
    routes::url::Url,
    text::{C, c, c_fill, c_plural},
    transport, words,
};
use leptos::{html, prelude::*, task::spawn_local};
use wxa_wire::{ConsoleHit, ConsoleSearchView, Operation, operation::ConsoleSearch};

/// Characters that are searched for at most.
const MOST: usize = 200;

/// What was searched for and found.
#[derive(Clone, Copy)]
struct Found {
    desk: Desk,
    /// What was asked last: answers to anything else come too late.
    asked: RwSignal<String>,
    hits: RwSignal<Vec<ConsoleHit>>,
    /// Where to go on; none when everything was searched.
    before: RwSignal<Option<u64>>,
    is_busy: RwSignal<bool>,
    problem: RwSignal<String>,
}

/// The field and the hits, newest first.
#[component]
pub(super) fn Search(desk: Desk) -> impl IntoView {
    let found = Found {
        desk,
        asked: RwSignal::default(),
        hits: RwSignal::default(),
        before: RwSignal::new(None),
        is_busy: RwSignal::new(false),
        problem: RwSignal::default(),
    };
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            found.begin(field.value());
        }
    };
    view! {
        <form class="console-search" role="search" on:submit=go>
            <label class="field">
                <span class="sr">{c(C::SearchLabel)}</span>
                <input
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength=MOST
                    placeholder=c(C::SearchLabel)
                    node_ref=field
                />
            </label>
            <button type="submit" class="btn primary">{c(C::SearchGo)}</button>
        </form>
        <p class="small muted" role="status">{move || found.words()}</p>
        <p class="problem" role="alert">{move || found.problem.get()}</p>
        <ol class="console-hits">
            {move || found.hits.with(|hits| hits.iter().map(|hit| row(desk, hit)).collect_view())}
        </ol>
        <button
            type="button"
            class="btn"
            hidden=move || found.before.get().is_none() || found.is_busy.get()
            on:click=move |_| found.ask(found.before.get_untracked())
        >
            {c(C::SearchMore)}
        </button>
    }
}

impl Found {
    fn begin(self, text: String) {
        let text: String = text.trim().chars().take(MOST).collect();
        self.hits.set(Vec::new());
        self.before.set(None);
        self.asked.set(text.clone());
        if !text.is_empty() {
            self.ask(None);
        }
    }

    fn ask(self, before: Option<u64>) {
        let text = self.asked.get_untracked();
        self.is_busy.set(true);
        self.problem.set(String::new());
        let url = Url::parse(&ConsoleSearch::ROW.path_for(&self.desk.vm))
            .with("kind", untrack(|| self.desk.kind()))
            .with("q", &text)
            .with(
                "before",
                &before.map(|before| before.to_string()).unwrap_or_default(),
            )
            .text();
        spawn_local(async move {
            let reply = transport::get::<ConsoleSearchView>(&url).await;
            // The panel may have been closed, or something else been asked.
            if self.asked.try_with_untracked(|now| *now == text) != Some(true) {
                return;
            }
            match reply {
                Ok(view) => {
                    self.hits.update(|hits| hits.extend(view.hits));
                    self.before.set(view.before);
                }
                Err(body) => self.problem.set(words::error(&body).detail),
            }
            self.is_busy.set(false);
        });
    }

    fn words(self) -> String {
        if self.asked.with(String::is_empty) {
            return c(C::SearchHelp).into();
        }
        if self.is_busy.get() {
            return c(C::SearchBusy).into();
        }
        let n = self.hits.with(Vec::len);
        match (n, self.before.get()) {
            (0, None) => c_fill(C::SearchNothing, &[("text", &self.asked.get())]),
            (n, None) => c_plural(C::SearchFound, n, &[]),
            (n, Some(_)) => c_plural(C::SearchFoundSoFar, n, &[]),
        }
    }
}

fn row(desk: Desk, hit: &ConsoleHit) -> AnyView {
    let offset = hit.offset;
    let [before, inside, after] = cut(&hit.line, hit.begin, hit.len);
    view! {
        <li>
            <button
                type="button"
                class="console-hit"
                aria-current=move || (desk.at.get() == Some(offset)).then_some("true")
                on:click=move |_| desk.jump(offset)
            >
                <time>{when::exact(desk.cx, hit.at)}</time>
                <span class="mono">{before}<mark>{inside}</mark>{after}</span>
            </button>
        </li>
    }
    .into_any()
}

/// A line before, in, and after what was found; begin and length are in characters.
fn cut(line: &str, begin: u32, len: u32) -> [String; 3] {
    let begin = usize::try_from(begin).unwrap_or(usize::MAX);
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    // The beginning of a long line may push what was found out of sight.
    const BEFORE: usize = 60;
    let skipped = begin.saturating_sub(BEFORE);
    let lead = if skipped > 0 { "…" } else { "" };
    let before: String = line.chars().skip(skipped).take(begin - skipped).collect();
    let inside = line.chars().skip(begin).take(len).collect();
    let after = line.chars().skip(begin.saturating_add(len)).collect();
    [format!("{lead}{before}"), inside, after]
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn what_was_found_stays_in_sight_and_is_counted_in_characters() {
        assert_eq!(cut("größe: panic now", 7, 5), ["größe: ", "panic", " now"]);
        let long = format!("{}panic", "x".repeat(90));
        assert_eq!(
            cut(&long, 90, 5),
            [format!("…{}", "x".repeat(60)), "panic".into(), String::new()]
        );
        assert_eq!(
            cut("short", 40, 5),
            ["short".to_owned(), String::new(), String::new()]
        );
    }
}
