//! What a pool says about itself, as a list of terms.
use crate::{
    components::when::Age,
    cx::cx,
    format,
    routes::{HostTab, Route},
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::HostId;

pub(super) fn facts(id: HostId) -> AnyView {
    let cx = cx();
    let host = Memo::new(move |_| cx.live.host(id));
    let coordinator = Memo::new(move |_| {
        let mut members = cx.live.members(id).into_iter();
        members
            .find(|host| host.facts.as_ref().is_some_and(|facts| facts.coordinator))
            .map(|host| (host.id, host.name.clone()))
    });
    let told = move |of: fn(&wxa_model::HostFacts) -> String| {
        let text = host.with(|host| host.as_ref().and_then(|host| host.facts.as_ref().map(of)));
        text.filter(|text| !text.is_empty())
            .unwrap_or_else(|| format::UNKNOWN.to_owned())
    };
    let uuid = move || told(|facts| facts.uuid.map(|uuid| uuid.to_string()).unwrap_or_default());
    let heard = move || match host.get() {
        Some(host) if host.link.is_up() => t(T::NowConnected).into_any(),
        host => match host.and_then(|host| host.last_word) {
            Some(at) => view! { <Age at=at/> }.into_any(),
            None => t(T::NotYet).into_any(),
        },
    };
    let row = |term: T, value: AnyView| view! { <dt>{t(term)}</dt><dd>{value}</dd> };
    let speaker = move || match coordinator.get() {
        Some((id, name)) => {
            view! { <a class="link" href=Route::Host(id, HostTab::Overview).path()>{name}</a> }.into_any()
        }
        None => format::UNKNOWN.into_any(),
    };
    let address = move || host.with(|host| host.as_ref().map(|host| host.address.clone()));
    view! {
        <dl class="kv wide">
            {row(T::Version, (move || told(|facts| facts.product.clone())).into_any())}
            {row(T::Coordinator, speaker.into_any())}
            {row(T::Address, view! { <span class="mono wrap">{address}</span> }.into_any())}
            {row(T::LastWord, heard.into_any())}
            {row(T::PoolUuid, view! { <span class="mono wrap">{uuid}</span> }.into_any())}
        </dl>
    }
    .into_any()
}
