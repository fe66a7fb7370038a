//! A pool's networks: bridge, VLAN, and what is plugged in.
use super::super::look::{Asked, Look, told_if};
use crate::{
    format,
    text::{T, plural, t},
};
use leptos::prelude::*;
use wxa_model::pool_details::PoolNetwork;

#[component]
pub(in super::super) fn Networks(look: Look) -> impl IntoView {
    view! {
        <div class="scroll">
            <Asked look=look/>
            <section class="card">
                <h2>{t(T::Networks)}</h2>
                {told_if(look, |details| details.pool.as_ref().map(|pool| &pool.networks), |all| table(all))}
            </section>
        </div>
    }
    .into_any()
}

fn table(all: &[PoolNetwork]) -> AnyView {
    if all.is_empty() {
        return view! { <p class="muted small">{t(T::NoneDot)}</p> }.into_any();
    }
    view! {
        <table class="plain stacked" aria-label=t(T::Networks)>
            <thead>
                <tr>
                    <th scope="col">{t(T::ColName)}</th>
                    <th scope="col">{t(T::Bridge)}</th>
                    <th scope="col" class="num">{t(T::Vlan)}</th>
                    <th scope="col" class="num only-desk">{t(T::Mtu)}</th>
                    <th scope="col" class="only-desk">{t(T::PhysicalInterfaces)}</th>
                    <th scope="col" class="num">{t(T::InterfacesOfVms)}</th>
                </tr>
            </thead>
            <tbody>{all.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(one: &PoolNetwork) -> AnyView {
    let number = |n: u32| match n {
        0 => format::UNKNOWN.to_owned(),
        n => n.to_string(),
    };
    let vlan = one
        .vlan
        .map_or_else(|| t(T::Untagged).to_owned(), |vlan| vlan.to_string());
    let plugged = match one.interfaces.as_slice() {
        [] => t(T::OnlyVms).to_owned(),
        some if some.len() <= 4 => some.join(t(T::ListSeparator)),
        many => plural(T::CountInterfaces, many.len()),
    };
    view! {
        <tr>
            <td class="wrap">
                {one.name.clone()}
                {one.management.then(|| view! { " "<span class="tag">{t(T::Management)}</span> })}
                {(!one.description.is_empty()).then(|| view! { <span class="small muted sub">{one.description.clone()}</span> })}
            </td>
            <td class="mono">{one.bridge.clone()}</td>
            <td class="num" data-label=t(T::Vlan)>{vlan}</td>
            <td class="num only-desk">{number(one.mtu)}</td>
            <td class="wrap only-desk" title=one.interfaces.join(t(T::ListSeparator))>{plugged}</td>
            <td class="num" data-label=t(T::InterfacesOfVms)>{one.vm_interfaces}</td>
        </tr>
    }
    .into_any()
}
