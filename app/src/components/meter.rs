//! A bar that fills: grey until it is hot.
use leptos::prelude::*;

/// A bar of `share` (0 to 1). Decoration: the number stands beside it.
#[component]
pub fn Meter(#[prop(into)] share: Signal<Option<f32>>) -> impl IntoView {
    let class = move || match share.get() {
        Some(share) if share >= 0.9 => "bar hot",
        _ => "bar",
    };
    let width = move || format!("{:.0}%", share.get().unwrap_or(0.0).clamp(0.0, 1.0) * 100.0);
    view! {
        <svg class=class aria-hidden="true">
            <rect width=width></rect>
        </svg>
    }
    .into_any()
}
