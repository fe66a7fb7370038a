//! The dialog before a paste, and the typing after it.
use super::{
    Clip, Pasting,
    pace::{self, PACES, Pace, Unit},
    text::{self, Typed},
};
use crate::{
    components::dialog::Dialog,
    console::{
        desk::{ConsoleWish, Desk},
        typing::Typing,
    },
    format,
    text::{C, c, c_fill, c_plural},
    ui::Tone,
};
use leptos::{html, prelude::*};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use wxa_model::Bytes;

/// Spans that are not worth saying.
const SOON_MS: u64 = 1000;
/// Counts pastes.
static RUNS: AtomicU32 = AtomicU32::new(0);

/// What the dialog knows of the text; nothing of it outlives the dialog.
#[derive(Clone, Copy)]
struct Form {
    text: RwSignal<String>,
    is_bracketed: RwSignal<bool>,
    is_secret: RwSignal<bool>,
    enter: RwSignal<bool>,
    /// The index in [`PACES`].
    pace: RwSignal<usize>,
}

/// Shows what is to be pasted, and types it.
#[component]
pub(in crate::console) fn PasteDialog(desk: Desk) -> impl IntoView {
    let form = Form {
        text: RwSignal::default(),
        is_bracketed: RwSignal::new(false),
        is_secret: RwSignal::new(false),
        enter: RwSignal::new(false),
        pace: RwSignal::new(0),
    };
    let is_open = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(clip) = desk.view.clip.get() {
            desk.view.clip.set(None);
            form.begin(clip);
            is_open.set(true);
        }
    });
    let close = move || {
        form.text.set(String::new());
        if is_open.get_untracked() {
            is_open.set(false);
            desk.act.run(ConsoleWish::Focus);
        }
    };
    let title = c_fill(C::PasteTitle, &[("whose", &desk.whose.noun())]);
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // One at a time: two of them would mix. What is to be typed stays in the dialog until the other one is.
        if desk.view.pasting.with_untracked(Option::is_some) {
            return;
        }
        let reaches = desk.gate.0.with_untracked(|typing| *typing == Typing::Reaches);
        if let Some(pieces) = form.pieces().filter(|_| reaches) {
            let (pace, is_bracketed) = (form.chosen(), form.is_bracketed.get_untracked());
            close();
            type_all(desk, pieces, pace, is_bracketed);
        }
    };
    let label = title.clone();
    view! {
        <Dialog
            label=Signal::stored(label)
            class="paste"
            open=is_open
            on_close=Callback::new(move |()| close())
        >
            <form class="form" on:submit=go>
                <h2>{title.clone()}</h2>
                {move || form.field()}
                <p class="muted small" role="status">{move || form.summary()}</p>
                <p class="small" class:st-warn=move || form.runs()>{move || form.consequence()}</p>
                <p class="problem" role="alert">{move || form.problem().or_else(|| desk.gate.0.with(Typing::why))}</p>
                <label>
                    {c(C::PaceLabel)}
                        <select class="field" on:change=move |event| {
                            form.pace.set(event_target_value(&event).parse().unwrap_or(0));
                        }>
                            {PACES
                                .iter()
                                .enumerate()
                                .map(|(i, (_, words))| view! {
                                    <option value=i selected=move || form.pace.get() == i>{c(*words)}</option>
                                })
                                .collect_view()}
                        </select>
                </label>
                {tick(C::PasteEnter, form.enter)}
                {tick(C::PasteSecret, form.is_secret)}
                <div class="dialog-acts">
                    <button type="button" class="btn" on:click=move |_| close()>{c(C::Cancel)}</button>
                    <button
                        type="submit"
                        class="btn primary"
                        autofocus=true
                        aria-disabled=move || desk.gate.disables().or(form.is_refused().then_some("true"))
                    >
                        {c(C::PasteGo)}
                    </button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

fn tick(label: C, signal: RwSignal<bool>) -> AnyView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || signal.get()
                on:change=move |event| signal.set(event_target_checked(&event))
            />
            <span>{c(label)}</span>
        </label>
    }
    .into_any()
}

impl Form {
    fn begin(self, clip: Clip) {
        let lines = Typed::new(&clip.text).lines();
        self.pace.set(pace::proposed(lines));
        self.is_bracketed.set(clip.is_bracketed);
        self.is_secret.set(clip.is_secret);
        // Whoever asks for a password waits for Enter.
        self.enter
            .set(clip.is_secret && !clip.text.ends_with(['\n', '\r']));
        self.text.set(clip.text);
    }

    fn typed(self) -> Typed {
        let mut typed = self.text.with(|text| Typed::new(text));
        if self.enter.get() {
            typed.text.push('\r');
        }
        typed
    }

    fn chosen(self) -> Pace {
        pace::chosen(self.pace.get())
    }

    /// What is typed; none where there is nothing, or too much.
    fn pieces(self) -> Option<Vec<String>> {
        untrack(|| (!self.is_refused()).then(|| self.typed().pieces(self.chosen(), self.is_bracketed.get())))
    }

    fn is_refused(self) -> bool {
        self.is_too_long() || self.typed().text.is_empty()
    }

    fn is_too_long(self) -> bool {
        self.text.with(|text| text.len() > text::MOST)
    }

    fn problem(self) -> Option<String> {
        let size = Bytes(text::MOST as u64);
        self.is_too_long()
            .then(|| c_fill(C::PasteTooLong, &[("size", &size)]))
    }

