//! What the first paint needs, gathered by the server and read again by the browser.
#[cfg(feature = "ssr")]
mod window;

#[cfg(feature = "ssr")]
pub use window::{FirstWindow, first_window};

use crate::{base64, cx::Cx, live::outline::Outline, nav::Nav, routes::url::Url, text::Locale};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::{cell::RefCell, collections::BTreeMap};
use wxa_model::{Preferences, UnixMillis};
use wxa_wire::{InventoryView, SessionView, console::links::ConsoleGuestView};

/// All that a first paint needs; on the server given in context, in the browser parsed from `<script id="boot">`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Boot {
    /// The build that made the page; another one on the live socket means "reload".
    pub build: String,
    /// The server's clock.
    pub now: UnixMillis,
    /// Who is signed in; none on the public pages.
    pub session: Option<SessionView>,
    /// Sites, hosts and tasks that the caller may see, and in full the VMs that the page shows; with a session only.
    pub inventory: Option<InventoryView>,
    /// VMs in brief as a frame of [`wxa_wire::index_frame`]: all of them, or with `outline` those that the first paint shows.
    #[serde(with = "base64")]
    pub index: Vec<u8>,
    /// What is said about the VMs that come after the first paint; none where all of them are here.
    pub outline: Option<Outline>,
    /// The latest measurements as one frame of [`wxa_wire::sample_frame`]; empty for none.
    #[serde(with = "base64")]
    pub samples: Vec<u8>,
    /// Replies to the GETs that [`crate::prefetch`] names, by URL: as text, so that what reads a reply in the browser is
    /// there once for both ways it can come.
    pub replies: BTreeMap<String, Box<RawValue>>,
    /// How the account likes its pages; before sign-in what the cookie `wxa-look` copied of it.
    pub preferences: Preferences,
    /// The texts of a language other than English, in the order of the keys; the shell adds them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<String>,
    /// Logical names of lazily loaded things to their hashed URLs; the shell adds `icons`.
    pub vendor: BTreeMap<String, String>,
    /// On the page of a guest link what it opens; none where it opens nothing, and on every other page.
    pub guest: Option<ConsoleGuestView>,
    /// The code behind `?error=` on a public page; see [`crate::words::problem`].
    pub problem: Option<String>,
}

thread_local! {
    /// What was made ready, with the owner of its signals, which lives as long as the page.
    static READY: RefCell<(Option<Prepared>, Owner)> = RefCell::default();
}

/// What a page begins with: the context, and the build that made the page.
pub(crate) type Prepared = (Cx, String);

/// Reads the boot data and makes the context of it, before there is anything to draw: a task of its own. In the browser only.
pub fn prepare() {
    let owner = Owner::new();
    let prepared = owner.with(make);
    READY.set((Some(prepared), owner));
}

/// What was made ready; on the server, and where nothing was, it is made now.
pub(crate) fn prepared() -> Prepared {
    let ready = if cfg!(feature = "ssr") {
        None
    } else {
        READY.with_borrow_mut(|(ready, _)| ready.take())
    };
    ready.unwrap_or_else(make)
}

fn make() -> Prepared {
    let (boot, url) = current();
    let build = boot.build.clone();
    Locale::begin(&boot.preferences, boot.texts.clone());
    (Cx::new(boot, Nav::new(url)), build)
}

/// The boot data and the page's address: from context on the server, from the document in the browser.
pub(crate) fn current() -> (Boot, Url) {
    if let Some(boot) = use_context::<Boot>() {
        return (boot, server_url());
    }
    let text = document()
        .get_element_by_id("boot")
        .and_then(|element| element.text_content())
        .unwrap_or_default();
    let boot = serde_json::from_str(&text).unwrap_or_default();
    (boot, browser_url())
}

/// Where the browser is.
pub(crate) fn browser_url() -> Url {
    let location = window().location();
    Url::parse(&format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    ))
}

#[cfg(feature = "ssr")]
fn server_url() -> Url {
    use_context::<leptos_router::location::RequestUrl>()
        .map(|url| {
            // leptos_axum gives an absolute address with a host of its own.
            let text = url.as_ref();
            let path = text
                .split_once("://")
                .and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
            Url::parse(path.unwrap_or(text))
        })
        .unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn server_url() -> Url {
    browser_url()
}
