//! All VMs.
use crate::{
    components::{icon::icon, vm_table::VmTable},
    cx::cx,
    live::tables::Count,
    state,
    text::{T, fill, plural, t},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn VmsPage() -> impl IntoView {
    let cx = cx();
    let summary = Memo::new(move |_| {
        let counts = cx.live.counts();
        let now = cx.clock.now.get_untracked();
        let heard = |id| {
            cx.live
                .host(id)
                .is_some_and(|host| state::stale_for(&host, now).is_none())
        };
        let mut guests = Count::default();
        let mut running = 0;
        for (host, count) in counts {
            guests.add(count);
            running += if heard(host) { count.running } else { 0 };
        }
        let hosts = cx.live.machines().len();
        fill(
            T::RunningOn,
            &[
                ("running", &running),
                ("n", &guests.all),
                ("hosts", &plural(T::CountHosts, hosts)),
            ],
        )
    });
    view! {
        <div class="head head-pad">
            <div class="title">
                <h1>{t(T::Vms)}</h1>
                <span class="small muted">{move || summary.get()}</span>
                <span class="grow"></span>
                {cx.may_administer().then(|| view! { <a class="btn only-desk" href="/hosts/add">{icon("plus")}{t(T::AddHost)}</a> })}
            </div>
        </div>
        <VmTable host=None/>
    }
    .into_any()
}
