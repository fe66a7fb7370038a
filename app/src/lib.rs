//! The user interface: rendered on the server for the first paint, hydrated in the browser, live after that.
//!
//! One data path: the server gathers everything into [`Boot`] before it renders, the browser parses the same and then
//! follows the live socket. Nothing is fetched while rendering.
// Views are deeply nested types, and each `into_any` asks for the layout of all of it.
#![recursion_limit = "512"]

mod act;
mod agent;
mod app;
mod base64;
mod boot;
mod browser;
mod bulk;
mod charts;
mod clock;
mod components;
mod console;
mod cx;
mod day;
#[cfg(feature = "hydrate")]
mod duplex;
mod fetched;
pub mod filter;
mod filters;
mod format;
mod frame;
mod grant_words;
mod keys;
mod list;
mod live;
mod marks;
mod markup;
mod nav;
mod pages;
mod parts;
mod prefs;
pub mod routes;
#[cfg(test)]
mod sample;
mod screen;
#[cfg(feature = "ssr")]
mod shell;
mod sorted;
mod state;
mod steps;
mod task;
#[cfg(all(test, feature = "ssr"))]
mod tests;
mod text;
mod title;
mod transport;
mod tree;
mod ui;
mod understood;
mod words;

pub use app::App;
pub use boot::{Boot, prepare};
#[cfg(feature = "ssr")]
pub use boot::{FirstWindow, first_window};
pub use live::outline::Outline;
pub use parts::ready;
#[cfg(feature = "ssr")]
pub use shell::{Assets, shell};
pub use steps::{pause, rest};

/// GETs to run for the page at `address` (path and query) before it is rendered, besides session and inventory. One
/// that fails is left out.
pub fn prefetch(address: &str) -> Vec<String> {
    let url = routes::url::Url::parse(address);
    routes::Route::parse(&url.path)
        .map(|route| route.prefetch(&url))
        .unwrap_or_default()
}

/// Where the caller wants `/` to lead; none for the overview, which is there anyway.
pub fn landing(boot: &Boot) -> Option<String> {
    prefs::landing(boot).map(routes::Route::path)
}

/// Whether `path` is served without a session and without WebAssembly.
pub fn is_public(path: &str) -> bool {
    routes::Route::parse(path).is_some_and(routes::Route::is_public)
}

/// Whether there is a page at `path`; for others the page says so, and the server answers 404.
pub fn knows(path: &str) -> bool {
    routes::Route::parse(path).is_some()
}
