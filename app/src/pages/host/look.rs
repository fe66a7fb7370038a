//! A close look at a host: asked for when its page is opened and every minute while it is looked at, with its age.
use crate::{
    components::{icon::icon, when::Age},
    cx::{Cx, cx},
    live::MOST_WISHED,
    routes::details_url,
    text::{T, fill, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use std::{sync::Arc, time::Duration};
use wxa_model::{HostDetails, HostId, Told, UnixMillis};
use wxa_wire::{DetailsAge, HostDetailsView};

/// How often the host is asked while its page is open.
const EVERY: Duration = Duration::from_secs(60);

/// What the host told, for all tabs of its page.
#[derive(Clone, Copy)]
pub(super) struct Look {
    id: HostId,
    /// What it told last.
    pub(super) details: RwSignal<Option<Arc<HostDetails>>>,
    at: RwSignal<Option<UnixMillis>>,
    problem: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Look {
    /// Begins with what came with the page; in the browser the host is asked, and asked again.
    pub(super) fn start(id: HostId) -> Self {
        let cx = cx();
        let look = Self {
            id,
            details: RwSignal::new(None),
            at: RwSignal::new(None),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
        };
        if let Some(view) = cx.prefetched::<HostDetailsView>(&details_url(id, DetailsAge::Known)) {
            look.take(view);
        }
        Effect::new(move |_| {
            look.ask(DetailsAge::Minute);
            let again = move || {
                if !document().hidden() {
                    look.ask(DetailsAge::Minute);
                }
            };
            if let Ok(timer) = set_interval_with_handle(again, EVERY) {
                on_cleanup(move || timer.clear());
            }
        });
        look
    }

    fn take(self, view: HostDetailsView) {
        if let Some(known) = view.known {
            self.at.set(Some(known.at));
            self.details.set(Some(Arc::new(known.details)));
        }
        self.problem.set(view.problem);
    }

    fn ask(self, age: DetailsAge) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let reply = transport::get::<HostDetailsView>(&details_url(self.id, age)).await;
            // The page may have been left meanwhile: then there is nothing to tell.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match reply {
                Ok(view) => self.take(view),
                Err(body) => self.problem.set(Some(words::error(&body).detail)),
            }
        });
    }
}

/// How old what is shown is, and a button to look again.
#[component]
pub(super) fn Asked(look: Look) -> impl IntoView {
    let age = move || match (look.at.get(), look.busy.get()) {
        (None, true) => t(T::LookingAtIt).into_any(),
        (None, false) => t(T::NotLookedAt).into_any(),
        (Some(at), _) => view! { {t(T::LookedAt)}<Age at=at/>"." }.into_any(),
    };
    view! {
        <div class="asked">
            <span class="small muted">{age}</span>
            <button
                type="button"
                class="btn"
                aria-disabled=move || look.busy.get().then_some("true")
                on:click=move |_| look.ask(DetailsAge::Now)
            >
                {icon("reboot")}
                {move || t(if look.busy.get() { T::Looking } else { T::LookAgain })}
            </button>
            {move || {
                look.problem
                    .get()
                    .map(|why| view! { <p class="why">{icon("info")}<span>{fill(T::NothingNewer, &[("why", &why)])}</span></p> })
            }}
        </div>
    }
    .into_any()
}

/// What was told, or why not, or that nobody has asked yet.
pub(super) fn told<P: 'static>(
    look: Look,
    part: fn(&HostDetails) -> &Told<P>,
    show: impl Fn(&P) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    told_if(look, move |details| Some(part(details)), show)
}

/// The same of a part that not every host has.
pub(super) fn told_if<P: 'static>(
    look: Look,
    part: impl Fn(&HostDetails) -> Option<&Told<P>> + Send + Sync + 'static,
    show: impl Fn(&P) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    (move || {
        look.details
            .with(|details| match details.as_deref().and_then(&part) {
                None => view! { <p class="muted small">{t(T::NotKnownYet)}</p> }.into_any(),
                Some(Told::Untold(why)) => {
                    view! { <p class="untold">{icon("info")}<span>{why.clone()}</span></p> }.into_any()
                }
                Some(Told::Told(answer)) => show(answer),
            })
    })
    .into_any()
}

/// The VMs of a host, its control domain included. Tracks each of them: their details come after them.
pub(super) fn vms_of(cx: Cx, id: HostId) -> Vec<Arc<wxa_model::Vm>> {
    let mut vms = cx.live.guests_on(id);
    vms.extend(cx.live.control_domain(id));
    vms.into_iter()
        .map(|vm| cx.live.vm(vm.id).get().unwrap_or(vm))
        .collect()
}

/// Whether disks and interfaces of all of them are known: before that nothing can be said to use nothing.
pub(super) fn vms_are_known(cx: Cx, id: HostId) -> bool {
    let vms = vms_of(cx, id);
    vms.iter().all(|vm| cx.live.is_detailed(vm.id))
}

/// Asks for disks and interfaces of the VMs of a host for as long as the caller's owner lives: of as many as a tab may have.
pub(super) fn watch_vms_of(cx: Cx, id: HostId) {
    let ids = Memo::new(move |_| {
        let vms = vms_of(cx, id);
        vms.iter().map(|vm| vm.id).collect::<Vec<_>>()
    });
    Effect::new(move |_| ids.with(|ids| ids.iter().take(MOST_WISHED).for_each(|vm| cx.live.watch(*vm))));
}

/// A list of terms; those without a value are left out.
pub(super) fn terms(rows: Vec<(&'static str, String)>) -> AnyView {
    let row = |(term, value): (&'static str, String)| view! { <dt>{term}</dt><dd class="wrap">{value}</dd> };
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty()).map(row);
    view! { <dl class="kv wide">{rows.collect_view()}</dl> }.into_any()
}

/// Links to VMs, in a line.
pub(super) fn links(vms: &[&wxa_model::Vm]) -> AnyView {
    use crate::routes::{Route, VmTab};
    let link = |vm: &&wxa_model::Vm| {
        view! { <a class="link" href=Route::Vm(vm.id, VmTab::Overview).path()>{vm.name.clone()}</a>" " }
    };
    vms.iter().map(link).collect_view().into_any()
}
