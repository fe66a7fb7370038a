//! A bar that fills: grey until it is hot.
use leptos::prelude::*;

/// A bar of `share` (0 to 1). Decoration: the number stands beside it.
#[component]
pub fn Meter(
    #[prop(into)] share: Signal<Option<f32>>,
    /// From which share on it is a warning; above 1 for never.
    #[prop(default = 0.9)]
    hot: f32,
) -> impl IntoView {
    let class = move || match share.get() {
        Some(share) if share >= hot => "bar hot",
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
