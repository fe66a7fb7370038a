//! The list by keyboard; which keys, the table of all keys says.
use super::{Shared, body::SCROLLER};
use crate::{
    browser,
    cx::Cx,
    keys::table::{self, Area, Command},
    list::{self, Group},
    routes::{Route, VmTab},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wxa_model::VmId;

/// Listens for as long as the list is shown.
pub(super) fn listen(cx: Cx, shared: Shared) {
    browser::while_shown("keydown", move |event| {
        let event: leptos::ev::KeyboardEvent = event.unchecked_into();
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain && !event.default_prevented() && !browser::takes_text(event.target()) && !anything_open(cx) {
            pressed(cx, shared, &event);
        }
    });
}

fn anything_open(cx: Cx) -> bool {
    cx.ui.is_anything_open() || cx.bulk.open.get_untracked()
}

fn pressed(cx: Cx, shared: Shared, event: &leptos::ev::KeyboardEvent) {
    let shown = shared.shown.get_untracked();
    let go = |at: usize| shared.groups.with_untracked(|groups| go(cx, &shown, groups, at));
    let here = cx
        .nav
        .url
        .with_untracked(|url| url.get("sel").and_then(|sel| sel.parse::<VmId>().ok()));
    let at = here.and_then(|here| shown.iter().position(|id| *id == here));
    let chord = table::chord(false, event.shift_key(), &event.key());
    match table::command(Area::List, &chord) {
        Some(Command::Down) => go(at.map_or(0, |at| at + 1)),
        Some(Command::Up) => go(at.map_or(0, |at| at.saturating_sub(1))),
        Some(Command::Mark) => {
            if let Some(here) = here {
                cx.ui.marks.toggle(here);
            }
        }
        Some(Command::MarkRange) => {
            if let Some(here) = here {
                cx.ui.marks.range(here, &shown);
            }
        }
        Some(Command::MarkAll) => cx.ui.marks.all(&shown),
        Some(Command::Open) if on_nothing(event) => {
            if let Some(here) = here {
                cx.nav.to(Route::Vm(here, VmTab::Overview));
            }
        }
        Some(Command::Back) => {
            if cx.ui.marks.now.with_untracked(Vec::is_empty) {
                cx.nav.set_query("sel", "");
            } else {
                cx.ui.marks.clear();
            }
        }
        _ => return,
    }
    event.prevent_default();
}

/// Whether the focus is on nothing that Enter means something to.
fn on_nothing(event: &leptos::ev::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_none_or(|element| {
            element
                .closest("a, button, summary, input")
                .is_ok_and(|found| found.is_none())
        })
}

fn go(cx: Cx, shown: &[VmId], groups: &[Group], at: usize) {
    let at = at.min(shown.len().saturating_sub(1));
    let Some(id) = shown.get(at) else {
        return;
    };
    cx.nav.set_query("sel", &id.to_string());
    let Some(scroller) = document().get_element_by_id(SCROLLER) else {
        return;
    };
    let Ok(Some(row)) = scroller.query_selector("tbody .vm-row") else {
        return;
    };
    let height = row.unchecked_ref::<web_sys::HtmlElement>().offset_height();
    let head = 28;
    let top = height * list::row_of(at, groups) as i32;
    if top < scroller.scroll_top() {
        scroller.set_scroll_top(top);
    } else if top + height + head > scroller.scroll_top() + scroller.client_height() {
        scroller.set_scroll_top(top + height + head - scroller.client_height());
    }
}
