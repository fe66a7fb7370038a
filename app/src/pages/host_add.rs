//! Adding a host, in three steps: where it is, whether it is the right one, how to sign in.
pub mod credential;
mod details;
mod fingerprint;
mod jump;
mod known_hosts;
mod place;
mod way;

use crate::components::empty::Empty;
use crate::cx::cx;
use details::Details;
use fingerprint::Fingerprint;
use jump::Jump;
use leptos::prelude::*;
use place::{Place, PlaceNames};
use way::Way;
use wxa_model::Transport;

/// What the steps hand on.
#[derive(Clone, Copy)]
struct Steps {
    transport: RwSignal<Transport>,
    place: Place,
    jump: Jump,
    /// Lines of a `known_hosts` file; empty for none.
    known_hosts: RwSignal<String>,
}

impl Steps {
    /// Whether the host is the right one, as far as a person or a file can tell.
    fn is_confirmed(self) -> bool {
        self.transport.get() == Transport::Local || self.place.compared.get()
    }
}

/// The page.
#[component]
pub fn HostAddPage() -> impl IntoView {
    if !cx().may_administer() {
        return view! {
            <div class="head head-pad"><h1>"Add a host"</h1></div>
            <Empty image="host" title="Only administrators add hosts" text="Ask one to add it, or to give you the role."/>
        }
        .into_any();
    }
    let steps = Steps {
        transport: RwSignal::default(),
        place: Place::new(),
        jump: Jump::new(),
        known_hosts: RwSignal::default(),
    };
    view! {
        <div class="head head-pad"><h1>"Add a host"</h1></div>
        <div class="scroll">
            <div class="steps">
                <p class="muted">
                    "A Xen host that is managed with xl. Nothing is installed on it, and nothing changes there."
                </p>
                <Way steps=steps/>
                {move || {
                    (steps.transport.get() == Transport::Ssh).then(|| view! { <Fingerprint steps=steps/> })
                }}
                <Details steps=steps/>
            </div>
        </div>
    }
    .into_any()
}
