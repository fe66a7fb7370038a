//! The strip above the terminal: how the last boot went, and the way to the ones before.
use super::{
    boots::{Stage, Timeline, timelines},
    desk::{Desk, Side},
    when, words,
};
use crate::{
    components::icon::small_icon,
    text::{C, c, c_fill, c_plural},
};
use leptos::prelude::*;
use wxa_model::{Bytes, console::GuestPhase};
use wxa_wire::ConsoleMarksView;

/// Width of the drawing.
const WIDTH: u64 = 1000;
/// That of a stage that is not over, as it takes no time yet.
const LAST_WIDTH: u64 = 24;

/// The strip; nothing for who may not read what was printed.
#[component]
pub(super) fn Strip(desk: Desk) -> impl IntoView {
    let Some(marks) = desk.marks else {
        return ().into_any();
    };
    let known = Memo::new(move |_| marks.get());
    let last = Memo::new(move |_| known.with(|known| timelines(known.as_ref()?).pop()));
    let boots = Memo::new(move |_| {
        known.with(|known| known.as_ref().map(|known| known.boots.len()).unwrap_or_default())
    });
    let is_open = move || desk.side.get() == Some(Side::Boots);
    view! {
        <section class="console-strip" aria-label=c(C::StripLabel)>
            <p class="console-strip-words">
                {move || match marks.error() {
                    Some(_) => view! { <span class="muted">{c(C::StripUnreadable)}</span> }.into_any(),
                    None => known.with(|known| headline(known.as_ref(), last.get())),
                }}
            </p>
            <div class="console-strip-stages">{move || last.get().map(|last| stages(desk, &last))}</div>
            <button
                type="button"
                class="console-tool"
                aria-pressed=move || if is_open() { "true" } else { "false" }
                on:click=move |_| desk.toggle(Side::Boots)
            >
                {small_icon("history")}
                {move || match boots.get() {
                    0 => c(C::BootsNone).to_owned(),
                    n => c_plural(C::BootsCount, n, &[]),
                }}
            </button>
        </section>
    }
    .into_any()
}

fn headline(known: Option<&ConsoleMarksView>, last: Option<Timeline>) -> AnyView {
    let Some(known) = known else {
        return view! { <span class="muted">{c(C::StripWaiting)}</span> }.into_any();
    };
    if let Some(why) = &known.not_recorded {
        return view! { <span class="st-warn">{c_fill(C::NotRecorded, &[("why", why)])}</span> }.into_any();
    }
    let kept = || {
        let bytes = Bytes(super::kept::length(&known.kept));
        view! { <span class="muted">{c_fill(C::StripKept, &[("bytes", &bytes)])}</span> }.into_any()
    };
    let Some(last) = last else {
        return kept();
    };
    if last.ended_in(GuestPhase::Panicked) {
        let after = when::took(last.stages_ms());
        return view! { <b class="st-crashed">{c_fill(C::StripPanicked, &[("span", &after)])}</b> }
            .into_any();
    }
    let usual = last
        .usual_ms
        .map(|ms| format!(" · {}", c_fill(C::StripUsual, &[("span", &when::took(ms))])));
    match (last.boot.login_ms, last.stages.last()) {
        (Some(ms), _) => {
            let class = if last.is_slow() { "st-warn" } else { "" };
            view! {
                <b class=class>{c_fill(C::StripBooted, &[("span", &when::took(ms))])}</b>
                <span class="muted">{usual}</span>
            }
            .into_any()
        }
        (None, Some(stage)) => {
            let words = c_fill(C::StripReached, &[("stage", &words::phase(stage.phase))]);
            view! { <b>{words}</b><span class="muted">{usual}</span> }.into_any()
        }
        (None, None) => kept(),
    }
}

/// The stages as a bar, and as links to where they begin.
fn stages(desk: Desk, last: &Timeline) -> AnyView {
    if last.stages.is_empty() {
        return ().into_any();
    }
    let whole = last.stages_ms();
    let same = WIDTH / last.stages.len().max(1) as u64;
    let mut x = 0;
    let bars = last
        .stages
        .iter()
        .map(|stage| {
            let width = match stage.ms {
                _ if whole == 0 => same,
                Some(ms) => (WIDTH - LAST_WIDTH).saturating_mul(ms) / whole,
                None => WIDTH.saturating_sub(x),
            };
            let bar = view! { <rect class=class(stage.phase) x=x width=width.saturating_sub(4).max(2) height="10"></rect> };
            x += width;
            bar
        })
        .collect_view();
    let names = last
        .stages
        .iter()
        .map(|Stage { phase, offset, ms }| {
            let offset = *offset;
            let text = match ms {
                Some(ms) => format!("{} {}", words::phase(*phase), when::took(*ms)),
                None => words::phase(*phase).to_owned(),
            };
            view! {
                <li>
                    <button type="button" class="console-stage-link" on:click=move |_| desk.jump(offset)>
                        <i class=class(*phase) aria-hidden="true"></i>
                        {text}
                    </button>
                </li>
            }
        })
        .collect_view();
    let box_ = format!("0 0 {WIDTH} 10");
    view! {
        <svg viewBox=box_ preserveAspectRatio="none" aria-hidden="true">{bars}</svg>
        <ol>{names}</ol>
    }
    .into_any()
}

fn class(phase: GuestPhase) -> &'static str {
    match phase {
        GuestPhase::Firmware => "phase-1",
        GuestPhase::BootLoader => "phase-2",
        GuestPhase::Kernel => "phase-3",
        GuestPhase::Init | GuestPhase::Shutdown => "phase-4",
        GuestPhase::Fsck => "phase-fsck",
        GuestPhase::Login => "phase-login",
        GuestPhase::Panicked => "phase-panicked",
    }
}
