//! Deleting a page, with what it is called typed by hand.
use crate::{
    components::type_to_remove::TypeToRemove,
    cx::cx,
    pages::status::shared::shared,
    routes::Route,
    text::{S, s, s_fill},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_wire::operation::StatusPageDelete;

#[component]
pub(super) fn Remove() -> impl IntoView {
    let cx = cx();
    let shared = shared();
    let title = Memo::new(move |_| shared.page().map(|page| page.title).unwrap_or_default());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let remove = Callback::new(move |()| {
        busy.set(true);
        let name = title.get_untracked();
        spawn_local(async move {
            match transport::call::<StatusPageDelete>(shared.id, &()).await {
                Ok(()) => {
                    cx.ui.say(Tone::Good, s_fill(S::Removed, &[("name", &name)]), "");
                    cx.nav.to(Route::StatusPages);
                }
                Err(body) => drop(problem.try_set(words::error(&body).detail)),
            }
            let _ = busy.try_set(false);
        });
    });
    view! {
        <TypeToRemove
            title=s(S::Remove)
            more=s(S::RemoveMore)
            name=title
            ask=Signal::derive(move || s_fill(S::RemoveType, &[("name", &title.get())]))
            yes=s(S::RemoveNow)
            busy=busy
            problem=problem
            remove=remove
        />
    }
}
