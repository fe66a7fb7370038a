//! Keys that work on every page: the palette, help, the filter, and going places by two letters.
use crate::{
    browser,
    components::palette::entries::in_view,
    cx::Cx,
    routes::{HostTab, Route, VmTab},
};
use leptos::prelude::*;

/// How long the second letter of `g v` may take, in ms.
const PAIR_MS: f64 = 1200.0;

/// Listens for as long as the page lives. In the browser only.
pub fn start(cx: Cx) {
    let went = StoredValue::new(0.0f64);
    window_event_listener(leptos::ev::keydown, move |event| {
        if browser::in_console(event.target()) {
            return;
        }
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            return cx.ui.palette.update(|open| *open = !*open);
        }
        let command = event.ctrl_key() || event.meta_key() || event.alt_key();
        if command || event.default_prevented() || browser::takes_text(event.target()) {
            if key == "Escape" && browser::takes_text(event.target()) {
                browser::focus("#vm-scroll");
            }
            return;
        }
        let now = js_sys::Date::now();
        if now - went.get_value() < PAIR_MS {
            went.set_value(0.0);
            if let Some(route) = place(cx, &key) {
                event.prevent_default();
                event.stop_immediate_propagation();
                return cx.nav.to(route);
            }
        }
        match key.as_str() {
            "g" => went.set_value(now),
            "/" => {
                event.prevent_default();
                // The tree's field comes first in the document: the list's own is preferred where there is one.
                let list = document().get_element_by_id("filter").is_some();
                browser::focus(if list { "#filter" } else { ".tree input" });
            }
            "?" => cx.ui.help.set(true),
            "Escape" => cx.ui.drawer.set(false),
            _ => {}
        }
    });
    window_event_listener(leptos::ev::click, move |event| {
        browser::close_menus(event.target())
    });
}

fn place(cx: Cx, key: &str) -> Option<Route> {
    Some(match key {
        "v" => Route::Vms,
        "t" => Route::Tasks,
        "a" if cx.may_administer() => Route::Audit,
        "h" => {
            let first = cx
                .live
                .hosts
                .with_untracked(|hosts| hosts.first().map(|host| host.id))?;
            Route::Host(first, HostTab::Overview)
        }
        "c" => Route::Vm(untrack(|| in_view(cx))?, VmTab::Console),
        _ => return None,
    })
}
