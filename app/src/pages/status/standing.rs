//! How something is, as icon and word.
use crate::{
    components::icon::icon,
    text::{S, s},
};
use leptos::prelude::*;
use wxa_model::status::Standing;

/// The class, icon and word of a standing.
pub(super) fn look(standing: Standing) -> (&'static str, &'static str, &'static str) {
    match standing {
        Standing::Up => ("st-running", "check", s(S::Up)),
        Standing::Degraded => ("st-warn", "warning", s(S::Degraded)),
        Standing::Down => ("st-crashed", "cross", s(S::Down)),
        Standing::Unknown => ("st-stale", "question", s(S::Unknown)),
    }
}

/// The badge.
pub(super) fn badge(standing: Standing) -> AnyView {
    let (class, image, word) = look(standing);
    view! { <span class=format!("st {class}")>{icon(image)}{word}</span> }.into_any()
}
