//! The one live socket: opened in the browser, resumed by epoch and revision, tried again with growing pauses.
use super::{Link, Live, MOST_WISHED, backoff};
use crate::clock::Clock;
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, time::Duration};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};
use wxa_model::UnixMillis;
use wxa_wire::{
    LiveForm, LiveFrame, LiveRequest, Operation, SampleWish, close, index_frame,
    operation::{IndexGet, NoId},
    rank_frame,
};

/// A socket that says nothing for so long is taken for dead; the server ticks every 5 s.
const SILENCE_MS: f64 = 12_000.0;
/// Between two wishes: who scrolls passes rows of which nobody reads the numbers.
const WISHES_EVERY: Duration = Duration::from_millis(200);
/// Between two times that lists of very many VMs are made anew.
const LISTS_EVERY: Duration = Duration::from_millis(250);
thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

#[derive(Default)]
struct State {
    socket: Option<WebSocket>,
    attempt: u32,
    heard_at: f64,
    /// Counts sockets, so that a late word of an old one is ignored.
    generation: u32,
    /// Measurements came that the next frame shows.
    unshown: bool,
}

/// Opens the socket and keeps it open for as long as the page lives. In the browser only.
pub fn start(live: Live, clock: Clock, build: String) {
    let build = StoredValue::new(build);
    if live.whole.get_untracked() {
        open(live, clock, build);
    } else {
        spawn_local(async move {
            fetch_index(live).await;
            open(live, clock, build);
        });
    }
    set_interval(
        move || {
            let dead = STATE
                .with_borrow(|state| state.socket.is_some() && steady_ms() - state.heard_at > SILENCE_MS);
            if dead {
                lost(live, clock, build, 0);
            }
        },
        Duration::from_secs(2),
    );
    say_wishes(live);
    Effect::new(move |_| {
        let mut vms = live.watched();
        vms.truncate(MOST_WISHED);
        if live.link.get() == Link::Live {
            send(&LiveRequest::Watch { vms });
        }
    });
    Effect::new(move |_| live.keep_minutes(&live.wish.get()));
    Effect::new(move |_| {
        if live.rests.get() > 0 {
            rest(live);
        }
    });
    // Back from sleep or from another network: no waiting.
    window_event_listener_untyped("online", move |_| {
        if live.link.get_untracked() == Link::Lost {
            STATE.with_borrow_mut(|state| state.attempt = 0);
            open(live, clock, build);
        }
    });
}

/// Says what is wished on each new socket, and when that has changed.
fn say_wishes(live: Live) {
    let wish = Memo::new(move |_| wished(live));
    let rests = RwSignal::new(false);
    Effect::new(move |said: Option<Option<SampleWish>>| {
        let (wish, said) = (wish.get(), said.flatten());
        if live.link.get() != Link::Live {
            return None;
        }
        if said.as_ref() == Some(&wish) || rests.get() {
            return said;
        }
        send(&LiveRequest::Samples { wish: wish.clone() });
        rests.set(true);
        set_timeout(move || rests.set(false), WISHES_EVERY);
        Some(wish)
    });
}

/// Milliseconds on a clock that nobody sets.
fn steady_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// The index of all VMs, for a page that came with those in sight. Where it does not come, the socket brings it.
async fn fetch_index(live: Live) {
    let frame = crate::transport::bytes(&IndexGet::ROW.path_for(&NoId)).await;
    let frame = frame.as_deref().and_then(index_frame::decode);
    // What is read is shown with the next frame: neither holds the page up for long.
    crate::steps::pause().await;
    if !frame.is_some_and(|frame| live.apply_index(frame)) {
        live.lose_cursor();
    }
}

/// Lets lists of very many VMs rest between two times that they are made anew.
fn rest(live: Live) {
    set_timeout(
        move || {
            if live.rested() {
                rest(live);
            }
        },
        LISTS_EVERY,
    );
}

fn wished(live: Live) -> SampleWish {
    if !live.is_large() {
        live.forget_ranks();
        return SampleWish::Vms(live.guests().iter().map(|vm| vm.id).collect());
    }
    let (mut vms, mut hosts, rank) = (live.wish.get(), live.wish_hosts.get(), live.rank.get());
    vms.truncate(MOST_WISHED);
    hosts.truncate(MOST_WISHED);
    if rank.is_none() {
        live.forget_ranks();
    }
    SampleWish::Shown { vms, hosts, rank }
}

