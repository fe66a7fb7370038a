//! The browser's half of the past: fetches a stretch, shows it in a terminal of its own, and plays it.
use super::{
    reel::{Player, Reel, Shot},
    view::{Act, Past, Reeling},
};
use crate::{
    console::browser::{self, Handlers, Screen},
    routes::url::Url,
    text::{C, c_fill},
    transport, words,
};
use js_sys::Uint8Array;
use leptos::{html::Div, leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};
use wasm_bindgen::{JsCast, closure::Closure};
use wxa_model::Bytes;
use wxa_wire::{ConsoleHistoryView, Operation, operation::ConsoleHistory};

/// Bytes before a line that are shown too: what the screen looked like.
const LEAD: u64 = 24 << 10;
/// Bytes that are asked for at once.
const STRETCH: u64 = 160 << 10;
/// So many bytes before the end of what is there, more is asked for.
const AHEAD: u64 = 64 << 10;
/// Bytes that may wait for the terminal to draw them.
const MAX_UNDRAWN: u32 = 1 << 20;
const TICK: Duration = Duration::from_millis(40);
/// A page that was asleep does not make up for it.
const LONGEST_TICK_MS: f64 = 500.0;

struct Inner {
    past: Past,
    screen: Screen,
    reel: RefCell<Reel>,
    player: Cell<Option<Player>>,
    timer: Cell<Option<IntervalHandle>>,
    last_tick: Cell<f64>,
    /// Counts what was asked for: an answer to anything but the last is dropped.
    turn: Cell<u32>,
    is_fetching: Cell<bool>,
    undrawn: Cell<u32>,
}

/// Shows what the address names, for as long as the component lives.
pub(super) fn connect(past: Past, node: NodeRef<Div>) -> Callback<Act> {
    // Local storage: it belongs to this thread and ends with this component.
    let projector = StoredValue::new_local(None::<Rc<Inner>>);
    let is_ready = RwSignal::new(false);
    let look = untrack(|| browser::look(past.desk.cx));
    Effect::new(move |_| {
        let Some(element) = node.get() else {
            return;
        };
        spawn_local(async move {
            let opened = match browser::load().await {
                Ok(()) => Screen::open(&element, look, Handlers::none()),
                Err(why) => Err(why),
            };
            let Ok(screen) = opened else {
                let why = "The terminal could not be loaded.".to_owned();
                let _ = past.reeling.try_set(Reeling::Failed(why));
                return;
            };
            let inner = Rc::new(Inner::new(past, screen));
            if projector.try_update_value(|kept| *kept = Some(inner)).is_some() {
                is_ready.set(true);
            }
        });
    });
    Effect::new(move |_| {
        if let Some(offset) = past.desk.at.get().filter(|_| is_ready.get()) {
            projector.with_value(|projector| {
                if let Some(projector) = projector {
                    projector.show(offset);
                }
            });
        }
    });
    Callback::new(move |wish| {
        projector.with_value(|projector| match (projector, wish) {
            (Some(projector), Act::Play) => projector.play(),
            (Some(projector), Act::Pause) => projector.pause(Reeling::Still),
            (None, _) => {}
        });
    })
}

impl Inner {
    fn new(past: Past, screen: Screen) -> Self {
        Self {
            past,
            screen,
            reel: RefCell::default(),
            player: Cell::new(None),
            timer: Cell::new(None),
            last_tick: Cell::new(0.0),
            turn: Cell::new(0),
            is_fetching: Cell::new(false),
            undrawn: Cell::new(0),
        }
    }

    /// Fetches what is around `offset` and shows it; goes on playing from there where it was played.
    fn show(self: &Rc<Self>, offset: u64) {
        let goes_on = self.timer.get().is_some();
        self.pause(Reeling::Loading);
        let turn = self.turn.get().wrapping_add(1);
        self.turn.set(turn);
        let weak = Rc::downgrade(self);
        let url = self.url(offset.saturating_sub(LEAD));
        spawn_local(async move {
            let reply = transport::get::<ConsoleHistoryView>(&url).await;
            with(&weak, |inner| {
                if inner.turn.get() != turn {
                    return;
                }
                match reply {
                    Ok(view) => inner.draw(Reel::new(view), offset),
                    Err(body) => inner
                        .past
                        .reeling
                        .set(Reeling::Failed(words::error(&body).detail)),
                }
                if goes_on {
                    inner.play();
                }
            });
        });
    }

    fn url(&self, from: u64) -> String {
        Url::parse(&ConsoleHistory::ROW.path_for(&self.past.desk.vm))
            .with("kind", untrack(|| self.past.desk.kind()))
            .with("from", &from.to_string())
            .with("most", &STRETCH.to_string())
            .text()
    }

