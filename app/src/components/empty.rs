//! An empty place teaches the next step.
use super::icon::icon;
use leptos::prelude::*;

/// What to say where there is nothing to show.
#[component]
pub fn Empty(
    /// Its icon.
    image: &'static str,
    /// What there is not.
    #[prop(into)]
    title: String,
    /// What to do about it.
    #[prop(into)]
    text: String,
    /// A link or a button; may be left out.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {icon(image)}
            <h2>{title}</h2>
            <p class="muted">{text}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
