//! Adding a host or a pool, in three steps: where it is, whether it is the right one, how to sign in.
pub mod credential;
mod details;
mod fingerprint;
mod jump;
mod known_hosts;
mod place;
mod pool;
pub mod trust;
mod way;

use crate::components::empty::Empty;
use crate::{
    cx::cx,
    text::{T, t},
};
use details::Details;
use fingerprint::Fingerprint;
use jump::Jump;
use leptos::prelude::*;
use place::{Place, PlaceNames};
use trust::TrustChoice;
use way::Way;
use wxa_model::{Transport, Trust};

/// Where the address says which way is taken, so that a link leads to it.
const WAY: &str = "way";

fn asked(way: &str) -> Transport {
    match way {
        "pool" => Transport::Xapi,
        _ => Transport::Ssh,
    }
}

/// What the steps hand on.
#[derive(Clone, Copy)]
struct Steps {
    transport: RwSignal<Transport>,
    /// The host, over SSH.
    host: Place,
    /// Any member of a pool, over HTTPS.
    member: Place,
    jump: Jump,
    /// Lines of a `known_hosts` file; empty for none.
    known_hosts: RwSignal<String>,
    /// By what a pool is to be known.
    trust: TrustChoice,
}

impl Steps {
    /// Whether the host is the right one, as far as a person or a file can tell.
    fn is_confirmed(self) -> bool {
        match self.is_vouched() {
            true => self.trust.is_complete(),
            false => self.place().is_none_or(|place| place.compared.get()),
        }
    }

    /// Whether an authority vouches, so that nobody compares anything. Tracks the choice.
    fn is_vouched(self) -> bool {
        self.transport.get() == Transport::Xapi && !self.trust.is_pin()
    }

    /// What is asked for its key or certificate; none where nothing is. Tracks the choice.
    fn place(self) -> Option<Place> {
        match self.transport.get() {
            Transport::Ssh => Some(self.host),
            Transport::Xapi => Some(self.member),
            Transport::Local => None,
        }
    }
}

/// The page.
#[component]
pub fn HostAddPage() -> impl IntoView {
    if !cx().may_administer() {
        return view! {
            <div class="head head-pad"><h1>{t(T::AddHost)}</h1></div>
            <Empty image="host" title="Only administrators add hosts" text="Ask one to add it, or to give you the role."/>
        }
        .into_any();
    }
    let steps = Steps {
        transport: RwSignal::new(asked(&untrack(|| cx().nav.query(WAY)))),
        host: Place::new(22),
        member: Place::new(443),
        jump: Jump::new(),
        known_hosts: RwSignal::default(),
        trust: TrustChoice::new(&Trust::Pin),
    };
    view! {
        <div class="head head-pad"><h1>{t(T::AddHost)}</h1></div>
        <div class="scroll">
            <div class="steps">
                <p class="muted">{t(T::AddIntro)}</p>
                <Way steps=steps/>
                {move || {
                    steps.place().map(|place| view! { <Fingerprint steps=steps place=place/> })
                }}
                <Details steps=steps/>
            </div>
        </div>
    }
    .into_any()
}
