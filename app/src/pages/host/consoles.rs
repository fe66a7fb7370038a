//! How the consoles of a host's guests are recorded: by which way, what came of it, and the host's own log.
mod logging;
mod way;

use crate::{
    components::icon::icon,
    cx::cx,
    fetched::Fetched,
    routes::host_recording_url,
    text::{T, fill, t},
};
use leptos::prelude::*;
use logging::Logging;
use std::time::Duration;
use way::Way;
use wxa_model::{HostId, HostKind};
use wxa_wire::{HostRecordingView, HostRecordingWay};

/// How often it is asked whether what was set has come true.
const AGAIN: Duration = Duration::from_secs(3);

/// The card. The host itself is asked for it: a page is not held up by that.
#[component]
pub(super) fn ConsolesCard(id: HostId) -> impl IntoView {
    let kept = Fetched::<HostRecordingView>::new(host_recording_url(id));
    kept.again_while(is_settling, AGAIN);
    let pool = untrack(|| cx().live.kind(id)) == HostKind::Pool;
    view! {
        <section class="card" aria-label=t(T::HostConsoles)>
            <h2>{t(T::HostConsoles)}</h2>
            <p class="muted small">{t(T::HostConsolesMore)}</p>
            {kept.view_kept("console", move || {
                view! {
                    {move || kept.get().map(|view| state(&view))}
                    <Way id=id kept=kept pool=pool/>
                    {(!pool).then(|| view! { <Logging id=id kept=kept/> })}
                }
                    .into_any()
            })}
        </section>
    }
    .into_any()
}

/// Whether the reply may be another one soon.
fn is_settling(view: &HostRecordingView) -> bool {
    view.way != HostRecordingWay::Off && view.recorded == 0 && view.logs != Some(false)
}

fn state(view: &HostRecordingView) -> AnyView {
    let count = match view.recorded {
        0 => t(T::HostRecordedNone).to_owned(),
        1 => t(T::HostRecordedOne).to_owned(),
        n => fill(T::HostRecorded, &[("n", &n)]),
    };
    // That the host does not log is said below, with what can be done about it.
    let trouble = view.trouble.clone().filter(|_| view.logs != Some(false));
    view! {
        <p>{count}</p>
        {trouble.map(|why| view! { <p class="st st-warn">{icon("warning")}{why}</p> })}
    }
    .into_any()
}