    /// Whether lines run as they are typed.
    fn runs(self) -> bool {
        !self.is_bracketed.get() && self.typed().text.contains('\r')
    }

    fn consequence(self) -> Option<&'static str> {
        let typed = self.typed();
        if self.is_secret.get() || !typed.text.contains('\r') {
            None
        } else {
            Some(c(if self.is_bracketed.get() {
                C::PasteBracketed
            } else {
                C::PasteRuns
            }))
        }
    }

    fn summary(self) -> String {
        let typed = self.typed();
        let pace = self.chosen();
        let mut words = vec![c_plural(
            C::PasteSum,
            typed.lines(),
            &[("chars", &typed.text.chars().filter(|c| *c != '\r').count())],
        )];
        let takes = pace.takes_ms(match pace.unit {
            Unit::Key => typed.text.chars().count(),
            Unit::Line | Unit::Piece => typed.pieces(pace, false).len(),
        });
        if takes >= SOON_MS {
            words.push(c_fill(C::PasteTakes, &[("span", &format::span(takes))]));
        }
        let mut sum = words.join(" · ");
        if typed.left_out > 0 {
            sum = format!("{sum}. {}", c_plural(C::PasteLeftOut, typed.left_out, &[]));
        }
        sum
    }

    /// The text, to be looked at and changed; or a mask of it.
    fn field(self) -> AnyView {
        let lines = self.text.with_untracked(|text| Typed::new(text).lines());
        let heard = move |event| self.text.set(event_target_value(&event));
        if !self.is_secret.get() {
            let area = NodeRef::<html::Textarea>::new();
            let placeholder = c(C::PasteEmpty);
            return view! {
                <textarea
                    class="area paste-area"
                    rows="9"
                    spellcheck="false"
                    autocomplete="off"
                    aria-label=c(C::PasteText)
                    placeholder=placeholder
                    node_ref=area
                    prop:value=self.text.get_untracked()
                    on:input=heard
                ></textarea>
            }
            .into_any();
        }
        if lines > 1 {
            // A field for passwords has one line: more of them cannot be changed there.
            let n = self.text.with_untracked(|text| text.chars().count());
            let hidden = c_fill(C::PasteHidden, &[("n", &n), ("lines", &lines)]);
            return view! { <p class="paste-hidden">{hidden}</p> }.into_any();
        }
        view! {
            <span class="field">
                <input
                    type="password"
                    autocomplete="off"
                    aria-label=c(C::PasteText)
                    prop:value=self.text.with_untracked(|text| text.trim_end_matches(['\r', '\n']).to_owned())
                    on:input=heard
                />
            </span>
        }
        .into_any()
    }
}

/// Sends `pieces` one after the other until they are all sent, somebody stops it, or the console is lost.
fn type_all(desk: Desk, pieces: Vec<String>, pace: Pace, is_bracketed: bool) {
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    desk.view.pasting.set(Some(Pasting {
        run,
        is_bracketed,
        done: 0,
        of: pieces.len(),
    }));
    next(desk, run, pieces.into_iter(), pace);
}

fn next(desk: Desk, run: u32, mut pieces: std::vec::IntoIter<String>, pace: Pace) {
    // The page may have been left meanwhile: then it is over. So it is when it was stopped, and perhaps another one was begun since.
    let pasting = desk.view.pasting.try_get_untracked().flatten();
    let Some(pasting) = pasting.filter(|pasting| pasting.run == run) else {
        return;
    };
    let Some(piece) = pieces.next() else {
        desk.view.pasting.set(None);
        return;
    };
    if !desk.is_heard() {
        desk.view.pasting.set(None);
        let more = c_fill(
            C::PasteBrokenMore,
            &[("percent", &percent(pasting.done, pasting.of))],
        );
        desk.cx.ui.say(Tone::Bad, c(C::PasteBroken), more);
        return;
    }
    desk.act.run(ConsoleWish::Type(piece));
    if pieces.len() == 0 {
        // It is over now, not after another pause: the next one may come at once.
        desk.view.pasting.set(None);
        return;
    }
    let done = pasting.done + 1;
    desk.view.pasting.set(Some(Pasting { done, ..pasting }));
    let pause = Duration::from_millis(pace.pause_ms.into());
    set_timeout(move || next(desk, run, pieces, pace), pause);
}

/// Ends the paste half-way. A guest that waits for its end is told it at once: later it might be in the middle of the next one.
fn stop(desk: Desk) {
    let stopped = desk.view.pasting.get_untracked();
    desk.view.pasting.set(None);
    if stopped.is_some_and(|pasting| pasting.is_bracketed) {
        desk.act.run(ConsoleWish::Type(text::STOP.into()));
    }
}

/// How much of it, in whole percent.
fn percent(done: usize, of: usize) -> usize {
    done.saturating_mul(100).checked_div(of).unwrap_or(100)
}

/// How far it is, with a button that stops it.
#[component]
pub(in crate::console) fn PasteProgress(desk: Desk) -> impl IntoView {
    let pasting = desk.view.pasting;
    let words = move || {
        pasting
            .get()
            .map(|Pasting { done, of, .. }| c_fill(C::PasteProgress, &[("percent", &percent(done, of))]))
    };
    view! {
        <div class="console-pasting" hidden=move || pasting.with(Option::is_none)>
            <span>{words}</span>
            <button type="button" class="btn" on:click=move |_| stop(desk)>{c(C::PasteStop)}</button>
        </div>
    }
    .into_any()
}
