//! The past over the terminal: it is open while the address names a place in it.
use crate::{
    components::icon::icon,
    console::{
        desk::{ConsoleWish, Desk},
        kept, when, words,
    },
    text::{C, c, c_fill},
};
use leptos::{html::Div, prelude::*};
use wxa_model::UnixMillis;
use wxa_wire::{ConsoleMarksView, ConsoleSpan};

/// How many times as fast as it was printed.
const SPEEDS: [u32; 5] = [1, 2, 5, 20, 100];
/// Width of the drawing over the slider.
const WIDTH: u64 = 1000;
/// Steps of the slider.
const LENGTH: u64 = 10_000;

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "on the server nothing is played")
)]
pub(super) enum Reeling {
    /// It is being fetched.
    Loading,
    /// It stands still.
    Still,
    /// It is played.
    Playing,
    /// It was played to its end.
    Ended,
    /// What was asked for is not kept any more; the oldest that is stands there.
    Older,
    /// Nothing is kept.
    Nothing,
    /// It cannot be had, for this reason.
    Failed(String),
}

/// What is shown of the past.
#[derive(Clone, Copy)]
pub(super) struct Past {
    pub desk: Desk,
    /// The offset that is shown, or played next.
    pub here: RwSignal<u64>,
    /// When that was printed.
    pub at: RwSignal<Option<UnixMillis>>,
    pub reeling: RwSignal<Reeling>,
    pub speed: RwSignal<u32>,
}

/// What is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Play,
    Pause,
}

/// The past, while the address names a place in it.
#[component]
pub(in crate::console) fn PastView(desk: Desk) -> impl IntoView {
    let is_open = Memo::new(move |_| desk.at.get().is_some());
    move || is_open.get().then(|| view! { <Open desk=desk/> })
}

#[component]
fn Open(desk: Desk) -> impl IntoView {
    let past = Past {
        desk,
        here: RwSignal::new(desk.at.get_untracked().unwrap_or_default()),
        at: RwSignal::new(None),
        reeling: RwSignal::new(Reeling::Loading),
        speed: RwSignal::new(1),
    };
    let screen = NodeRef::<Div>::new();
    let act = connect(past, screen);
    let back = move || {
        desk.leave_past();
        desk.act.run(ConsoleWish::Focus);
    };
    let play = move |_| {
        let is_playing = past.reeling.with_untracked(|now| *now == Reeling::Playing);
        act.run(if is_playing { Act::Pause } else { Act::Play });
    };
    let is_playing = move || past.reeling.with(|now| *now == Reeling::Playing);
    view! {
        <div
            class="console-past"
            role="region"
            aria-label=c(C::PastLabel)
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    back();
                }
            }
        >
            <div class="console-past-head">
                <b>{move || past.at.get().map(|at| when::exact(desk.cx, at))}</b>
                <span role="status">{move || past.reeling.with(state)}</span>
                <span class="grow"></span>
                <button type="button" class="btn" on:click=move |_| desk.copy_link(past.here.get_untracked())>
                    {icon("link")}{c(C::LinkHere)}
                </button>
                <button type="button" class="btn primary" on:click=move |_| back()>{c(C::BackToLive)}</button>
            </div>
            <div
                class="console-past-screen"
                data-term=desk.cx.prefs.now.with_untracked(|now| now.console_theme.name())
                node_ref=screen
            ></div>
            <div class="console-past-bar">
                <button
                    type="button"
                    class="btn sq"
                    aria-label=move || c(if is_playing() { C::Pause } else { C::Play })
                    on:click=play
                >
                    {move || icon(if is_playing() { "pause" } else { "play" })}
                </button>
                <label>
                    <span class="sr">{c(C::Speed)}</span>
                    <select class="field" on:change=move |event| past.speed.set(event_target_value(&event).parse().unwrap_or(1))>
                        {SPEEDS
                            .iter()
                            .map(|speed| view! { <option value=*speed>{format!("{speed} ×")}</option> })
                            .collect_view()}
                    </select>
                </label>
                <button type="button" class="btn" on:click=move |_| to_boot(past, Way::Back)>{c(C::BootBefore)}</button>
                <button type="button" class="btn" on:click=move |_| to_boot(past, Way::On)>{c(C::BootAfter)}</button>
                <Seek past=past/>
            </div>
        </div>
    }
    .into_any()
}

