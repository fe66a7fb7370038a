//! One maintenance: when, what readers notice, whether it counts; changing and removing it.
use super::{All, maintenance_form::MaintenanceForm, sent, time, touched};
use crate::{
    components::{icon::icon, sure::Sure},
    cx::cx,
    text::{S, s, s_fill},
    transport,
};
use leptos::{html, prelude::*, task::spawn_local};
use wxa_model::status::{Counts, Maintenance};
use wxa_wire::operation::MaintenanceDelete;

pub(super) fn card(all: All, one: Maintenance) -> AnyView {
    let cx = cx();
    let shared = all.shared;
    let (id, from, until) = (one.id, one.from, one.until);
    let now = cx.clock.now.get_untracked();
    let (class, image, word) = if now < from {
        ("st-paused", "waiting", S::Planned)
    } else if now < until {
        ("st-warn", "wrench", S::UnderWay)
    } else {
        ("st-halted", "check", S::Past)
    };
    let times = move || {
        let (from, until) = (time::told(cx, shared, from), time::told(cx, shared, until));
        s_fill(S::FromUntil, &[("from", &from), ("until", &until)])
    };
    let services = one.services.clone();
    let counts = s(match one.counts {
        Counts::No => S::CountsNo,
        Counts::Yes => S::CountsYes,
    });
    let fold = NodeRef::<html::Details>::new();
    let remove = Callback::new(move |()| {
        spawn_local(async move { sent(cx, all, transport::call::<MaintenanceDelete>(id, &()).await) });
    });
    view! {
        <article class="notice" aria-label=one.title.clone()>
            <h3>{one.title.clone()}</h3>
            <p class="small">
                <span class=format!("st {class}")>{icon(image)}{s(word)}</span>
                " "{times}
                <span class="muted">" · "{move || touched::names(shared, &services)}" · "{counts}</span>
            </p>
            {(!one.text.is_empty()).then(|| view! { <p class="notes-text">{one.text.clone()}</p> })}
            <div class="notice-acts">
                <details class="fold" node_ref=fold>
                    <summary class="btn">{icon("edit")}{s(S::Edit)}</summary>
                    <MaintenanceForm all=all fold=fold of=one.clone()/>
                </details>
                <Sure label=s(S::Delete) about=one.title.clone() again=s(S::DeleteSure) on_yes=remove/>
            </div>
        </article>
    }
    .into_any()
}
