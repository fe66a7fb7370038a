//! Forgetting a host: its name has to be typed.
use crate::{
    components::type_to_remove::TypeToRemove,
    cx::cx,
    routes::Route,
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, HostKind};
use wxa_wire::operation::HostRemove;

#[component]
pub(super) fn Remove(id: HostId) -> impl IntoView {
    let cx = cx();
    let busy = RwSignal::new(false);
    let pool = untrack(|| cx.live.kind(id)) == HostKind::Pool;
    let name = untrack(|| cx.live.host(id))
        .map(|host| host.name.clone())
        .unwrap_or_default();
    let wanted = StoredValue::new(name.clone());
    let remove = Callback::new(move |()| {
        busy.set(true);
        let name = wanted.get_value();
        spawn_local(async move {
            // The live socket may tell before the reply does: then this page, and all that it holds, is gone already.
            match transport::call::<HostRemove>(id, &()).await {
                Ok(()) => {
                    cx.ui.say(Tone::Good, format!("{name} was removed"), "");
                    cx.nav.to(Route::Vms);
                }
                Err(body) => {
                    let words = words::error(&body);
                    cx.ui.say(Tone::Bad, words.title, words.detail);
                }
            }
            let _ = busy.try_set(false);
        });
    });
    let ask = format!("Type {name} to remove it");
    view! {
        <TypeToRemove
            title="Remove"
            more=t(if pool { T::RemovePoolMore } else { T::RemoveHostMore })
            name=Signal::stored(name)
            ask=Signal::stored(ask)
            yes=t(if pool { T::RemoveThePool } else { T::RemoveTheHost })
            busy=busy
            remove=remove
        />
    }
}
