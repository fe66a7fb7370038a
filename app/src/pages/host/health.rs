//! What is wrong with the host, worst first, with what to do.
use super::look::{Look, vms_are_known, vms_of};
use crate::{
    components::icon::icon,
    cx::cx,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::{
    HostId, Vm,
    health::{Finding, Level, findings},
};

#[component]
pub(super) fn Health(id: HostId, look: Look) -> impl IntoView {
    let cx = cx();
    let found = Memo::new(move |_| {
        let Some(host) = cx.live.host(id) else {
            return Vec::new();
        };
        let vms = vms_of(cx, id);
        let vms: Vec<&Vm> = vms.iter().map(AsRef::as_ref).collect();
        look.details
            .with(|details| findings(&host, details.as_deref(), &vms))
    });
    // What VMs use is part of it.
    let asked = Memo::new(move |_| look.details.with(Option::is_some) && vms_are_known(cx, id));
    lines(found, asked)
}

/// The card with what was found; `asked` is whether anybody has looked yet.
pub(super) fn lines(found: Memo<Vec<Finding>>, asked: Memo<bool>) -> AnyView {
    view! {
        <section class="card health" aria-label=t(T::Health)>
            <h2>{t(T::Health)}</h2>
            {move || {
                let found = found.get();
                match (found.is_empty(), asked.get()) {
                    (false, _) => view! { <ul>{found.into_iter().map(line).collect_view()}</ul> }.into_any(),
                    (true, true) => {
                        view! { <p class="st st-running">{icon("check")}{t(T::NothingWrong)}</p> }.into_any()
                    }
                    (true, false) => view! { <p class="muted small">{t(T::NotKnownYet)}</p> }.into_any(),
                }
            }}
        </section>
    }
    .into_any()
}

fn line(finding: Finding) -> AnyView {
    let (class, image, word) = match finding.level {
        Level::Bad => ("st-crashed", "cross", t(T::Critical)),
        Level::Warn => ("st-warn", "warning", t(T::Warning)),
        Level::Note => ("muted", "info", t(T::Note)),
    };
    view! {
        <li>
            <span class=class>{icon(image)}<span class="sr">{word}</span></span>
            <div>
                <b>{finding.title}</b>
                <p class="small muted">{finding.advice}</p>
            </div>
        </li>
    }
    .into_any()
}
