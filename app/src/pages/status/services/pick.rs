//! Picking VMs, hosts and pools one by one: a search, what it finds, and what is picked.
use crate::{
    components::icon::small_icon,
    cx::{Cx, cx},
    pages::status::{
        draft::{Field, Place, ServiceEdit},
        shared::shared,
    },
    text::{S, s, s_fill, s_plural},
};
use leptos::prelude::*;
use wxa_model::{HostId, HostKind, VmId, order::natural};

/// As many as one looks through; more letters make them fewer.
const MOST: usize = 12;

/// A VM, host or pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Thing {
    Vm(VmId),
    Host(HostId),
}

/// One that can be picked, or is.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    thing: Thing,
    name: String,
    image: &'static str,
    /// Where it is, to tell those of one name apart.
    on: String,
}

#[component]
pub(super) fn Pick(service: ServiceEdit) -> impl IntoView {
    let cx = cx();
    let wrong = shared().wrong(Place::Service(service.key, Field::Members));
    let typed = RwSignal::new(String::new());
    let found = Memo::new(move |_| typed.with(|typed| search(cx, typed)));
    let id = format!("service-{}-pick", service.key);
    let told = format!("{id}-told");
    view! {
        <div class="line">
            <label>
                {s(S::PickField)}
                <span class="field">
                    {small_icon("search")}
                    <input
                        type="search"
                        id=id
                        autocomplete="off"
                        spellcheck="false"
                        placeholder=s(S::PickHint)
                        aria-describedby=told.clone()
                        aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                        prop:value=move || typed.get()
                        on:input=move |event| typed.set(event_target_value(&event))
                        on:keydown=move |event: leptos::ev::KeyboardEvent| {
                            // Otherwise it would send the form around it.
                            if event.key() == "Enter" {
                                event.prevent_default();
                            }
                        }
                    />
                </span>
            </label>
            <p class="told" id=told><span class="problem" role="status">{move || wrong.get()}</span></p>
        </div>
        {move || typed.with(|typed| !typed.trim().is_empty()).then(|| found_list(service, found))}
        {picked(service)}
    }
    .into_any()
}

fn found_list(service: ServiceEdit, found: Memo<(Vec<Found>, usize)>) -> AnyView {
    let line = move |one: Found| {
        let thing = one.thing;
        let is_picked = Memo::new(move |_| has(service, thing));
        view! {
            <li>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || is_picked.get()
                        on:change=move |event| set(service, thing, event_target_checked(&event))
                    />
                    {small_icon(one.image)}
                    <span>{one.name}</span>
                    <span class="muted small">{one.on}</span>
                </label>
            </li>
        }
    };
    let more = move || match found.with(|(shown, more)| (shown.len(), *more)) {
        (0, _) => s(S::PickNothing).to_owned(),
        (_, 0) => String::new(),
        (_, more) => s_fill(S::PickMore, &[("n", &more)]),
    };
    view! {
        <div class="pick-found">
            <ul>
                <For each=move || found.get().0 key=|one| one.thing let:one>{line(one)}</For>
            </ul>
            <p class="muted small" role="status">{more}</p>
        </div>
    }
    .into_any()
}

fn picked(service: ServiceEdit) -> AnyView {
    let cx = cx();
    let all = Memo::new(move |_| {
        let vms = service.vms.get().into_iter().map(Thing::Vm);
        let hosts = service.hosts.get().into_iter().map(Thing::Host);
        hosts.chain(vms).collect::<Vec<_>>()
    });
    let chip = move |thing: Thing| {
        let shown = Memo::new(move |_| look(cx, thing));
        let name = move || {
            shown.with(|one| {
                one.as_ref()
                    .map(|one| one.name.clone())
                    .unwrap_or_else(|| missing(cx))
            })
        };
        let image = untrack(|| shown.with(|one| one.as_ref().map_or("question", |one| one.image)));
        view! {
            <li class="tag-chip">
                <span class="picked">{small_icon(image)}{name}</span>
                <button
                    type="button"
                    aria-label=move || s_fill(S::TakeOut, &[("name", &name())])
                    on:click=move |_| set(service, thing, false)
                >
                    {small_icon("close")}
                </button>
            </li>
        }
    };
    view! {
        <div>
            <p class="small muted">
                {move || match all.with(Vec::len) {
                    0 => s(S::PickedNone).to_owned(),
                    n => s_plural(S::CountPicked, n),
                }}
            </p>
            <ul class="tag-chips" aria-label=s(S::Picked)>
                <For each=move || all.get() key=|thing| *thing let:thing>{chip(thing)}</For>
            </ul>
        </div>
    }
    .into_any()
}

