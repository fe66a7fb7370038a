//! One open console: terminal and socket together, reconnecting for as long as the tab shows it.
use super::terminal::{self, Handlers, Look, Screen};
use crate::{
    console::{
        desk::{ConsoleView, ConsoleWish},
        keys,
        link::ConsoleLink,
        paste::{self, Clip},
        people::People,
        progress::{Effect, Progress},
        sticky::Sticky,
        way::ConsoleWay,
    },
    duplex::{Duplex, Incoming},
    keys::table::{self, Area, Command},
    text::{C, c_fill},
};
use js_sys::Uint8Array;
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, KeyboardEvent};
use wxa_wire::{ConsoleFrame, ConsoleQuery, ConsoleStatus, ConsoleWord, close};

/// Bytes that may wait for the terminal to draw them. A guest that floods faster loses the rest on this screen,
/// with a remark; the server's history still has it.
const MAX_UNDRAWN: u32 = 4 << 20;
const RETRY_MS: [u64; 6] = [250, 500, 1000, 2000, 4000, 8000];

/// An open console; dropping it closes everything.
pub(in crate::console) struct Session(Rc<Inner>);

struct Inner {
    way: ConsoleWay,
    element: HtmlElement,
    view: ConsoleView,
    look: Cell<Look>,
    screen: RefCell<Option<Screen>>,
    socket: RefCell<Option<Duplex<ConsoleWord>>>,
    progress: RefCell<Progress>,
    failures: Cell<usize>,
    undrawn: Cell<u32>,
    dropped: Cell<u64>,
}

impl Session {
    /// Loads the terminal into `element` and connects.
    pub fn start(way: ConsoleWay, element: HtmlElement, view: ConsoleView, look: Look) -> Self {
        let inner = Rc::new(Inner {
            way,
            element,
            view,
            look: Cell::new(look),
            screen: RefCell::default(),
            socket: RefCell::default(),
            progress: RefCell::default(),
            failures: Cell::default(),
            undrawn: Cell::default(),
            dropped: Cell::default(),
        });
        let weak = Rc::downgrade(&inner);
        spawn_local(async move {
            let loaded = terminal::load().await;
            // The tab may have been left meanwhile.
            if let Some(inner) = weak.upgrade() {
                match loaded.and_then(|()| inner.open_screen()) {
                    Ok(()) => inner.connect(),
                    Err(_) => inner.view.link.set(ConsoleLink::Closed(
                        "The terminal could not be loaded. Reload the page.",
                    )),
                }
            }
        });
        Self(inner)
    }

    /// Does what the toolbar asks.
    pub fn grant(&self, wish: ConsoleWish) {
        let inner = &self.0;
        // A tool that types says why it does nothing; what comes from the keyboard is for the server to judge.
        let types = matches!(
            wish,
            ConsoleWish::Send(_) | ConsoleWish::Hold(_) | ConsoleWish::Paste | ConsoleWish::TellSize
        );
        if types && inner.is_unheard() {
            return;
        }
        match wish {
            ConsoleWish::Send(keys) => inner.type_key(keys),
            ConsoleWish::Hold(modifier) => inner.view.sticky.update(|now| *now = now.toggled(modifier)),
            // Whoever waits for a paste to be typed may be doing something else.
            ConsoleWish::Type(text) => return inner.type_text(&text),
            ConsoleWish::Copy => inner.copy(),
            // The dialog takes the focus.
            ConsoleWish::Paste => return inner.paste(),
            ConsoleWish::Focus => {}
            ConsoleWish::TellSize => {
                let (rows, cols) = inner.view.size.get_untracked();
                inner.type_text(&keys::stty(rows, cols));
            }
            // Refused full screen leaves things as they are.
            ConsoleWish::FullScreen => {
                if let Some(panel) = inner.panel() {
                    let _ = panel.request_fullscreen();
                }
            }
            ConsoleWish::Say(word) => return inner.say(word),
        }
        inner.with_screen(Screen::focus);
    }

    /// Looks as somebody chose meanwhile.
    pub fn set_look(&self, look: Look) {
        self.0.look.set(look);
        self.0.with_screen(|screen| screen.set_look(look));
    }
}

