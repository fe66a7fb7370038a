//! Adding a host, in three steps: where it is, whether it is the right one, how to sign in.
pub mod credential;
mod details;
mod fingerprint;

use crate::components::empty::Empty;
use crate::cx::cx;
use details::Details;
use fingerprint::Fingerprint;
use leptos::prelude::*;
use wxa_wire::HostKeyView;

/// What the steps hand on.
#[derive(Clone, Copy)]
struct Steps {
    address: RwSignal<String>,
    port: RwSignal<String>,
    /// The key that was fetched; another address takes it back.
    key: RwSignal<Option<HostKeyView>>,
    /// A person has compared it.
    compared: RwSignal<bool>,
}

impl Steps {
    fn port(self) -> Option<u16> {
        self.port.get().trim().parse().ok().filter(|port| *port > 0)
    }

    fn changed(self) {
        self.key.set(None);
        self.compared.set(false);
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
        address: RwSignal::default(),
        port: RwSignal::new("22".to_owned()),
        key: RwSignal::new(None),
        compared: RwSignal::new(false),
    };
    view! {
        <div class="head head-pad"><h1>"Add a host"</h1></div>
        <div class="scroll">
            <div class="steps">
                <p class="muted">
                    "A Xen host that is managed with xl, reached over SSH. Nothing is installed on it, and nothing changes there."
                </p>
                <Fingerprint steps=steps/>
                <Details steps=steps/>
            </div>
        </div>
    }
    .into_any()
}