/// What has those letters in its name, hosts before VMs, and how many more there are. Tracks them.
fn search(cx: Cx, typed: &str) -> (Vec<Found>, usize) {
    let wanted = typed.trim().to_lowercase();
    if wanted.is_empty() {
        return (Vec::new(), 0);
    }
    let fits = |name: &str| name.to_lowercase().contains(&wanted);
    let mut hosts: Vec<HostId> = cx.live.hosts.with(|hosts| {
        hosts
            .iter()
            .filter(|host| fits(&host.name))
            .map(|host| host.id)
            .collect()
    });
    hosts.sort_by(|a, b| {
        let name = |id: &HostId| {
            cx.live
                .host(*id)
                .map(|host| host.name.clone())
                .unwrap_or_default()
        };
        natural(&name(a), &name(b))
    });
    let vms: Vec<VmId> = cx
        .live
        .with_guests(|guests, _| {
            guests
                .iter()
                .filter(|vm| fits(&vm.name))
                .map(|vm| vm.id)
                .collect()
        })
        .unwrap_or_default();
    let all = hosts.len() + vms.len();
    let things = hosts
        .into_iter()
        .map(Thing::Host)
        .chain(vms.into_iter().map(Thing::Vm));
    let shown: Vec<Found> = things.take(MOST).filter_map(|thing| look(cx, thing)).collect();
    let more = all.saturating_sub(shown.len());
    (shown, more)
}

/// What stands for a thing that is not there: of very many VMs not all are known at first.
fn missing(cx: Cx) -> String {
    if cx.live.whole.get() {
        s(S::PickedGone).to_owned()
    } else {
        "…".to_owned()
    }
}

/// A thing as it is now; none when it is gone. Tracks it.
fn look(cx: Cx, thing: Thing) -> Option<Found> {
    match thing {
        Thing::Host(id) => {
            let host = cx.live.host(id)?;
            let image = if host.kind == HostKind::Pool {
                "pool"
            } else {
                "host"
            };
            let on = cx.live.site(host.site).map(|site| site.name.clone());
            Some(Found {
                thing,
                name: host.name.clone(),
                image,
                on: on.unwrap_or_default(),
            })
        }
        Thing::Vm(id) => {
            let vm = cx.live.vm(id).get()?;
            let on = cx.live.host(vm.host).map(|host| host.name.clone());
            Some(Found {
                thing,
                name: vm.name.clone(),
                image: "vm",
                on: on.unwrap_or_default(),
            })
        }
    }
}

/// Whether it is picked. Tracks what is.
fn has(service: ServiceEdit, thing: Thing) -> bool {
    match thing {
        Thing::Vm(id) => service.vms.with(|vms| vms.contains(&id)),
        Thing::Host(id) => service.hosts.with(|hosts| hosts.contains(&id)),
    }
}

fn set(service: ServiceEdit, thing: Thing, is_picked: bool) {
    fn change<T: PartialEq>(all: &mut Vec<T>, one: T, is_in: bool) {
        all.retain(|other| *other != one);
        if is_in {
            all.push(one);
        }
    }
    match thing {
        Thing::Vm(id) => service.vms.update(|vms| change(vms, id, is_picked)),
        Thing::Host(id) => service.hosts.update(|hosts| change(hosts, id, is_picked)),
    }
}