fn send(request: &LiveRequest) {
    let Ok(text) = serde_json::to_string(request) else {
        return;
    };
    STATE.with_borrow(|state| {
        if let Some(socket) = &state.socket {
            // A socket that is closing refuses; its close event follows.
            let _ = socket.send_with_str(&text);
        }
    });
}

fn open(live: Live, clock: Clock, build: StoredValue<String>) {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let host = location.host().unwrap_or_default();
    let url = format!("{}://{host}/api/v1/live", if secure { "wss" } else { "ws" });
    let Ok(socket) = WebSocket::new(&url) else {
        return lost(live, clock, build, 0);
    };
    socket.set_binary_type(BinaryType::Arraybuffer);
    let generation = STATE.with_borrow_mut(|state| {
        if let Some(old) = state.socket.take() {
            silence(&old);
        }
        state.generation += 1;
        state.heard_at = steady_ms();
        state.socket = Some(socket.clone());
        state.generation
    });
    let current = move || STATE.with_borrow(|state| state.generation == generation);

    let on_open = Closure::once_into_js(move || {
        let (epoch, revision) = live.cursor();
        send(&LiveRequest::Hello {
            epoch,
            revision,
            form: LiveForm::Index,
        });
    });
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if current() {
            STATE.with_borrow_mut(|state| state.heard_at = steady_ms());
            if !heard(live, clock, build, &event.data()) {
                live.lose_cursor();
                lost(live, clock, build, 0);
            }
        }
    })
    .into_js_value();
    let on_close = Closure::once_into_js(move |event: CloseEvent| {
        if current() {
            lost(live, clock, build, event.code());
        }
    });
    socket.set_onopen(Some(on_open.unchecked_ref()));
    socket.set_onmessage(Some(on_message.unchecked_ref()));
    socket.set_onclose(Some(on_close.unchecked_ref()));
}

/// Takes in a message; false when it does not fit.
fn heard(live: Live, clock: Clock, build: StoredValue<String>, data: &wasm_bindgen::JsValue) -> bool {
    let Some(text) = data.as_string() else {
        let bytes = js_sys::Uint8Array::new(data).to_vec();
        if index_frame::is_one(&bytes) {
            return index_frame::decode(&bytes).is_some_and(|frame| live.apply_index(frame));
        }
        if rank_frame::is_one(&bytes) {
            live.apply_ranks(&bytes);
        } else if live.take_samples(&bytes) {
            show_samples(live);
        }
        return true;
    };
    let Ok(frame) = serde_json::from_str::<LiveFrame>(&text) else {
        return false;
    };
    match &frame {
        LiveFrame::Welcome { build: theirs, now } => {
            STATE.with_borrow_mut(|state| state.attempt = 0);
            clock.server_says(*now);
            let other = build.with_value(|ours| !ours.is_empty() && ours != theirs);
            live.other_build.set(other);
            live.link.set(Link::Live);
        }
        LiveFrame::Tick { now } => clock.server_says(UnixMillis(now.0)),
        _ => {}
    }
    live.apply(frame)
}

/// Shows measurements with the browser's next frame: they come by the dozen, from many hosts and with the last minute of many VMs.
fn show_samples(live: Live) {
    if STATE.with_borrow_mut(|state| std::mem::replace(&mut state.unshown, true)) {
        return;
    }
    request_animation_frame(move || {
        STATE.with_borrow_mut(|state| state.unshown = false);
        live.show_samples();
    });
}

fn lost(live: Live, clock: Clock, build: StoredValue<String>, code: u16) {
    let attempt = STATE.with_borrow_mut(|state| {
        if let Some(socket) = state.socket.take() {
            silence(&socket);
        }
        state.generation += 1;
        state.attempt += 1;
        state.attempt - 1
    });
    live.link.set(Link::Lost);
    if code == close::SIGNED_OUT {
        return crate::nav::sign_in_again();
    }
    let generation = STATE.with_borrow(|state| state.generation);
    let pause = backoff::delay_ms(attempt, js_sys::Math::random());
    set_timeout(
        move || {
            if STATE.with_borrow(|state| state.generation == generation) {
                open(live, clock, build);
            }
        },
        Duration::from_millis(pause.into()),
    );
}

fn silence(socket: &WebSocket) {
    socket.set_onopen(None);
    socket.set_onmessage(None);
    socket.set_onclose(None);
    let _ = socket.close();
}
