//! Small services of the browser that may be refused: storage, clipboard, focus. Refusal is no error.
use leptos::{leptos_dom::helpers::WindowListenerHandle, prelude::*};
use std::{cell::RefCell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, prelude::Closure};

/// What was stored under `key`.
pub fn stored(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Stores `value` under `key` on this machine.
pub fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// What this tab stored under `key`.
pub fn stored_for_tab(key: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(key).ok()?
}

/// Stores `value` under `key` for as long as this tab lives; none forgets it.
pub fn store_for_tab(key: &str, value: Option<&str>) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        };
    }
}

/// Puts `text` on the clipboard.
pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

/// The whole address of `path` on this console, for sending to somebody. In the browser only.
pub fn address_of(path: &str) -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{path}")
}

/// Reads the text of the file that was chosen in the field of `event`.
pub fn read_file(event: &web_sys::Event, read: impl FnOnce(String) + 'static) {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(file) = field.and_then(|field| field.files()?.get(0)) else {
        return;
    };
    leptos::task::spawn_local(async move {
        if let Ok(text) = wasm_bindgen_futures::JsFuture::from(file.text()).await {
            read(text.as_string().unwrap_or_default());
        }
    });
}

/// Focuses the first element that `selector` finds.
pub fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// Whether keys typed at `target` are text: a field, or a guest's console.
pub fn takes_text(target: Option<web_sys::EventTarget>) -> bool {
    let Some(element) = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    let selector = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [data-keys=guest]";
    element.closest(selector).is_ok_and(|found| found.is_some())
}

/// Whether `target` is in a guest's console: there even Ctrl-K is the guest's.
pub fn in_console(target: Option<web_sys::EventTarget>) -> bool {
    target
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| {
            element
                .closest("[data-keys=guest]")
                .is_ok_and(|found| found.is_some())
        })
}

/// Closes the menu that has the focus, and gives the focus to what opened it; false when there is none.
pub fn leave_menu() -> bool {
    let menu = document()
        .active_element()
        .and_then(|element| element.closest("details.menu[open]").ok().flatten());
    if let Some(menu) = &menu {
        close_menu(menu);
    }
    menu.is_some()
}

/// Closes `menu`; a focus that would vanish with what is inside goes to what opens it, where a dialog that was opened from
/// there gives it back to.
fn close_menu(menu: &web_sys::Element) {
    let held = document()
        .active_element()
        .and_then(|element| element.closest("details.menu[open]").ok().flatten());
    if held.as_ref() == Some(menu)
        && let Ok(Some(summary)) = menu.query_selector("summary")
        && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = summary.focus();
    }
    let _ = menu.remove_attribute("open");
}

/// Hears of every event of a kind before what it happens to does: a dialog that a click opens then finds the focus where it shall
/// give it back to, and a key can be kept from everybody. For as long as the page lives.
pub fn before_any(event: &'static str, heard: impl Fn(web_sys::Event) + 'static) {
    let listener = Closure::<dyn Fn(web_sys::Event)>::new(heard);
    // Nothing ends before the page does: the closure is handed to the browser for good.
    let listener = listener.into_js_value();
    let _ = window().add_event_listener_with_callback_and_bool(event, listener.unchecked_ref(), true);
}

/// Closes menus that were left: all but the one whose summary or form (`.keep-open`) is around `target`.
pub fn close_menus(target: Option<web_sys::EventTarget>) {
    let inside = target
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| {
            let stays = "details.menu > summary, details.menu .keep-open";
            element.closest(stays).ok().flatten()
        })
        .and_then(|kept| kept.closest("details.menu").ok().flatten());
    let Ok(open) = document().query_selector_all("details.menu[open]") else {
        return;
    };
    for i in 0..open.length() {
        if let Some(menu) = open
            .get(i)
            .and_then(|node| node.dyn_into::<web_sys::Element>().ok())
            && inside.as_ref() != Some(&menu)
        {
            close_menu(&menu);
        }
    }
}

/// Does `then` once somebody touches the page, by pointer or by key, or after `most`. In the browser only.
pub fn when_touched(most: Duration, then: impl FnOnce() + 'static) {
    let shared = Rc::new(RefCell::new((Some(then), Vec::<WindowListenerHandle>::new())));
    let touched = {
        let shared = shared.clone();
        move || {
            let (then, listeners) = std::mem::take(&mut *shared.borrow_mut());
            for listener in listeners {
                listener.remove();
            }
            if let Some(then) = then {
                then();
            }
        }
    };
    for event in ["pointermove", "pointerdown", "keydown"] {
        let touched = touched.clone();
        // Not in the middle of what the touch itself is for.
        let listener = window_event_listener_untyped(event, move |_| {
            let touched = touched.clone();
            set_timeout(touched, Duration::ZERO);
        });
        shared.borrow_mut().1.push(listener);
    }
    set_timeout(touched, most);
}

/// Listens to an event of the window for as long as the calling component lives. Does nothing on the server.
pub fn while_shown(event: &'static str, heard: impl FnMut(web_sys::Event) + 'static) {
    let handle = StoredValue::new(None);
    let shared = Rc::new(RefCell::new(heard));
    Effect::new(move |_| {
        let heard = shared.clone();
        let listener = window_event_listener_untyped(event, move |event| {
            if let Ok(mut heard) = heard.try_borrow_mut() {
                heard(event);
            }
        });
        handle.set_value(Some(listener));
    });
    on_cleanup(move || {
        if let Some(listener) = handle.try_update_value(Option::take).flatten() {
            listener.remove();
        }
    });
}
