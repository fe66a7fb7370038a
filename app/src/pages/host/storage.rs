//! Where guests' disks are: volume groups, volumes and file systems, with who uses what.
use super::look::{Asked, Look, links, told, vms_are_known, vms_of};
use crate::{components::meter::Meter, cx::cx};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::{
    HostId, Vm,
    host_details::{FileSystem, Volume, VolumeGroup, VolumeKind},
    storage::{users_of_filesystem, users_of_volume},
};

#[component]
pub(super) fn Storage(id: HostId, look: Look) -> impl IntoView {
    let cx = cx();
    let vms = Memo::new(move |_| vms_of(cx, id));
    let known = Memo::new(move |_| vms_are_known(cx, id));
    view! {
        <div class="scroll">
            <Asked look=look/>
            <div class="stack">
                <section class="card">
                    <h2>"Volume groups"</h2>
                    {told(look, |details| &details.groups, |all| groups(all))}
                </section>
                <section class="card">
                    <h2>"Volumes"</h2>
                    {told(look, |details| &details.volumes, move |all| vms.with(|vms| volumes(all, vms, known.get())))}
                </section>
                <section class="card">
                    <h2>"File systems"</h2>
                    {told(look, |details| &details.filesystems, move |all| vms.with(|vms| filesystems(all, vms, known.get())))}
                </section>
            </div>
        </div>
    }
    .into_any()
}

fn nothing(sentence: &'static str) -> AnyView {
    view! { <p class="muted small">{sentence}</p> }.into_any()
}

fn groups(all: &[VolumeGroup]) -> AnyView {
    if all.is_empty() {
        return nothing("There are none.");
    }
    let row = |group: &VolumeGroup| {
        let used = group.size.0.saturating_sub(group.free.0) as f32 / group.size.0.max(1) as f32;
        view! {
            <tr>
                <td class="mono wrap">{group.name.clone()}</td>
                <td class="num">{group.size.to_string()}</td>
                <td class="num">{group.free.to_string()}</td>
                <td class="meter"><Meter share=Signal::stored(Some(used)) hot=2.0/></td>
                <td class="num only-desk">{group.volumes}</td>
                <td class="num only-desk">{group.disks}</td>
            </tr>
        }
    };
    view! {
        <table class="plain" aria-label="Volume groups">
            <thead>
                <tr>
                    <th>"Group"</th>
                    <th class="num">"Size"</th>
                    <th class="num">"Free"</th>
                    <th class="meter">"Taken"</th>
                    <th class="num only-desk">"Volumes"</th>
                    <th class="num only-desk">"Disks"</th>
                </tr>
            </thead>
            <tbody>{all.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// `known` is whether it is known of all `vms` which disks they have.
fn volumes(all: &[Volume], vms: &[Arc<Vm>], known: bool) -> AnyView {
    if all.is_empty() {
        return nothing("There are none.");
    }
    let row = |volume: &Volume| {
        let users = users_of_volume(volume, vms.iter().map(AsRef::as_ref));
        let used_by = match (users.is_empty(), volume.open, volume.kind) {
            (false, ..) => links(&users),
            (true, _, VolumeKind::ThinPool) => view! { <span class="muted">"its volumes"</span> }.into_any(),
            (true, ..) if !known => not_known(),
            (true, true, _) => view! { <span class="muted">"something on the host"</span> }.into_any(),
            (true, false, _) => view! { <span class="muted">"no guest"</span> }.into_any(),
        };
        view! {
            <tr>
                <td class="mono wrap">{format!("{}/{}", volume.group, volume.name)}</td>
                <td class="num">{volume.size.to_string()}</td>
                <td class="only-desk">{kind(volume)}</td>
                <td>{if volume.open { "open" } else { "closed" }}</td>
                <td class="wrap">{used_by}</td>
            </tr>
        }
    };
    view! {
        <table class="plain" aria-label="Volumes">
            <thead>
                <tr>
                    <th>"Volume"</th>
                    <th class="num">"Size"</th>
                    <th class="only-desk">"Kind"</th>
                    <th>"Now"</th>
                    <th>"Used by"</th>
                </tr>
            </thead>
            <tbody>{all.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn kind(volume: &Volume) -> String {
    let full = volume
        .used_percent
        .map(|percent| format!(", {percent:.0} % full"))
        .unwrap_or_default();
    match volume.kind {
        VolumeKind::Plain => "plain".into(),
        VolumeKind::ThinPool => format!("thin pool{full}"),
        VolumeKind::Thin => format!("thin, in {}{full}", volume.pool),
        VolumeKind::Snapshot => format!("snapshot of {}{full}", volume.origin),
        VolumeKind::Other => "other".into(),
    }
}

fn not_known() -> AnyView {
    view! { <span class="muted">"not known yet"</span> }.into_any()
}

fn filesystems(all: &[FileSystem], vms: &[Arc<Vm>], known: bool) -> AnyView {
    let row = |one: &FileSystem| {
        let users = users_of_filesystem(one, all, vms.iter().map(AsRef::as_ref));
        let used_by = match users.is_empty() {
            true if !known => not_known(),
            true => view! { <span class="muted">"no guest"</span> }.into_any(),
            false => links(&users),
        };
        let full = one.fullness();
        view! {
            <tr>
                <td class="mono wrap">{one.mount.clone()}<span class="small muted sub">{format!("{} · {}", one.source, one.kind)}</span></td>
                <td class="num">{one.size.to_string()}</td>
                <td class="num">{one.available.to_string()}</td>
                <td class="meter"><Meter share=Signal::stored(Some(full))/></td>
                <td class="num">{format!("{:.0} %", full * 100.0)}</td>
                <td class="wrap">{used_by}</td>
            </tr>
        }
    };
    view! {
        <table class="plain" aria-label="File systems">
            <thead>
                <tr>
                    <th>"Mounted at"</th>
                    <th class="num">"Size"</th>
                    <th class="num">"Left"</th>
                    <th class="meter"><span class="sr">"Bar"</span></th>
                    <th class="num">"Full"</th>
                    <th>"Images of"</th>
                </tr>
            </thead>
            <tbody>{all.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
