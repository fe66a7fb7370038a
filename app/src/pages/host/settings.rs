//! What the console calls the host, where it stands, where its guests' definitions are, how they are recorded; credentials;
//! forgetting it.
use super::{
    consoles::ConsolesCard, credential::SetCredential, member_ssh::MemberSshCard, remove::Remove,
    trust::TrustCard,
};
use crate::{
    cx::cx,
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostId, HostKind};
use wxa_wire::{HostSetParams, operation::HostSet};

#[component]
pub(super) fn Settings(id: HostId) -> impl IntoView {
    let pool = untrack(|| cx().live.kind(id)) == HostKind::Pool;
    view! {
        <div class="scroll">
            <div class="columns">
                <div class="stack">
                    <Record id=id/>
                    <ConsolesCard id=id/>
                    {pool.then(|| view! { <MemberSshCard id=id/> })}
                </div>
                <div class="stack">
                    {pool.then(|| view! { <TrustCard id=id/> })}
                    <SetCredential id=id/>
                    <Remove id=id/>
                </div>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Record(id: HostId) -> impl IntoView {
    let cx = cx();
    let host = untrack(|| cx.live.host(id));
    let pool = host.as_ref().is_some_and(|host| host.kind == HostKind::Pool);
    let site = host.as_ref().and_then(|host| untrack(|| cx.live.site(host.site)));
    let name = RwSignal::new(host.as_ref().map(|host| host.name.clone()).unwrap_or_default());
    let site = RwSignal::new(site.map(|site| site.name.clone()).unwrap_or_default());
    let folder = RwSignal::new(
        host.as_ref()
            .map(|host| host.config_dir.clone())
            .unwrap_or_default(),
    );
    let began = StoredValue::new((name.get_untracked(), site.get_untracked(), folder.get_untracked()));
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let (old_name, old_site, old_folder) = began.get_value();
        let changed = |now: String, old: &str| (now.trim() != old).then_some(now);
        let params = HostSetParams {
            name: changed(name.get_untracked(), &old_name),
            site: changed(site.get_untracked(), &old_site),
            config_dir: changed(folder.get_untracked(), &old_folder),
        };
        if params == HostSetParams::default() {
            return problem.set("Nothing is different.".into());
        }
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<HostSet>(id, &params).await {
                Ok(()) => {
                    // The page may have been left meanwhile: then there is nothing to compare with any more.
                    let now = |signal: RwSignal<String>| Some(signal.try_get_untracked()?.trim().to_owned());
                    if let (Some(name), Some(site), Some(folder)) = (now(name), now(site), now(folder)) {
                        began.set_value((name, site, folder));
                    }
                    let again = params.site.is_some() || params.config_dir.is_some();
                    let detail = if again { "The host is connected anew." } else { "" };
                    cx.ui.say(Tone::Good, "Saved", detail);
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    let field = |label: &'static str, value: RwSignal<String>, list: Option<&'static str>| {
        view! {
            <label>
                {label}
                <span class="field">
                    <input
                        type="text"
                        autocomplete="off"
                        spellcheck="false"
                        list=list
                        prop:value=move || value.get()
                        on:input=move |event| value.set(event_target_value(&event))
                    />
                </span>
            </label>
        }
    };
    let sites = move || {
        cx.live
            .sites
            .get()
            .iter()
            .map(|site| view! { <option value=site.name.clone()></option> })
            .collect_view()
    };
    view! {
        <section class="card">
            <h2>{t(if pool { T::ThisPool } else { T::ThisHost })}</h2>
            <form class="form" on:submit=save>
                {field("Name, as you call it", name, None)}
                {field("Site", site, Some("known-sites"))}
                <datalist id="known-sites">{sites}</datalist>
                {(!pool).then(|| field("Folder with the guests' definitions", folder, None))}
                <p class="muted small">{t(if pool { T::PoolMoves } else { T::HostMoves })}</p>
                <p class="problem" role="alert">{move || problem.get()}</p>
                <button type="submit" class="btn primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { "Saving…" } else { "Save" }}
                </button>
            </form>
        </section>
    }
    .into_any()
}
