//! Where the page is, and going elsewhere without loading it anew.
use crate::{
    boot,
    parts::Part,
    routes::{Route, url::Url},
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlAnchorElement;

/// The address bar as a signal.
#[derive(Clone, Copy)]
pub struct Nav {
    /// Where we are.
    pub url: RwSignal<Url>,
    /// How often somebody asked to go elsewhere: who waits for code goes only if nobody asked since.
    asked: StoredValue<u32>,
}

impl Nav {
    /// At `url`.
    pub fn new(url: Url) -> Self {
        Self {
            url: RwSignal::new(url),
            asked: StoredValue::new(0),
        }
    }

    /// Follows the address bar and takes over the page's own links. In the browser only.
    pub fn start(self) {
        window_event_listener_untyped("popstate", move |_| {
            let url = boot::browser_url();
            self.with_code(url.clone(), move || self.url.set(url));
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
        let url = Url::parse(path);
        if url == self.url.get_untracked() {
            // Whoever waited to go elsewhere stays.
            self.ask();
            return;
        }
        self.with_code(url.clone(), move || {
            let _ = history().push_state_with_url(&JsValue::NULL, "", Some(&url.text()));
            let moved = url.path != self.url.with_untracked(|now| now.path.clone());
            self.url.set(url);
            if moved {
                // What is read aloud next is the new page.
                if let Some(main) = document().get_element_by_id("main") {
                    let _ = main.unchecked_ref::<web_sys::HtmlElement>().focus();
                }
            }
        });
    }

    /// The number of a new request to go somewhere: those before it are given up.
    fn ask(self) -> u32 {
        let turn = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(turn);
        turn
    }

    /// Does `then` when the code for the page at `url` is there: at once, or later unless somebody went elsewhere. Where it
    /// cannot be had, the server is asked for the page.
    fn with_code(self, url: Url, then: impl FnOnce() + 'static) {
        let turn = self.ask();
        let Some(part) = Part::at(&url).filter(|part| !part.is_loaded()) else {
            return then();
        };
        spawn_local(async move {
            let loaded = part.load().await;
            if self.asked.get_value() != turn {
                return;
            }
            match loaded {
                Ok(()) => then(),
                Err(_) => drop(window().location().set_href(&url.text())),
            }
        });
    }

    /// Goes to a page.
    pub fn to(self, route: Route) {
        self.go(&route.path());
    }

    /// Sets (or with an empty value removes) a part of the query, without a new entry in the history.
    pub fn set_query(self, key: &str, value: &str) {
        let url = self.url.get_untracked().with(key, value);
        if url != self.url.get_untracked() {
            let _ = history().replace_state_with_url(&JsValue::NULL, "", Some(&url.text()));
            self.url.set(url);
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
