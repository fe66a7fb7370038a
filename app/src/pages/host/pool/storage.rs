//! A pool's storage repositories: how full, what was promised, and which members have them.
use super::super::look::{Asked, Look, told_if};
use crate::{
    components::{icon::icon, meter::Meter},
    format,
    text::{T, fill, plural, t},
};
use leptos::prelude::*;
use wxa_model::pool_details::Repository;

#[component]
pub(in super::super) fn Repositories(look: Look) -> impl IntoView {
    view! {
        <div class="scroll">
            <Asked look=look/>
            <section class="card">
                <h2>{t(T::Repositories)}</h2>
                {told_if(look, |details| details.pool.as_ref().map(|pool| &pool.repositories), |all| table(all))}
            </section>
        </div>
    }
    .into_any()
}

fn table(all: &[Repository]) -> AnyView {
    if all.is_empty() {
        return view! { <p class="muted small">{t(T::NoneDot)}</p> }.into_any();
    }
    view! {
        <table class="plain stacked" aria-label=t(T::Repositories)>
            <thead>
                <tr>
                    <th scope="col">{t(T::ColName)}</th>
                    <th scope="col">{t(T::FactType)}</th>
                    <th scope="col" class="meter"><span class="sr">{t(T::Bar)}</span></th>
                    <th scope="col" class="num">{t(T::Used)}</th>
                    <th scope="col" class="num only-desk">{t(T::Promised)}</th>
                    <th scope="col" class="num only-desk">{t(T::Disks)}</th>
                    <th scope="col">{t(T::AttachedOn)}</th>
                </tr>
            </thead>
            <tbody>{all.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(one: &Repository) -> AnyView {
    let share = (one.size.0 > 0).then(|| one.used.0 as f32 / one.size.0 as f32);
    let used = match share {
        Some(_) => fill(T::MemoryOf, &[("now", &one.used), ("max", &one.size)]),
        None => format::UNKNOWN.to_owned(),
    };
    let more = one.size.0 > 0 && one.promised > one.size;
    let promised = match (more, one.promised.0) {
        (_, 0) => view! { {format::UNKNOWN} }.into_any(),
        (false, _) => view! { {one.promised.to_string()} }.into_any(),
        (true, _) => view! {
            <span class="st st-warn" title=t(T::PromisedTwice)>
                {icon("warning")}
                {one.promised.to_string()}
                <span class="sr">{t(T::PromisedTwice)}</span>
            </span>
        }
        .into_any(),
    };
    let sharing = t(match (one.shared, one.iso) {
        (true, false) => T::Shared,
        (false, false) => T::NotShared,
        (true, true) => T::SharedDiscs,
        (false, true) => T::NotSharedDiscs,
    });
    view! {
        <tr>
            <td class="wrap">
                {one.name.clone()}
                {one.default.then(|| view! { " "<span class="tag">{t(T::DefaultRepository)}</span> })}
                {(!one.description.is_empty()).then(|| view! { <span class="small muted sub">{one.description.clone()}</span> })}
            </td>
            <td class="wrap"><span class="mono">{one.kind.clone()}</span><span class="small muted sub">{sharing}</span></td>
            <td class="meter">{share.map(|share| view! { <Meter share=Signal::stored(Some(share))/> })}</td>
            <td class="num" data-label=t(T::Used)>{used}</td>
            <td class="num only-desk">{promised}</td>
            <td class="num only-desk">{one.disks}</td>
            <td class="wrap" data-label=t(T::AttachedOn)><span>{attached(one)}</span></td>
        </tr>
    }
    .into_any()
}

/// On how many members; those that lost it by name.
fn attached(one: &Repository) -> AnyView {
    let names = one.attached.join(t(T::ListSeparator));
    let on = match one.attached.as_slice() {
        [] => t(T::OnNoHost).to_owned(),
        [only] => only.clone(),
        many => plural(T::CountHosts, many.len()),
    };
    let lost = (!one.detached.is_empty()).then(|| {
        let hosts = one.detached.join(t(T::ListSeparator));
        view! { <span class="st st-warn sub">{icon("warning")}{fill(T::NotOn, &[("hosts", &hosts)])}</span> }
    });
    view! { <span title=names>{on}</span>{lost} }.into_any()
}
