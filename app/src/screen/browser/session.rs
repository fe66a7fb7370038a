//! One open screen: picture and socket together, reconnecting for as long as the tab shows it.
use super::canvas::{self, Canvas, Hooks};
use crate::{
    duplex::{Duplex, Incoming},
    screen::{
        link::{Link, Why},
        panel::{ScreenView, ScreenWish},
        people::People,
    },
};
use js_sys::ArrayBuffer;
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use wxa_model::VmId;
use wxa_wire::{ConsoleStatus, Operation, ScreenFrame, ScreenWord, close, operation::ScreenOpen};

const RETRY_MS: [u64; 6] = [250, 500, 1000, 2000, 4000, 8000];

/// An open screen; dropping it closes everything.
pub(in crate::screen) struct Session(Rc<Inner>);

struct Inner {
    vm: VmId,
    element: HtmlElement,
    view: ScreenView,
    canvas: RefCell<Option<Canvas>>,
    socket: RefCell<Option<Duplex<ScreenWord>>>,
    failures: Cell<usize>,
    /// Numbers the sockets: what an earlier one still says is not heard.
    connection: Cell<u64>,
    /// The keyboard was given to the first picture.
    focused: Cell<bool>,
}

impl Session {
    /// Loads the viewer into `element` and connects.
    pub fn start(vm: VmId, element: HtmlElement, view: ScreenView) -> Self {
        let inner = Rc::new(Inner {
            vm,
            element,
            view,
            canvas: RefCell::default(),
            socket: RefCell::default(),
            failures: Cell::default(),
            connection: Cell::default(),
            focused: Cell::default(),
        });
        let weak = Rc::downgrade(&inner);
        spawn_local(async move {
            let loaded = canvas::load().await;
            // The tab may have been left meanwhile.
            if let Some(inner) = weak.upgrade() {
                match loaded.and_then(|()| inner.open_canvas()) {
                    Ok(()) => inner.connect(),
                    Err(_) => inner.view.link.set(Link::Closed(Why::NotLoaded)),
                }
            }
        });
        Self(inner)
    }

    /// Does what the tools ask.
    pub fn grant(&self, wish: ScreenWish) {
        let inner = &self.0;
        match wish {
            ScreenWish::Press(combo) => inner.with_canvas(|canvas| canvas.press(combo)),
            ScreenWish::Type(plan, pause) => inner.with_canvas(|canvas| {
                inner.view.typing.set(Some((0, plan.strokes.len())));
                canvas.type_out(&plan, pause);
            }),
            ScreenWish::Stop => {
                inner.with_canvas(Canvas::stop);
                inner.view.typing.set(None);
            }
            ScreenWish::CopyOut => {
                if let Some(text) = inner.view.heard.get_untracked() {
                    // A browser that refuses its clipboard says so itself.
                    let _ = window().navigator().clipboard().write_text(&text);
                }
            }
            ScreenWish::CopyIn => {
                let weak = Rc::downgrade(inner);
                super::read_clipboard(move |text| {
                    with(&weak, |inner| inner.with_canvas(|canvas| canvas.copy_in(&text)));
                });
            }
            ScreenWish::Fit(fits) => inner.with_canvas(|canvas| canvas.scale(fits)),
            ScreenWish::Save(name) => inner.with_canvas(|canvas| canvas.save(&name)),
            // Refused full screen leaves things as they are.
            ScreenWish::FullScreen => {
                if let Some(panel) = inner.element.parent_element() {
                    let _ = panel.request_fullscreen();
                }
            }
        }
        inner.with_canvas(Canvas::focus);
    }
}

impl Inner {
    fn open_canvas(self: &Rc<Self>) -> Result<(), JsValue> {
        let weak = || Rc::downgrade(self);
        let (send, began, failed, clipboard, leave, typed) = (weak(), weak(), weak(), weak(), weak(), weak());
        let hooks = Hooks {
            send: Box::new(move |bytes| {
                with(&send, |inner| {
                    if let Some(socket) = inner.socket.borrow().as_ref() {
                        socket.send(&bytes);
                    }
                });
            }),
            began: Box::new(move |width, height| with(&began, |inner| inner.shown((width, height)))),
            // Not from within noVNC's own call: it is torn down with the socket.
            failed: Box::new(move |_| {
                let failed = failed.clone();
                set_timeout(
                    move || with(&failed, |inner| inner.retry(Link::Unreadable)),
                    Duration::ZERO,
                );
            }),
            clipboard: Box::new(move |text| with(&clipboard, |inner| inner.view.heard.set(Some(text)))),
            leave: Box::new(move || with(&leave, |inner| inner.leave())),
            typed: Box::new(move |n| {
                with(&typed, |inner| {
                    inner
                        .view
                        .typing
                        .update(|typing| match (usize::try_from(n), typing.as_mut()) {
                            (Ok(n), Some((done, _))) => *done = n,
                            _ => *typing = None,
                        });
                });
            }),
        };
        *self.canvas.borrow_mut() = Some(Canvas::open(&self.element, hooks)?);
        Ok(())
    }

