//! One open console: terminal and socket together, reconnecting for as long as the tab shows it.
use super::{
    socket::{Incoming, Socket},
    terminal::{self, Handlers, Look, Screen},
};
use crate::{
    console::{
        keys,
        panel::{ConsoleLink, ConsoleView, ConsoleWish},
        progress::{Effect, Progress},
    },
    keys::table::{self, Area, Command},
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
use wxa_model::VmId;
use wxa_wire::{ConsoleQuery, ConsoleStatus, Operation, close, operation::ConsoleOpen};

/// Bytes that may wait for the terminal to draw them. A guest that floods faster loses the rest on this screen,
/// with a remark; the server's history still has it.
const MAX_UNDRAWN: u32 = 4 << 20;
const RETRY_MS: [u64; 6] = [250, 500, 1000, 2000, 4000, 8000];

/// An open console; dropping it closes everything.
pub(in crate::console) struct Session(Rc<Inner>);

struct Inner {
    vm: VmId,
    element: HtmlElement,
    view: ConsoleView,
    look: Look,
    screen: RefCell<Option<Screen>>,
    socket: RefCell<Option<Socket>>,
    progress: RefCell<Progress>,
    failures: Cell<usize>,
    undrawn: Cell<u32>,
    dropped: Cell<u64>,
}

impl Session {
    /// Loads the terminal into `element` and connects.
    pub fn start(vm: VmId, element: HtmlElement, view: ConsoleView, look: Look) -> Self {
        let inner = Rc::new(Inner {
            vm,
            element,
            view,
            look,
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
        match wish {
            ConsoleWish::Send(keys) => inner.type_text(keys),
            ConsoleWish::Copy => inner.copy(),
            ConsoleWish::Paste => inner.paste(),
            ConsoleWish::TellSize => {
                let (rows, cols) = inner.view.size.get_untracked();
                inner.type_text(&keys::stty(rows, cols));
            }
            // Refused full screen leaves things as they are.
            ConsoleWish::FullScreen => {
                if let Some(panel) = inner.element.parent_element() {
                    let _ = panel.request_fullscreen();
                }
            }
            ConsoleWish::ScreenReader => inner.with_screen(Screen::toggle_screen_reader),
        }
        inner.with_screen(Screen::focus);
    }
}

impl Inner {
    fn open_screen(self: &Rc<Self>) -> Result<(), wasm_bindgen::JsValue> {
        let (typing, chording, sizing) = (Rc::downgrade(self), Rc::downgrade(self), Rc::downgrade(self));
        let screen = Screen::open(
            &self.element,
            self.look,
            Handlers {
                typed: Box::new(move |text| with(&typing, |inner| inner.send(text.as_bytes()))),
                chord: Box::new(move |event| chording.upgrade().is_some_and(|inner| inner.chord(event))),
                resized: Box::new(move |rows, cols| with(&sizing, |inner| inner.view.size.set((rows, cols)))),
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
        match Socket::open(&self.url(), receive) {
            Ok(socket) => *self.socket.borrow_mut() = Some(socket),
            Err(_) => self.retry(),
        }
    }

    fn url(&self) -> String {
        let origin = window().location().origin().unwrap_or_default();
        let path = ConsoleOpen::ROW.path_for(&self.vm);
        format!(
            "{}{path}{}",
            origin.replacen("http", "ws", 1),
            query_string(&self.progress.borrow().query())
        )
    }

    fn receive(self: &Rc<Self>, incoming: Incoming) {
        match incoming {
            Incoming::Bytes(bytes) => self.show(&bytes),
            Incoming::Frame(frame) => {
                let effect = self.progress.borrow_mut().on_frame(frame);
                self.apply(effect);
            }
            Incoming::Closed(code) => match code {
                close::SIGNED_OUT => self.end("You are signed out. Sign in again to go on."),
                close::FORBIDDEN => self.end("You may no longer use this console."),
                close::NOT_FOUND => self.end("This VM is no longer there."),
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
            Effect::Gap(bytes) => self.remark(&format!("{} not shown", wxa_model::Bytes(bytes))),
            Effect::Status(status) => {
                if status == ConsoleStatus::Connected {
                    self.failures.set(0);
                }
                self.view.link.set(ConsoleLink::Server(status));
            }
            Effect::Viewers(names) => self.view.viewers.set(names),
        }
    }

    fn show(self: &Rc<Self>, bytes: &Uint8Array) {
        let len = bytes.length();
        let replaying = self.progress.borrow().is_replaying();
        self.progress.borrow_mut().on_bytes(u64::from(len));
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

    fn type_text(&self, text: &str) {
        self.send(text.as_bytes());
    }

    /// What is typed while nobody listens is lost, as on any serial line: the status beside the terminal says so.
    fn send(&self, bytes: &[u8]) {
        if let Some(socket) = self.socket.borrow().as_ref() {
            socket.send(bytes);
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
            .element
            .parent_element()
            .and_then(|panel| panel.query_selector(".console-tool").ok().flatten());
        if let Some(tool) = tool.and_then(|tool| tool.dyn_into::<HtmlElement>().ok()) {
            let _ = tool.focus();
        }
    }

    fn copy(&self) {
        if let Some(screen) = self.screen.borrow().as_ref() {
            // A browser that refuses its clipboard says so itself.
            let _ = window().navigator().clipboard().write_text(&screen.selection());
        }
    }

    fn paste(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let reading = window().navigator().clipboard().read_text();
        spawn_local(async move {
            if let Ok(text) = JsFuture::from(reading).await {
                with(&weak, |inner| {
                    inner.with_screen(|screen| screen.paste(&text.as_string().unwrap_or_default()))
                });
            }
        });
    }

    fn retry(self: &Rc<Self>) {
        self.view.link.set(ConsoleLink::Lost);
        self.view.viewers.set(Vec::new());
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
        self.view.viewers.set(Vec::new());
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
