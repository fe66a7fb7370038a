//! Entry point of the WebAssembly module.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the server-rendered page to life; called by the page's own script.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    if app::ready().await.is_ok() {
        leptos::mount::hydrate_body(app::App);
    }
}