    fn connect(self: &Rc<Self>) {
        self.view.link.set(Link::Opening);
        let connection = self.connection.get() + 1;
        self.connection.set(connection);
        let weak = Rc::downgrade(self);
        let receive = move |incoming| {
            with(&weak, |inner| {
                if inner.connection.get() == connection {
                    inner.receive(incoming);
                }
            });
        };
        match Duplex::open(&self.url(), receive) {
            Ok(socket) => *self.socket.borrow_mut() = Some(socket),
            Err(_) => self.retry(Link::Lost),
        }
    }

    fn url(&self) -> String {
        let origin = window().location().origin().unwrap_or_default();
        format!(
            "{}{}",
            origin.replacen("http", "ws", 1),
            ScreenOpen::ROW.path_for(&self.vm)
        )
    }

    fn receive(self: &Rc<Self>, incoming: Incoming<ScreenFrame>) {
        match incoming {
            Incoming::Bytes(bytes) => self.show(&bytes),
            Incoming::Frame(ScreenFrame::Begin { session }) => self.begin(session),
            Incoming::Frame(ScreenFrame::Status { status }) => {
                if status != ConsoleStatus::Connected {
                    self.view.link.set(Link::Server(status));
                }
            }
            Incoming::Frame(ScreenFrame::Watchers { you, watchers }) => {
                self.view.people.set(People { you, all: watchers });
            }
            Incoming::Closed(code) => match code {
                close::SIGNED_OUT => self.end(Why::SignedOut),
                close::FORBIDDEN => self.end(Why::Forbidden),
                close::NOT_FOUND => self.end(Why::Gone),
                close::TOO_MANY => self.end(Why::TooMany),
                // Before there was a picture it is about the VM, later about what was sent.
                close::BAD_REQUEST if self.failures.get() > 1 => self.end(Why::Refused),
                _ => self.retry(Link::Lost),
            },
        }
    }

    /// The screen is open: RFB begins.
    fn begin(self: &Rc<Self>, session: u64) {
        let acts = self.view.people.with_untracked(People::acts).unwrap_or(false);
        self.view.typing.set(None);
        self.view.heard.set(None);
        self.view.takes.set(false);
        if let Some(socket) = self.socket.borrow().as_ref() {
            socket.say(&ScreenWord::Ready { session });
        }
        let begun = self.canvas.borrow().as_ref().map(|canvas| canvas.begin(acts));
        if let Some(Err(_)) = begun {
            self.retry(Link::Unreadable);
        }
    }

    fn show(&self, bytes: &ArrayBuffer) {
        self.with_canvas(|canvas| {
            canvas.receive(bytes);
            let takes = canvas.takes_text();
            if self.view.takes.get_untracked() != takes {
                self.view.takes.set(takes);
            }
        });
    }

    fn shown(&self, size: (u32, u32)) {
        self.failures.set(0);
        self.view.size.set(size);
        self.view.link.set(Link::Shown);
        if !self.focused.replace(true) {
            self.with_canvas(Canvas::focus);
        }
    }

    /// Gives the keyboard back to the page: to the first tool under the picture.
    fn leave(&self) {
        let panel = self.element.parent_element();
        let tool = panel.and_then(|panel| panel.query_selector(".console-tool").ok().flatten());
        if let Some(tool) = tool.and_then(|tool| tool.dyn_into::<HtmlElement>().ok()) {
            let _ = tool.focus();
        }
    }

    fn retry(self: &Rc<Self>, why: Link) {
        *self.socket.borrow_mut() = None;
        self.connection.set(self.connection.get() + 1);
        self.view.link.set(why);
        self.view.people.set(People::default());
        self.view.typing.set(None);
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let delay = RETRY_MS
            .get(failures)
            .or(RETRY_MS.last())
            .copied()
            .unwrap_or(1000);
        let (weak, connection) = (Rc::downgrade(self), self.connection.get());
        set_timeout(
            move || {
                with(&weak, |inner| {
                    // Unless it was opened meanwhile.
                    if inner.connection.get() == connection {
                        inner.connect();
                    }
                });
            },
            Duration::from_millis(delay),
        );
    }

    fn end(&self, why: Why) {
        self.view.people.set(People::default());
        self.view.link.set(Link::Closed(why));
    }

    /// Not while the canvas calls us: a hook that leads back here does nothing.
    fn with_canvas(&self, act: impl FnOnce(&Canvas)) {
        if let Some(canvas) = self.canvas.borrow().as_ref() {
            act(canvas);
        }
    }
}

fn with(weak: &Weak<Inner>, act: impl FnOnce(&Rc<Inner>)) {
    if let Some(inner) = weak.upgrade() {
        act(&inner);
    }
}
