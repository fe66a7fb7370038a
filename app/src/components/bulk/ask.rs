//! The question before an act on several: what exactly will happen to which, and what is left out and why.
use crate::{
    bulk::{self, run::AT_ONCE},
    components::{dialog::Dialog, icon::icon},
    cx::cx,
    text::{self, T, fill, plural, t},
};
use leptos::prelude::*;
use wxa_model::Action;

/// How many names are spelled out.
const NAMES: usize = 24;

/// The dialog that asks; closed while nothing is asked.
#[component]
pub fn BulkAsk() -> impl IntoView {
    let cx = cx();
    let ask = cx.ui.bulk_ask;
    let close = move || ask.set(None);
    let title = move || ask.get().map(title).unwrap_or_default();
    view! {
        <Dialog
            label=Signal::derive(title)
            class="confirm"
            open=Signal::derive(move || ask.with(Option::is_some))
            on_close=Callback::new(move |()| close())
        >
            {move || ask.get().map(question)}
        </Dialog>
    }
    .into_any()
}

fn title(action: Action) -> String {
    let cx = cx();
    let able = bulk::plan(cx, action, &bulk::marked(cx)).able.len();
    let act = text::action(action);
    if able == 0 {
        fill(T::BulkTitleNone, &[("act", &act)])
    } else {
        fill(
            T::BulkTitle,
            &[("act", &act), ("vms", &plural(T::CountVms, able))],
        )
    }
}

fn question(action: Action) -> AnyView {
    let cx = cx();
    let plan = Memo::new(move |_| bulk::plan(cx, action, &bulk::marked(cx)));
    let act = text::action(action);
    let close = move || cx.ui.bulk_ask.set(None);
    let yes = move |_| {
        let able = plan.get_untracked().able;
        if !able.is_empty() && !cx.bulk.is_busy() {
            close();
            cx.bulk.begin(cx, action, able);
        }
    };
    let able = move || {
        plan.with(|plan| {
            if plan.able.is_empty() {
                return view! { <p>{t(T::BulkNothing)}</p> }.into_any();
            }
            let names: Vec<String> = plan.able.iter().map(|(_, name)| name.clone()).collect();
            let words = plural(T::BulkAble, names.len())
                .replace("{act}", act)
                .replace("{most}", &AT_ONCE.to_string());
            view! {
                <p>{words}</p>
                <p class="mono small wrap">{spelled(&names)}</p>
            }
            .into_any()
        })
    };
    let unable = move || {
        plan.with(|plan| {
            (!plan.unable.is_empty()).then(|| {
                let reason = |(why, names): &(String, Vec<String>)| {
                    view! { <li><span class="mono wrap">{spelled(names)}</span>": "{why.clone()}</li> }
                };
                view! {
                    <p class="left-out">{icon("info")}{t(T::BulkUnable)}</p>
                    <ul class="reasons small">{plan.unable.iter().map(reason).collect_view()}</ul>
                }
            })
        })
    };
    let go = move || {
        let able = plan.with(|plan| plan.able.len());
        (able > 0 && !cx.bulk.is_busy()).then(|| {
            let vms = plural(T::CountVms, able);
            let danger = action.loses().is_some();
            view! {
                <button type="button" class="btn solid" class:danger=danger class:primary=!danger on:click=yes>
                    {fill(T::BulkGo, &[("act", &act), ("vms", &vms)])}
                </button>
            }
        })
    };
    view! {
        <h2>{title(action)}</h2>
        <div class="dialog-scroll" tabindex="0" role="group" aria-label=title(action)>
            {action.loses().map(|loses| view! { <p class="loses">{icon("warning")}{loses}</p> })}
            {able}
            {unable}
            {text::gentler(action).map(|hint| view! { <p class="muted">{t(hint)}</p> })}
            {move || cx.bulk.is_busy().then(|| view! { <p class="problem">{t(T::BulkBusy)}</p> })}
        </div>
        <div class="dialog-acts">
            <button type="button" class="btn" autofocus=true on:click=move |_| close()>{t(T::Cancel)}</button>
            {go}
        </div>
    }
    .into_any()
}

/// Names, as many as one reads.
fn spelled(names: &[String]) -> String {
    let mut text = names
        .iter()
        .take(NAMES)
        .cloned()
        .collect::<Vec<_>>()
        .join(t(T::ListSeparator));
    if names.len() > NAMES {
        text.push_str(t(T::ListSeparator));
        text.push_str(&fill(T::BulkMoreNames, &[("n", &(names.len() - NAMES))]));
    }
    text
}
