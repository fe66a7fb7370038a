//! A pool's templates, its own first, and the snapshots of its VMs.
use super::super::look::{Asked, Look, told_if};
use crate::{
    components::when::When,
    format,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::pool_details::PoolSnapshot;

#[component]
pub(in super::super) fn Templates(look: Look) -> impl IntoView {
    // A look that finds the same leaves open what was opened.
    let defaults = Memo::new(move |_| {
        look.details.with(|details| {
            let pool = details.as_ref().and_then(|details| details.pool.as_ref());
            pool.map(|pool| pool.default_templates.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <div class="scroll">
            <Asked look=look/>
            <div class="columns">
                <section class="card">
                    <h2>{t(T::Templates)}</h2>
                    <p class="muted small">{t(T::TemplatesMore)}</p>
                    {told_if(look, |details| details.pool.as_ref().map(|pool| &pool.templates), |all| names(all))}
                    {move || defaults.with(|all| folded(all))}
                </section>
                <section class="card">
                    <h2>{t(T::Snapshots)}</h2>
                    {told_if(look, |details| details.pool.as_ref().map(|pool| &pool.snapshots), |all| snapshots(all))}
                </section>
            </div>
        </div>
    }
    .into_any()
}

fn none() -> AnyView {
    view! { <p class="muted small">{t(T::NoneDot)}</p> }.into_any()
}

fn names(all: &[String]) -> AnyView {
    if all.is_empty() {
        return none();
    }
    let item = |name: &String| view! { <li class="wrap">{name.clone()}</li> };
    view! { <ul class="plain-list long">{all.iter().map(item).collect_view()}</ul> }.into_any()
}

/// Those that every pool comes with, folded: there are dozens of them.
fn folded(all: &[String]) -> Option<AnyView> {
    let label = fill(T::DefaultTemplates, &[("n", &all.len())]);
    (!all.is_empty()).then(|| {
        view! {
            <details class="fold">
                <summary>{label}</summary>
                {names(all)}
            </details>
        }
        .into_any()
    })
}

fn snapshots(all: &[PoolSnapshot]) -> AnyView {
    if all.is_empty() {
        return none();
    }
    let row = |one: &PoolSnapshot| {
        let of = if one.of.is_empty() {
            view! { <span class="muted">{t(T::VmGone)}</span> }.into_any()
        } else {
            one.of.clone().into_any()
        };
        let taken = match one.taken_at {
            Some(at) => view! { <When at=at/> }.into_any(),
            None => format::UNKNOWN.into_any(),
        };
        view! {
            <tr>
                <td class="wrap">{one.name.clone()}</td>
                <td class="wrap">{of}</td>
                <td>{taken}</td>
            </tr>
        }
    };
    view! {
        <div class="long">
            <table class="plain" aria-label=t(T::Snapshots)>
                <thead>
                    <tr>
                        <th scope="col">{t(T::ColName)}</th>
                        <th scope="col">{t(T::SnapshotOf)}</th>
                        <th scope="col">{t(T::Taken)}</th>
                    </tr>
                </thead>
                <tbody>{all.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
