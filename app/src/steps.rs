//! The page comes to life in steps, each a task of its own: while one hydrates, clicks and frames wait (decision 0040).
//!
//! What the page is about comes first, with the frame. What stands around it are [`in_a_step`]: written by the server like all of it,
//! brought to life one after the other. Until the last has run nothing changes but by those steps: the clock stands, the socket is
//! closed and links are the browser's, so that each finds what the server wrote. Who does something meanwhile waits for none of
//! them: they are done [`now`], before what he does.
use leptos::prelude::*;
use std::{cell::RefCell, collections::VecDeque};

/// What is left to do.
type Step = Box<dyn FnOnce()>;

thread_local! {
    static WAITING: RefCell<VecDeque<Step>> = RefCell::default();
    static LAST: RefCell<Vec<Step>> = RefCell::default();
}

/// A part of the page that is hydrated in a step of its own. Only for what is there for as long as the page lives.
pub fn in_a_step(view: impl FnOnce() -> AnyView + 'static) -> AnyView {
    #[cfg(not(feature = "hydrate"))]
    {
        view! { <div class="apart">{view()}</div> }.into_any()
    }
    #[cfg(feature = "hydrate")]
    {
        let place = NodeRef::<leptos::html::Div>::new();
        let owner = Owner::current().unwrap_or_default();
        wait(move || {
            if let Some(place) = place.get_untracked() {
                owner.with(|| hydrate(place.into(), view()));
            }
        });
        view! { <div class="apart" node_ref=place></div> }.into_any()
    }
}

#[cfg(feature = "hydrate")]
fn hydrate(place: web_sys::Element, view: AnyView) {
    use leptos::tachys::{
        hydration::Cursor,
        view::{PositionState, RenderHtml},
    };
    let state = view.hydrate::<true>(&Cursor::new(place), &PositionState::default());
    // It lives as long as its owner, which is the page.
    StoredValue::new_local(state);
}

#[cfg(any(feature = "hydrate", test))]
fn wait(step: impl FnOnce() + 'static) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(Box::new(step)));
}

/// Does `step` when all of the page is there. In the browser only.
pub fn at_last(step: impl FnOnce() + 'static) {
    let owner = Owner::current().unwrap_or_default();
    LAST.with_borrow_mut(|last| last.push(Box::new(move || owner.with(step))));
}

/// Hydrates what is left of the page at once. Whatever changes something that stands around it begins with this: a step that
/// finds something else than what the server wrote goes wrong.
pub fn now() {
    while next() {}
}

/// Does the next step; false when there is none.
fn next() -> bool {
    let step = WAITING.with_borrow_mut(VecDeque::pop_front);
    // What it reads is no concern of an effect that happens to say something.
    step.map(untrack).is_some()
}

/// Hydrates what [`in_a_step`] left, and does what was to be done [`at_last`].
pub async fn rest() {
    loop {
        pause().await;
        if !next() {
            break;
        }
    }
    for step in LAST.take() {
        step();
    }
}

/// Lets the browser do what waits: frames, and what people do.
pub async fn pause() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Tone, Ui};

    #[test]
    fn a_note_waits_for_the_rest_of_the_page_and_not_the_other_way_round() {
        Owner::new().with(|| {
            let ui = Ui::new();
            let found = StoredValue::new(Vec::new());
            for step in 1..=2 {
                let notes = move || ui.notes.with_untracked(Vec::len);
                wait(move || found.update_value(|found| found.push((step, notes()))));
            }
            ui.say(Tone::Bad, "It could not begin", "");
            assert_eq!(found.get_value(), [(1, 0), (2, 0)]);
            assert_eq!(ui.notes.with_untracked(Vec::len), 1);
            assert!(!next(), "a step is done once");
        });
    }

    #[test]
    fn a_step_that_says_something_is_no_trouble() {
        Owner::new().with(|| {
            let ui = Ui::new();
            wait(move || ui.say(Tone::Bad, "one", ""));
            wait(move || ui.say(Tone::Bad, "two", ""));
            now();
            let said = ui
                .notes
                .with_untracked(|notes| notes.iter().map(|note| note.title.clone()).collect::<Vec<_>>());
            assert_eq!(said, ["two", "one"]);
        });
    }
}
