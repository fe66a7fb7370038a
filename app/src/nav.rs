//! Where the page is, and going elsewhere without loading it anew.
mod going;
mod way;

pub use going::{Aloud, Going, OnTheWay};

use crate::{
    boot,
    parts::Part,
    routes::{Route, url::Url},
    steps, transport,
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use way::{Turn, Way};
use web_sys::HtmlAnchorElement;

/// The query that somebody types is in the address bar when he has not typed for so long: telling the browser takes as long as
/// everything else that follows a key.
const TYPING: Duration = Duration::from_millis(200);

/// The address bar as a signal.
#[derive(Clone, Copy)]
pub struct Nav {
    /// Where we are.
    pub url: RwSignal<Url>,
    /// Where somebody is going whose code is not there yet.
    pub going: RwSignal<Going>,
    /// Who waits for code goes only if nobody asked since.
    way: StoredValue<Way>,
    /// The times that the address bar was to follow, where it has not yet.
    behind: StoredValue<Option<u32>>,
}

impl Nav {
    /// At `url`.
    pub fn new(url: Url) -> Self {
        Self {
            url: RwSignal::new(url),
            going: RwSignal::default(),
            way: StoredValue::default(),
            behind: StoredValue::new(None),
        }
    }

    /// Follows the address bar and takes over the page's own links. In the browser only.
    pub fn start(self) {
        window_event_listener_untyped("popstate", move |_| {
            self.behind.set_value(None);
            let turn = self.on_way(Way::moved);
            self.follow(boot::browser_url(), turn);
        });
        // Code is fetched while a finger or an eye is still on the way.
        for event in ["pointerover", "focusin"] {
            window_event_listener_untyped(event, |event| {
                let path = event.target().and_then(|target| own_link(&target));
                let part = path.and_then(|path| Part::at(&Url::parse(&path)));
                if let Some(part) = part.filter(|part| !part.is_loaded()) {
                    // Who clicks is told when it fails.
                    spawn_local(async move { drop(part.load().await) });
                }
            });
        }
        window_event_listener(leptos::ev::click, move |event| {
            let plain = event.button() == 0
                && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
            if !plain || event.default_prevented() {
                return;
            }
            let Some(path) = event.target().and_then(|target| own_link(&target)) else {
                return;
            };
            event.prevent_default();
            self.go(&path);
        });
    }

    /// Goes to `path` with a new entry in the history.
    pub fn go(self, path: &str) {
        steps::now();
        let url = Url::parse(path);
        if url == self.url.get_untracked() {
            self.stay();
            return;
        }
        let turn = self.on_way(Way::ask);
        self.with_code(url.clone(), turn, move || {
            self.catch_up();
            let _ = history().push_state_with_url(&JsValue::NULL, "", Some(&url.text()));
            let moved = url.path != self.url.with_untracked(|now| now.path.clone());
            self.on_way(Way::arrived);
            self.url.set(url);
            if moved {
                // What is read aloud next is the new page.
                if let Some(main) = document().get_element_by_id("main") {
                    let _ = main.unchecked_ref::<web_sys::HtmlElement>().focus();
                }
            }
        });
    }

    /// Whoever waits to go elsewhere stays; the address bar comes back where it went ahead.
    pub fn stay(self) {
        self.on_way(Way::ask);
        self.going.set(Going::Nowhere);
        if !self.way.with_value(|way| way.is_ours()) {
            let here = self.url.with_untracked(Url::text);
            let _ = history().push_state_with_url(&JsValue::NULL, "", Some(&here));
            self.on_way(Way::arrived);
        }
    }

    /// Goes where the code could not be had.
    pub fn try_again(self, url: Url) {
        if self.way.with_value(|way| way.is_ours()) {
            self.go(&url.text());
        } else {
            let turn = self.on_way(Way::ask);
            self.follow(url, turn);
        }
    }

    /// The page follows the address bar.
    fn follow(self, url: Url, turn: Turn) {
        self.with_code(url.clone(), turn, move || {
            self.on_way(Way::arrived);
            self.url.set(url);
        });
    }

    fn on_way<T>(self, step: impl FnOnce(&mut Way) -> T) -> T {
        let mut way = self.way.get_value();
        let told = step(&mut way);
        self.way.set_value(way);
        told
    }

    /// Does `then` when the code for the page at `url` is there: at once, or later unless somebody went elsewhere. Where the
    /// server is there and the code cannot be had, it is of another build: it is asked for the page. Else it is said.
    fn with_code(self, url: Url, turn: Turn, then: impl FnOnce() + 'static) {
        let Some(part) = Part::at(&url).filter(|part| !part.is_loaded()) else {
            self.going.set(Going::Nowhere);
            return then();
        };
        self.going.set(Going::Waiting(url.clone()));
        spawn_local(async move {
            let loaded = part.load().await;
            let is_reached = loaded.is_ok() || transport::is_reached().await;
            if !self.way.with_value(|way| way.is_latest(turn)) {
                return;
            }
            match loaded {
                Ok(()) => {
                    self.going.set(Going::Nowhere);
                    then();
                }
                Err(_) if is_reached => drop(window().location().set_href(&url.text())),
                Err(_) => self.going.set(Going::Failed(url)),
            }
        });
    }

    /// Goes to a page.
    pub fn to(self, route: Route) {
        self.go(&route.path());
    }

    /// Sets (or with an empty value removes) a part of the query, without a new entry in the history.
    pub fn set_query(self, key: &str, value: &str) {
        steps::now();
        let url = self.url.get_untracked().with(key, value);
        if url == self.url.get_untracked() {
            return;
        }
        self.url.set(url);
        // The bar may be at a page that is still on its way: that one's address is not this page's to change.
        if !self.way.with_value(|way| way.is_ours()) {
            return;
        }
        let turn = self.behind.get_value().unwrap_or_default().wrapping_add(1);
        self.behind.set_value(Some(turn));
        set_timeout(
            move || {
                if self.behind.get_value() == Some(turn) {
                    self.catch_up();
                }
            },
            TYPING,
        );
    }

    /// The address bar says where we are.
    fn catch_up(self) {
        if self.behind.get_value().is_some() {
            self.behind.set_value(None);
            let text = self.url.with_untracked(Url::text);
            let _ = history().replace_state_with_url(&JsValue::NULL, "", Some(&text));
        }
    }

    /// A part of the query; empty when it is absent. Tracks the address.
    pub fn query(self, key: &str) -> String {
        self.url.with(|url| url.get(key).unwrap_or_default().to_owned())
    }

    /// The page. Tracks the address.
    pub fn route(self) -> Option<Route> {
        self.url.with(|url| Route::parse(&url.path))
    }
}

/// The address of a link of ours that was clicked; none for anything else.
fn own_link(target: &web_sys::EventTarget) -> Option<String> {
    let element = target.dyn_ref::<web_sys::Element>()?;
    let link: HtmlAnchorElement = element.closest("a[href]").ok()??.dyn_into().ok()?;
    let own = link.target().is_empty()
        && !link.has_attribute("download")
        && link
            .get_attribute("href")
            .is_some_and(|href| href.starts_with('/'));
    let route = Route::parse(&link.pathname())?;
    (own && !route.is_public()).then(|| format!("{}{}", link.pathname(), link.search()))
}

/// The session ended: leaves for the sign-in, which says so and leads back to where we are.
pub fn sign_in_again() {
    let mut address = format!("{}?error=signed_out&next=", Route::Login.path());
    crate::routes::url::encode(&boot::browser_url().text(), &mut address);
    let _ = window().location().set_href(&address);
}

fn history() -> web_sys::History {
    #[allow(clippy::expect_used, reason = "every browser window has a history")]
    window().history().expect("a window has a history")
}
