//! Keys that work on every page: the palette, help, the filter, and going places by two letters.
mod ahead;
pub mod table;

use crate::{
    browser,
    components::palette::entries::in_view,
    cx::Cx,
    routes::{HostTab, Route, VmTab},
};
use leptos::prelude::*;
use table::{Area, Command};
use wxa_model::HostKind;

/// How long the second letter of `g v` may take, in ms.
const PAIR_MS: f64 = 1200.0;

/// Listens for as long as the page lives. In the browser only.
pub fn start(cx: Cx) {
    ahead::start(cx);
    // The first letter of a pair, and when it was typed.
    let begun = StoredValue::new((String::new(), 0.0f64));
    window_event_listener(leptos::ev::keydown, move |event| {
        if browser::in_console(event.target()) {
            return;
        }
        let control = event.ctrl_key() || event.meta_key();
        let chord = table::chord(control, event.shift_key(), &event.key());
        let modified = control || event.alt_key();
        let is_typing = browser::takes_text(event.target());
        if event.default_prevented() || is_typing || modified {
            let found = table::command(Area::Everywhere, &chord);
            if found == Some(Command::Palette) && !event.alt_key() {
                event.prevent_default();
                cx.ui.palette.update(|open| *open = !*open);
            } else if found == Some(Command::Back) && is_typing && !event.default_prevented() {
                browser::focus("#vm-scroll");
            }
            return;
        }
        let now = js_sys::Date::now();
        let (first, at) = begun.get_value();
        let pair = (now - at < PAIR_MS).then(|| format!("{first} {chord}"));
        begun.set_value((chord.clone(), now));
        if let Some(command) = pair.and_then(|pair| table::command(Area::Everywhere, &pair)) {
            event.prevent_default();
            event.stop_immediate_propagation();
            begun.set_value((String::new(), 0.0));
            return does(cx, command);
        }
        if let Some(command) = table::command(Area::Everywhere, &chord) {
            if command != Command::Back {
                event.prevent_default();
            }
            does(cx, command);
        }
    });
    close_left_menus();
}

/// Listens on a guest's page, where keys are the console's: Escape leaves a menu, and that is all.
pub fn start_for_guest() {
    window_event_listener(leptos::ev::keydown, |event| {
        if event.key() == "Escape" && !browser::in_console(event.target()) {
            browser::leave_menu();
        }
    });
    close_left_menus();
}

fn close_left_menus() {
    browser::before_any("click", |event| browser::close_menus(event.target()));
}

fn does(cx: Cx, command: Command) {
    match command {
        Command::Palette => cx.ui.palette.update(|open| *open = !*open),
        Command::Filter => {
            // The tree's field comes first in the document: the list's own is preferred where there is one.
            let list = document().get_element_by_id("filter").is_some();
            browser::focus(if list { "#filter" } else { ".tree input" });
        }
        Command::Keys => cx.ui.help.set(true),
        Command::Back => {
            if !browser::leave_menu() {
                cx.ui.drawer.set(false);
            }
        }
        other => {
            if let Some(route) = place(cx, other) {
                cx.nav.to(route);
            }
        }
    }
}

fn place(cx: Cx, command: Command) -> Option<Route> {
    Some(match command {
        Command::GoOverview => Route::Overview,
        Command::GoVms => Route::Vms,
        Command::GoTasks => Route::Tasks,
        Command::GoSettings => Route::Settings,
        Command::GoStatusPages => Route::StatusPages,
        Command::GoAudit if cx.may_administer() => Route::Audit,
        Command::GoUsers if cx.may_administer() => Route::Users,
        Command::GoHost => first(cx, |kind| kind != HostKind::Pool)?,
        Command::GoPool => first(cx, |kind| kind == HostKind::Pool)?,
        Command::GoConsole => Route::Vm(untrack(|| in_view(cx))?, VmTab::Console),
        _ => return None,
    })
}

/// The first host of a kind, by name.
fn first(cx: Cx, of: fn(HostKind) -> bool) -> Option<Route> {
    let first = cx.live.hosts.with_untracked(|hosts| {
        let found = hosts.iter().find(|host| of(host.kind))?;
        Some(found.id)
    })?;
    Some(Route::Host(first, HostTab::Overview))
}
