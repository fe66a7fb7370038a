//! Keys typed for the palette while its code is on its way. They are its own and no other's: a letter goes nowhere, and Enter
//! presses no button that happens to have the focus.
use crate::{browser, cx::Cx};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// So many characters are kept, as nobody types more before the palette is there.
const MOST: usize = 200;

/// Keys that type nothing and would do something on the page.
const QUIET: [&str; 11] = [
    "Enter",
    "Tab",
    "Delete",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "Home",
    "End",
    "PageUp",
    "PageDown",
];

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// It is the palette's: nothing else hears of it.
    Held,
    /// The palette is not wanted any more.
    Closed,
    /// It is the browser's, or opens and closes the palette.
    Passed,
}

/// Listens for as long as the page lives, before anything in the page. In the browser only.
pub(super) fn start(cx: Cx) {
    let typed = cx.ui.typed_ahead;
    browser::before_any("keydown", move |event| {
        if !is_wanted(cx) {
            return;
        }
        let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
            return;
        };
        // Where AltGr is Control and Alt, it types a character and is no chord.
        let is_chord =
            (key.ctrl_key() || key.alt_key() || key.meta_key()) && !key.get_modifier_state("AltGraph");
        let heard = typed.try_update_value(|text| hear(text, &key.key(), is_chord));
        match heard.unwrap_or(Heard::Passed) {
            Heard::Held => {}
            Heard::Closed => cx.ui.palette.set(false),
            Heard::Passed => return,
        }
        event.prevent_default();
        event.stop_immediate_propagation();
    });
    // Some browsers press a button when Space is let go.
    browser::before_any("keyup", move |event| {
        let key = event.dyn_ref::<web_sys::KeyboardEvent>();
        if key.is_some_and(|key| key.key() == " ") && is_wanted(cx) {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
    // Who goes on by pointer does not wait for it: fields have their keys again.
    browser::before_any("pointerdown", move |_| {
        if is_wanted(cx) {
            cx.ui.palette.set(false);
        }
    });
    Effect::new(move |_| {
        if !cx.ui.palette.get() {
            typed.set_value(String::new());
        }
    });
}

/// Whether the palette is to open and has not.
fn is_wanted(cx: Cx) -> bool {
    let is_there = || {
        let open = document().query_selector("dialog.palette[open]");
        open.is_ok_and(|open| open.is_some())
    };
    cx.ui.palette.get_untracked() && !is_there()
}

/// Adds a key to what was typed.
fn hear(text: &mut String, key: &str, is_chord: bool) -> Heard {
    if is_chord {
        return Heard::Passed;
    }
    let mut characters = key.chars();
    match (key, characters.next(), characters.next()) {
        ("Escape", ..) => return Heard::Closed,
        ("Backspace", ..) => drop(text.pop()),
        (_, Some(one), None) if text.chars().count() < MOST => text.push(one),
        (_, Some(_), None) => {}
        (key, ..) if QUIET.contains(&key) => {}
        _ => return Heard::Passed,
    }
    Heard::Held
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[&str]) -> (String, Vec<Heard>) {
        let mut text = String::new();
        let heard = keys.iter().map(|key| hear(&mut text, key, false)).collect();
        (text, heard)
    }

    #[test]
    fn what_is_typed_is_kept_as_it_was_meant() {
        let (text, heard) = typed(&["S", "t", "o", "é", "x", "Backspace", " ", "1"]);
        assert_eq!(text, "Stoé 1");
        assert!(heard.iter().all(|heard| *heard == Heard::Held));
        let (text, _) = typed(&["Backspace", "x"]);
        assert_eq!(text, "x");
    }

    #[test]
    fn no_key_presses_or_moves_what_has_the_focus() {
        let (text, heard) = typed(&["Enter", " ", "Tab", "ArrowDown", "/", "g", "t"]);
        assert_eq!(text, " /gt");
        assert!(heard.iter().all(|heard| *heard == Heard::Held));
    }

    #[test]
    fn escape_closes_and_the_browsers_own_keys_stay_its_own() {
        assert_eq!(typed(&["Escape"]).1, [Heard::Closed]);
        let (text, heard) = typed(&["F5", "Shift", "Control", "AltGraph", "Dead", "Unidentified"]);
        assert_eq!(text, "");
        assert!(heard.iter().all(|heard| *heard == Heard::Passed));
        let mut text = String::new();
        assert_eq!(hear(&mut text, "k", true), Heard::Passed);
        assert_eq!(text, "", "the chord that opens the palette closes it");
    }

    #[test]
    fn a_key_that_is_held_down_fills_no_memory() {
        let mut text = String::new();
        for _ in 0..1000 {
            assert_eq!(hear(&mut text, "ä", false), Heard::Held);
        }
        assert_eq!(text.chars().count(), MOST);
    }
}
