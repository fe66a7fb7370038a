//! Step one for a pool: any of its members, and its certificate.
use super::{
    Steps,
    place::{self, PlaceNames},
    trust::TrustFields,
};
use crate::{
    text::{T, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::Transport;
use wxa_wire::{
    HostProbeParams,
    operation::{HostProbe, NoId},
};

#[component]
pub(super) fn OverXapi(steps: Steps) -> impl IntoView {
    let member = steps.member;
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let names = PlaceNames {
        address: t(T::AnyMember),
        address_name: "member",
        port: t(T::Port),
        port_name: "member-port",
    };
    let fetch = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !untrack(|| steps.trust.is_pin()) {
            return;
        }
        let (address, port) = match member.typed() {
            Ok(typed) => typed,
            Err(missing) => return problem.set(missing.into()),
        };
        member.changed();
        busy.set(true);
        problem.set(String::new());
        let params = HostProbeParams {
            transport: Transport::Xapi,
            address,
            port,
            jump: None,
            known_hosts: String::new(),
        };
        spawn_local(async move {
            match transport::call::<HostProbe>(NoId, &params).await {
                Ok(key) => member.shows(key),
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    view! {
        <p class="muted">{t(T::AnyMemberMore)}</p>
        <form class="form row" on:submit=fetch>
            {place::fields(member, names, || ())}
            {move || steps.trust.is_pin().then(|| view! {
                <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || t(if busy.get() { T::Fetching } else { T::FetchCertificate })}
                </button>
            })}
        </form>
        <div class="form"><TrustFields choice=steps.trust/></div>
        <p class="problem" role="alert">{move || problem.get()}</p>
    }
    .into_any()
}