impl Inner {
    fn open_screen(self: &Rc<Self>) -> Result<(), wasm_bindgen::JsValue> {
        let (typing, chording) = (Rc::downgrade(self), Rc::downgrade(self));
        let (sizing, pasting) = (Rc::downgrade(self), Rc::downgrade(self));
        let screen = Screen::open(
            &self.element,
            self.look.get(),
            Handlers {
                typed: Box::new(move |text| with(&typing, |inner| inner.type_key(&text))),
                chord: Box::new(move |event| chording.upgrade().is_some_and(|inner| inner.chord(event))),
                resized: Box::new(move |rows, cols| with(&sizing, |inner| inner.view.size.set((rows, cols)))),
                pasted: Box::new(move |text| {
                    let is_shown = paste::is_to_be_shown(&text);
                    if is_shown {
                        with(&pasting, |inner| {
                            if !inner.is_unheard() {
                                inner.show_paste(text);
                            }
                        });
                    }
                    is_shown
                }),
            },
        )?;
        self.view.size.set(screen.size());
        screen.focus();
        *self.screen.borrow_mut() = Some(screen);
        Ok(())
    }

    fn connect(self: &Rc<Self>) {
        self.view.link.set(ConsoleLink::Opening);
        let weak = Rc::downgrade(self);
        let receive = move |incoming| {
            if let Some(inner) = weak.upgrade() {
                inner.receive(incoming);
            }
        };
        match Duplex::open(&self.url(), receive) {
            Ok(socket) => *self.socket.borrow_mut() = Some(socket),
            Err(_) => self.retry(),
        }
    }

    fn url(&self) -> String {
        let origin = window().location().origin().unwrap_or_default();
        let path = self.way.socket();
        format!(
            "{}{path}{}",
            origin.replacen("http", "ws", 1),
            query_string(&self.progress.borrow().query())
        )
    }

    fn receive(self: &Rc<Self>, incoming: Incoming<ConsoleFrame>) {
        match incoming {
            Incoming::Bytes(bytes) => self.show(&Uint8Array::new(&bytes)),
            Incoming::Frame(frame) => {
                let effect = self.progress.borrow_mut().on_frame(frame);
                self.apply(effect);
            }
            Incoming::Closed(code) => match code {
                close::SIGNED_OUT => self.end("You are signed out. Sign in again to go on."),
                close::FORBIDDEN => self.end("You may no longer use this console."),
                close::NOT_FOUND => self.end(self.way.gone()),
                close::TOO_MANY => {
                    self.end("Too many consoles are open in this session. Close one and reload.")
                }
                _ => self.retry(),
            },
        }
    }

    fn apply(&self, effect: Effect) {
        match effect {
            Effect::Nothing => {}
            Effect::Clear => self.with_screen(Screen::clear),
            Effect::Gap(bytes) => {
                self.remark(&c_fill(C::GapNotShown, &[("bytes", &wxa_model::Bytes(bytes))]))
            }
            Effect::Status(status) => {
                if status == ConsoleStatus::Connected {
                    self.failures.set(0);
                }
                self.view.link.set(ConsoleLink::Server(status));
            }
            Effect::People(people) => {
                self.view.unheard.set(false);
                self.view.people.set(people);
            }
        }
    }

    fn show(self: &Rc<Self>, bytes: &Uint8Array) {
        let len = bytes.length();
        let replaying = self.progress.borrow().is_replaying();
        self.progress.borrow_mut().on_bytes(u64::from(len));
        self.view.offset.set(self.progress.borrow().offset());
        if replaying {
            self.view.replayed.update(|replayed| *replayed += u64::from(len));
        }
        if self.undrawn.get().saturating_add(len) > MAX_UNDRAWN {
            self.dropped.set(self.dropped.get() + u64::from(len));
            return;
        }
        self.undrawn.set(self.undrawn.get() + len);
        let weak = Rc::downgrade(self);
        let drawn = Closure::once_into_js(move || {
            with(&weak, |inner| {
                inner.undrawn.set(inner.undrawn.get().saturating_sub(len));
                let dropped = inner.dropped.take();
                if dropped > 0 {
                    inner.remark(&format!(
                        "{} not shown: the guest prints faster than this screen draws",
                        wxa_model::Bytes(dropped)
                    ));
                }
            });
        });
        self.with_screen(|screen| screen.write(bytes, drawn.unchecked_ref()));
    }

    /// A key, with Ctrl and Alt of the bar where they are down: for this one key.
    fn type_key(&self, key: &str) {
        let sticky = self.view.sticky.get_untracked();
        if sticky.is_any() {
            self.view.sticky.set(Sticky::default());
            self.type_text(&sticky.apply(key));
        } else {
            self.type_text(key);
        }
    }