fn state(reeling: &Reeling) -> String {
    match reeling {
        Reeling::Loading => c(C::PastLoading).into(),
        Reeling::Still => c(C::PastStill).into(),
        Reeling::Playing => c(C::PastPlaying).into(),
        Reeling::Ended => c(C::PastEnded).into(),
        Reeling::Older => c(C::PastOlder).into(),
        Reeling::Nothing => c(C::PastNothing).into(),
        Reeling::Failed(why) => c_fill(C::PastFailed, &[("why", why)]),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Back,
    On,
}

fn to_boot(past: Past, way: Way) {
    let Some(known) = past.desk.marks.and_then(|marks| untrack(|| marks.get())) else {
        return;
    };
    let here = past.here.get_untracked();
    let mut boots = known.boots.iter().map(|boot| boot.offset);
    let found = match way {
        Way::Back => boots.rev().find(|boot| *boot < here),
        Way::On => boots.find(|boot| *boot > here),
    };
    if let Some(boot) = found {
        past.desk.jump(boot);
    }
}

/// The slider over all that is kept, with where boots and events are.
#[component]
fn Seek(past: Past) -> impl IntoView {
    let desk = past.desk;
    let known = Memo::new(move |_| desk.marks.and_then(|marks| marks.get()).unwrap_or_default());
    let whole = Memo::new(move |_| known.with(|known| kept::length(&known.kept)));
    // The slider has a fixed length: what it stands for grows.
    let place = move || {
        let place = known.with(|known| kept::place_of(&known.kept, past.here.get()));
        place.saturating_mul(LENGTH) / whole.get().max(1)
    };
    let moved = move |event| {
        let place: u64 = event_target_value(&event).parse().unwrap_or_default();
        let place = place.saturating_mul(whole.get_untracked()) / LENGTH;
        if let Some(offset) = known.with_untracked(|known| kept::offset_at(&known.kept, place)) {
            desk.jump(offset);
        }
    };
    let text = move || {
        past.at
            .get()
            .map(|at| when::exact(desk.cx, at))
            .unwrap_or_default()
    };
    let box_ = format!("0 0 {WIDTH} 6");
    view! {
        <div class="console-seek">
            <svg viewBox=box_ preserveAspectRatio="none" aria-hidden="true">
                {move || known.with(ticks)}
            </svg>
            <input
                type="range"
                min="0"
                max=LENGTH
                aria-label=c(C::Seek)
                aria-valuetext=text
                prop:value=move || place().to_string()
                on:change=moved
            />
        </div>
    }
}

fn ticks(known: &ConsoleMarksView) -> AnyView {
    let whole = kept::length(&known.kept).max(1);
    let x = |kept: &[ConsoleSpan], offset| kept::place_of(kept, offset).saturating_mul(WIDTH) / whole;
    let boots = known
        .boots
        .iter()
        .map(|boot| view! { <rect class="tick-boot" x=x(&known.kept, boot.offset) width="2" height="6"></rect> })
        .collect_view();
    let bad = known
        .marks
        .iter()
        .filter(|mark| words::event(mark.what).1)
        .map(|mark| view! { <rect class="tick-bad" x=x(&known.kept, mark.offset) width="3" height="6"></rect> })
        .collect_view();
    view! { {boots}{bad} }.into_any()
}

#[cfg(feature = "hydrate")]
fn connect(past: Past, screen: NodeRef<Div>) -> Callback<Act> {
    super::projector::connect(past, screen)
}

#[cfg(not(feature = "hydrate"))]
fn connect(_past: Past, _screen: NodeRef<Div>) -> Callback<Act> {
    Callback::new(|_| {})
}
