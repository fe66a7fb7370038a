//! Bridges with what is plugged into them, and the links that are plugged into nothing.
use super::look::{Asked, Look, links, told, vms_of};
use crate::{components::icon::icon, cx::cx};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{
    HostId, Vm,
    host_details::{LinkKind, NetLink},
};

#[component]
pub(super) fn Network(id: HostId, look: Look) -> impl IntoView {
    let cx = cx();
    let vms = Memo::new(move |_| vms_of(cx, id));
    view! {
        <div class="scroll">
            <Asked look=look/>
            {told(look, |details| &details.links, move |all| vms.with(|vms| bridges(all, vms)))}
        </div>
    }
    .into_any()
}

fn bridges(all: &[NetLink], vms: &[Arc<Vm>]) -> AnyView {
    let is_bridge = |link: &&NetLink| link.kind == LinkKind::Bridge;
    let cards = all.iter().filter(is_bridge).map(|bridge| {
        let ports: Vec<&NetLink> = all.iter().filter(|link| link.master == bridge.name).collect();
        // Guests that would be plugged in if they ran.
        let waiting: Vec<&Vm> = vms
            .iter()
            .map(AsRef::as_ref)
            .filter(|vm: &&Vm| vm.native_id.is_none() && vm.nics.iter().any(|nic| nic.bridge == bridge.name))
            .collect();
        view! {
            <section class="card" aria-label=format!("Bridge {}", bridge.name)>
                <h2 class="mono">{bridge.name.clone()}</h2>
                <p class="small muted">{about(bridge)}</p>
                {if ports.is_empty() {
                    view! { <p class="muted small">"Nothing is plugged in."</p> }.into_any()
                } else {
                    table(&ports, vms, format!("Ports of {}", bridge.name))
                }}
                {(!waiting.is_empty()).then(|| view! { <p class="small muted">"When started: "{links(&waiting)}</p> })}
            </section>
        }
    });
    let others: Vec<&NetLink> = all
        .iter()
        .filter(|link| link.master.is_empty() && link.kind != LinkKind::Bridge)
        .collect();
    let nothing = !all.iter().any(|link| link.kind == LinkKind::Bridge);
    view! {
        {nothing.then(|| view! { <p class="muted">"There is no bridge on this host."</p> })}
        <div class="columns">{cards.collect_view()}</div>
        {(!others.is_empty()).then(|| view! {
            <section class="card apart">
                <h2>"On no bridge"</h2>
                {table(&others, vms, "Links on no bridge".into())}
            </section>
        })}
    }
    .into_any()
}

fn about(link: &NetLink) -> String {
    let mut parts = vec![
        match link.up {
            Some(true) => "carries traffic",
            Some(false) => "no carrier",
            None => "carrier not known",
        }
        .to_owned(),
    ];
    if link.mtu > 0 {
        parts.push(format!("MTU {}", link.mtu));
    }
    if !link.mac.is_empty() {
        parts.push(link.mac.clone());
    }
    parts.join(" · ")
}

fn table(ports: &[&NetLink], vms: &[Arc<Vm>], label: String) -> AnyView {
    let row = |port: &&NetLink| {
        let vm = vms.iter().find(|vm| Some(vm.id) == port.vm);
        let what = match (vm, port.kind) {
            (Some(vm), _) => links(&[vm.as_ref()]),
            (None, kind) => word(kind).into_any(),
        };
        let (class, image, state) = match port.up {
            Some(true) => ("st-running", "check", "up"),
            Some(false) => ("muted", "forbid", "no carrier"),
            None => ("muted", "question", "not known"),
        };
        view! {
            <tr>
                <td class="mono">{port.name.clone()}</td>
                <td class="wrap">{what}</td>
                <td><span class=format!("st {class}")>{icon(image)}{state}</span></td>
                <td class="mono only-desk">{port.mac.clone()}</td>
            </tr>
        }
    };
    view! {
        <table class="plain" aria-label=label>
            <thead><tr><th>"Link"</th><th>"What"</th><th>"State"</th><th class="only-desk">"Address"</th></tr></thead>
            <tbody>{ports.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn word(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Bridge => "bridge",
        LinkKind::Card => "network card",
        LinkKind::Bond => "bond",
        LinkKind::Vlan => "VLAN",
        LinkKind::Guest => "a guest that went",
        LinkKind::Other => "other",
    }
}