    fn type_text(&self, text: &str) {
        self.send(text.as_bytes());
    }

    /// What is typed while nobody listens is lost, as on any serial line: the status beside the terminal says so.
    fn send(&self, bytes: &[u8]) {
        self.is_unheard();
        if let Some(socket) = self.socket.borrow().as_ref() {
            socket.send(&Uint8Array::from(bytes));
        }
    }

    /// Whether nothing that is typed reaches the guest; then it is said.
    fn is_unheard(&self) -> bool {
        let is_unheard = self.view.people.with_untracked(People::hear_you_not);
        if is_unheard {
            self.view.unheard.set(true);
        }
        is_unheard
    }

    /// About the keyboard. Whoever takes it wants to type.
    fn say(&self, word: ConsoleWord) {
        if let Some(socket) = self.socket.borrow().as_ref() {
            socket.say(&word);
        }
        if word == ConsoleWord::Take {
            self.with_screen(Screen::focus);
        }
    }

    fn chord(&self, event: &KeyboardEvent) -> bool {
        // By the key's place: with Shift some layouts have other letters there.
        let code = event.code();
        let letter = code.strip_prefix("Key").unwrap_or_default();
        match table::command(Area::Console, &table::chord(true, true, letter)) {
            Some(Command::Copy) => self.copy(),
            Some(Command::Leave) => self.leave(),
            _ => return false,
        }
        true
    }

    /// Gives the keyboard back to the page: to the first tool under the terminal.
    fn leave(&self) {
        let tool = self
            .panel()
            .and_then(|panel| panel.query_selector(".console-bar .console-tool").ok().flatten());
        if let Some(tool) = tool.and_then(|tool| tool.dyn_into::<HtmlElement>().ok()) {
            let _ = tool.focus();
        }
    }

    /// The terminal with everything around it.
    fn panel(&self) -> Option<web_sys::Element> {
        self.element.closest(".console").ok().flatten()
    }

    fn copy(&self) {
        if let Some(screen) = self.screen.borrow().as_ref() {
            // A browser that refuses its clipboard says so itself.
            let _ = window().navigator().clipboard().write_text(&screen.selection());
        }
    }

    /// Shows what is on the clipboard, to be typed; nothing of it where the browser does not give it.
    fn paste(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let clipboard = window().navigator().clipboard();
        // Pages without HTTPS have none.
        if clipboard.is_undefined() {
            return self.show_paste(String::new());
        }
        let reading = clipboard.read_text();
        spawn_local(async move {
            let text = JsFuture::from(reading)
                .await
                .ok()
                .and_then(|text| text.as_string());
            with(&weak, |inner| inner.show_paste(text.unwrap_or_default()));
        });
    }

    fn show_paste(&self, text: String) {
        let screen = self.screen.borrow();
        let clip = Clip {
            text,
            is_bracketed: screen.as_ref().is_some_and(Screen::is_bracketed),
            is_secret: screen
                .as_ref()
                .is_some_and(|screen| paste::asks_for_secret(&screen.line_of_cursor())),
        };
        self.view.clip.set(Some(clip));
    }

    fn retry(self: &Rc<Self>) {
        self.view.link.set(ConsoleLink::Lost);
        self.view.people.set(People::default());
        let failures = self.failures.get();
        self.failures.set(failures + 1);
        let delay = RETRY_MS
            .get(failures)
            .or(RETRY_MS.last())
            .copied()
            .unwrap_or(1000);
        let weak = Rc::downgrade(self);
        set_timeout(
            move || with(&weak, |inner| inner.connect()),
            Duration::from_millis(delay),
        );
    }

    fn end(&self, why: &'static str) {
        self.view.people.set(People::default());
        self.view.link.set(ConsoleLink::Closed(why));
    }

    fn remark(&self, text: &str) {
        self.with_screen(|screen| screen.remark(text));
    }

    fn with_screen(&self, act: impl FnOnce(&Screen)) {
        if let Some(screen) = self.screen.borrow().as_ref() {
            act(screen);
        }
    }
}

fn with(weak: &Weak<Inner>, act: impl FnOnce(&Rc<Inner>)) {
    if let Some(inner) = weak.upgrade() {
        act(&inner);
    }
}

fn query_string(query: &ConsoleQuery) -> String {
    match (query.epoch, query.from) {
        (Some(epoch), Some(from)) => format!("?epoch={epoch}&from={from}"),
        _ => String::new(),
    }
}
