//! Icons of the one sprite. They never stand alone for a meaning: a word or a label goes with them.
use crate::cx::cx;
use leptos::prelude::*;

/// An icon at text size.
pub fn icon(name: &'static str) -> AnyView {
    sized("i", name)
}

/// A smaller icon.
pub fn small_icon(name: &'static str) -> AnyView {
    sized("i i-s", name)
}

fn sized(class: &'static str, name: &'static str) -> AnyView {
    view! {
        <svg class=class aria-hidden="true">
            <use_ href=cx().icon(name)/>
        </svg>
    }
    .into_any()
}