    /// Shows all of a reel, at the line of `offset`.
    fn draw(self: &Rc<Self>, reel: Reel, offset: u64) {
        let (Some(begin), Some(end)) = (reel.begin(), reel.end()) else {
            self.past.reeling.set(Reeling::Nothing);
            return;
        };
        self.screen.clear();
        let here = offset.clamp(begin, end);
        self.put(reel.between(begin, here));
        let weak = Rc::downgrade(self);
        let (rest, after) = (reel.between(here, end), Rc::downgrade(self));
        // When what is before it is on the screen, the cursor is in the line.
        self.then(move || {
            with(&weak, |inner| {
                let mark = inner.screen.mark();
                inner.put(rest);
                inner.then(move || {
                    with(&after, |inner| {
                        if let Some(mark) = mark {
                            inner.screen.show_line(&mark);
                        }
                    });
                });
            });
        });
        let state = if offset < begin {
            Reeling::Older
        } else {
            Reeling::Still
        };
        self.past.here.set(here);
        self.past.at.set(reel.at(here));
        self.past.reeling.set(state);
        *self.reel.borrow_mut() = reel;
    }

    fn play(self: &Rc<Self>) {
        let reel = self.reel.borrow();
        let Some(player) = Player::new(&reel, self.past.here.get_untracked()) else {
            return;
        };
        self.screen.clear();
        self.put(reel.between(reel.begin().unwrap_or_default(), player.offset));
        self.player.set(Some(player));
        self.last_tick.set(js_sys::Date::now());
        let weak = Rc::downgrade(self);
        let timer = set_interval_with_handle(move || with(&weak, |inner| inner.tick()), TICK).ok();
        if let Some(before) = self.timer.replace(timer) {
            before.clear();
        }
        self.past.reeling.set(Reeling::Playing);
    }

    fn pause(&self, state: Reeling) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        self.past.reeling.set(state);
    }

    fn tick(self: &Rc<Self>) {
        let now = js_sys::Date::now();
        let elapsed = (now - self.last_tick.replace(now)).clamp(0.0, LONGEST_TICK_MS);
        let Some(mut player) = self.player.get().filter(|_| self.undrawn.get() < MAX_UNDRAWN) else {
            return;
        };
        let speed = self.past.speed.get_untracked();
        let (shots, end, next) = {
            let reel = self.reel.borrow();
            let shots = player.step(&reel, elapsed as u64, speed);
            self.past.at.set(reel.at(player.offset));
            (shots, reel.end().unwrap_or_default(), reel.next)
        };
        self.player.set(Some(player));
        self.past.here.set(player.offset);
        self.put(shots);
        match next {
            Some(next) if end.saturating_sub(player.offset) < AHEAD => self.fetch_more(next),
            None if player.offset >= end => self.pause(Reeling::Ended),
            Some(_) | None => {}
        }
    }

    fn fetch_more(self: &Rc<Self>, next: u64) {
        if self.is_fetching.replace(true) {
            return;
        }
        let (weak, turn, url) = (Rc::downgrade(self), self.turn.get(), self.url(next));
        spawn_local(async move {
            let reply = transport::get::<ConsoleHistoryView>(&url).await;
            with(&weak, |inner| {
                inner.is_fetching.set(false);
                if inner.turn.get() != turn {
                    return;
                }
                match reply {
                    Ok(view) => inner.reel.borrow_mut().add(view),
                    Err(body) => inner.pause(Reeling::Failed(words::error(&body).detail)),
                }
            });
        });
    }

    fn put(self: &Rc<Self>, shots: Vec<Shot>) {
        for shot in shots {
            match shot {
                Shot::Gap(bytes) => {
                    let words = c_fill(C::GapNotKept, &[("bytes", &Bytes(bytes))]);
                    self.screen.remark(&words);
                }
                Shot::Bytes(bytes) => {
                    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                    self.undrawn.set(self.undrawn.get().saturating_add(len));
                    let weak = Rc::downgrade(self);
                    let drawn = Closure::once_into_js(move || {
                        with(&weak, |inner| {
                            inner.undrawn.set(inner.undrawn.get().saturating_sub(len));
                        });
                    });
                    self.screen
                        .write(&Uint8Array::from(bytes.as_slice()), drawn.unchecked_ref());
                }
            }
        }
    }

    /// Does `act` when everything is on the screen that was put there until now.
    fn then(&self, act: impl FnOnce() + 'static) {
        let act = Closure::once_into_js(act);
        self.screen
            .write(&Uint8Array::new_with_length(0), act.unchecked_ref());
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }
}

fn with(weak: &Weak<Inner>, act: impl FnOnce(&Rc<Inner>)) {
    if let Some(inner) = weak.upgrade() {
        act(&inner);
    }
}
