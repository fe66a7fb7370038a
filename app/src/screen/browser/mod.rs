//! The browser's half of a screen: noVNC, and the session that ties them.
mod canvas;
mod session;

pub(super) use session::Session;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// Reads the reader's clipboard. A browser that refuses says so itself.
pub(super) fn read_clipboard(then: impl FnOnce(String) + 'static) {
    let reading = window().navigator().clipboard().read_text();
    spawn_local(async move {
        if let Some(text) = JsFuture::from(reading)
            .await
            .ok()
            .and_then(|text| text.as_string())
        {
            then(text);
        }
    });
}
