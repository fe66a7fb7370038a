//! What a pool reports itself (its alerts), the newest first: all of it on the pool's page, and what concerns it on that of a VM
//! or member.
use crate::{
    components::{icon::icon, when::When},
    cx::{Cx, cx},
    fetched::Fetched,
    routes::{HostTab, Route, VmTab, details_url},
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{
    HostId,
    pool_details::{MessageAbout, PoolMessage},
};
use wxa_wire::{DetailsAge, HostDetailsView};

/// So many are shown at first.
const FIRST: usize = 10;

/// What a pool reports about one thing in it; nothing where there is nothing, or the pool may not be seen.
#[component]
pub fn ReportedAbout(pool: HostId, about: MessageAbout) -> impl IntoView {
    let told = Fetched::<HostDetailsView>::new(details_url(pool, DetailsAge::Known));
    let messages = Memo::new(move |_| {
        let details = told.get()?.known?.details.pool?;
        let its: Vec<PoolMessage> = details
            .messages
            .into_iter()
            .filter(|message| message.about == about)
            .collect();
        (!its.is_empty()).then_some(its)
    });
    move || {
        messages.get().map(|messages| {
            view! {
                <section class="card">
                    <h2>{t(T::PoolReports)}</h2>
                    {list(messages, About::Hidden)}
                </section>
            }
        })
    }
}

/// Whether it is said what each message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// It is, as a link where it can be.
    Shown,
    /// Everything is about what the page is about.
    Hidden,
}

/// The messages as a list.
pub fn list(mut messages: Vec<PoolMessage>, about: About) -> AnyView {
    if messages.is_empty() {
        return view! { <p class="muted">{t(T::PoolReportsNothing)}</p> }.into_any();
    }
    let cx = cx();
    let more = messages.split_off(messages.len().min(FIRST));
    let rest = (!more.is_empty()).then(|| {
        let label = fill(T::PoolReportsMore, &[("n", &more.len())]);
        view! {
            <details class="fold">
                <summary>{label}</summary>
                <ul class="reported">{more.into_iter().map(|one| item(cx, one, about)).collect_view()}</ul>
            </details>
        }
    });
    view! {
        <ul class="reported">{messages.into_iter().map(|one| item(cx, one, about)).collect_view()}</ul>
        {rest}
    }
    .into_any()
}

fn item(cx: Cx, message: PoolMessage, about: About) -> AnyView {
    let (class, image, level) = match message.priority {
        1 | 2 => ("st st-crashed", "warning", T::Critical),
        3 => ("st st-warn", "question", T::Warning),
        _ => ("st", "check", T::Note),
    };
    let on = (about == About::Shown).then(|| place(cx, message.about));
    let body = (!message.body.is_empty()).then(|| view! { <p class="small wrap">{message.body}</p> });
    view! {
        <li>
            <p>
                <span class=class title=t(level)>{icon(image)}{message.name}</span>
                " "
                {on}
                " "
                <span class="muted small">{message.at.map(|at| view! { <When at=at/> })}</span>
            </p>
            {body}
        </li>
    }
    .into_any()
}

fn place(cx: Cx, about: MessageAbout) -> AnyView {
    let link = |href: String, name: String| view! { <a class="link" href=href>{name}</a> }.into_any();
    match about {
        MessageAbout::Vm(id) => match cx
            .live
            .vm(id)
            .with_untracked(|vm| vm.as_ref().map(|vm| vm.name.clone()))
        {
            Some(name) => link(Route::Vm(id, VmTab::Overview).path(), name),
            None => ().into_any(),
        },
        MessageAbout::Host(id) => match untrack(|| cx.live.host(id)) {
            Some(host) => link(Route::Host(id, HostTab::Overview).path(), host.name.clone()),
            None => ().into_any(),
        },
        MessageAbout::Pool => ().into_any(),
        MessageAbout::Other(class) => view! { <span class="muted small">{class}</span> }.into_any(),
    }
}
