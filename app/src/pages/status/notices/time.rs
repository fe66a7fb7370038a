//! Moments in the page's time zone: told, and typed.
use crate::{
    clock::zone,
    cx::Cx,
    format,
    pages::status::{
        fields::{Line, Wrong},
        shared::Shared,
        wall,
    },
    text::{S, s, s_fill},
};
use leptos::prelude::*;
use wxa_model::UnixMillis;

/// The page's time zone. Tracks the page.
pub(in super::super) fn zone_of(shared: Shared) -> String {
    let zone = shared.page().map(|page| page.time_zone).unwrap_or_default();
    if zone.is_empty() { "UTC".into() } else { zone }
}

/// A moment as readers of the page see it; at the first paint how far away it is. Tracks the page.
pub(in super::super) fn told(cx: Cx, shared: Shared, at: UnixMillis) -> String {
    let now = cx.clock.now.get_untracked();
    if cx.clock.local.get() {
        let zone = zone_of(shared);
        format::moment(zone::at(at, &zone), zone::at(now, &zone))
    } else if at > now {
        s_fill(S::InSpan, &[("span", &format::span(at.since(now)))])
    } else {
        format::ago(now.since(at))
    }
}

/// A field of day and time.
pub(in super::super) fn field(
    shared: Shared,
    id: String,
    label: S,
    value: RwSignal<String>,
    wrong: Wrong,
) -> AnyView {
    let label = untrack(|| s_fill(S::InZone, &[("what", &s(label)), ("zone", &zone_of(shared))]));
    Line::new(id, label, value)
        .kind("datetime-local")
        .wrong(wrong)
        .view()
}

/// Puts a moment into such a field, once the browser can say what clocks show then; in a component.
pub(in super::super) fn begin(
    shared: Shared,
    value: RwSignal<String>,
    at: impl Fn() -> UnixMillis + 'static,
) {
    Effect::new(move |_| {
        if value.with_untracked(String::is_empty) {
            value.set(wall::text(zone::at(at(), &untrack(|| zone_of(shared)))));
        }
    });
}

/// The moment that is typed; none while it is none. In the browser only.
pub(in super::super) fn typed(shared: Shared, value: RwSignal<String>) -> Option<UnixMillis> {
    let zone = untrack(|| zone_of(shared));
    let wall = wall::parse(&value.get_untracked())?;
    Some(wall::moment(wall, |at| zone::at(at, &zone)))
}
