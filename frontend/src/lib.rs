//! Entry point of the WebAssembly module.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the server-rendered page to life; called by the page's own script.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    if app::ready().await.is_ok() {
        // Making the module ready was a task of its own, and so is each step.
        app::pause().await;
        app::prepare();
        app::pause().await;
        leptos::mount::hydrate_body(app::App);
        app::rest().await;
    }
}
