//! What is known of a VM, as a list of terms.
use crate::{
    components::when::Age,
    cx::cx,
    format,
    routes::{HostTab, Route},
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::{ConsoleKind, Host, HostKind, Vm};

/// The list.
pub fn facts(vm: &Vm) -> AnyView {
    let cx = cx();
    let place = cx.live.host(vm.host);
    let kind = place.as_ref().map(|host| host.kind).unwrap_or_default();
    let pool = place.as_ref().and_then(|host| cx.live.pool_of(host));
    let link = |host: &Host| {
        let href = Route::Host(host.id, HostTab::Overview).path();
        view! { <a class="link" href=href>{host.name.clone()}</a> }.into_any()
    };
    // On a pool, but tied to none of its members.
    let host = match (&place, kind) {
        (_, HostKind::Pool) => t(T::OnNoMember).into_any(),
        (Some(host), _) => link(host),
        (None, _) => format::UNKNOWN.into_any(),
    };
    let consoles: Vec<&str> = vm
        .consoles
        .iter()
        .map(|kind| match kind {
            ConsoleKind::Pv => "hvc0",
            ConsoleKind::Serial => "ttyS0",
            ConsoleKind::Graphical => "VNC",
        })
        .collect();
    let row = |term: &'static str, value: AnyView| view! { <dt>{term}</dt><dd>{value}</dd> };
    let text = |value: String| value.into_any();
    let mono = |value: String| {
        view! { <span class="mono cut" title=value.clone()>{value.clone()}</span> }.into_any()
    };
    let or_dash = |text: String| {
        if text.is_empty() {
            format::UNKNOWN.into()
        } else {
            text
        }
    };
    let started = match vm.started_at {
        Some(at) => view! { <Age at=at/> }.into_any(),
        None => format::UNKNOWN.into_any(),
    };
    let guest = vm.guest.clone().unwrap_or_default();
    let addresses = guest
        .addresses
        .iter()
        .map(|address| view! { <div class="mono">{address.clone()}</div> });
    let problem = vm.config_problem.clone();
    view! {
        <dl class="kv">
            {pool.map(|pool| row(t(T::Pool), link(&pool)))}
            {row(t(T::FactHost), host)}
            {row(t(T::FactType), text(vm.guest_type.map_or_else(|| format::UNKNOWN.to_owned(), |kind| kind.label().to_owned())))}
            {row(t(T::FactVcpus), text(vm.vcpus.to_string()))}
            {row(t(T::Memory), text(format::memory(vm.memory, vm.memory_max)))}
            {(!guest.os.is_empty()).then(|| row(t(T::FactSystem), view! { <span class="wrap">{guest.os.clone()}</span> }.into_any()))}
            {(!guest.addresses.is_empty()).then(|| row(t(T::FactAddresses), addresses.collect_view().into_any()))}
            {(!guest.tools.is_empty()).then(|| row(t(T::FactTools), mono(guest.tools.clone())))}
            {row(t(T::FactStarted), started)}
            {row(t(T::FactAtBoot), text(t(if vm.autostart { T::StartsByItself } else { T::StaysOff }).into()))}
            {row(t(T::FactConsoles), text(or_dash(consoles.join(", "))))}
            {(kind == HostKind::Plain).then(|| row(t(T::FactDefinition), mono(or_dash(vm.config_path.clone().unwrap_or_default()))))}
            {problem.map(|problem| row(t(T::FactProblem), view! {
                <span class="wrap">
                    <b class="st-warn">{t(T::DefinitionUnreadable)}</b>
                    ": "
                    {problem}
                    {t(T::PutItRight)}
                </span>
            }.into_any()))}
            {row(t(if kind == HostKind::Plain { T::FactUuid } else { T::FactVmUuid }), mono(or_dash(vm.xen_uuid.map(|id| id.to_string()).unwrap_or_default())))}
            {vm.native_id.clone().map(|id| row(t(T::FactDomid), mono(id)))}
        </dl>
    }
    .into_any()
}
