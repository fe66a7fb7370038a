//! Step three: how to sign in and what to call it; then test, then add.
use super::{
    Steps,
    credential::{CredentialFields, Secret},
};
use crate::{
    components::icon::icon,
    cx::cx,
    routes::{HostTab, Route},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::HostFacts;
use wxa_wire::{
    HostAddParams,
    operation::{HostAdd, HostTest, NoId},
};

#[derive(Clone, Copy)]
struct Fields {
    user: RwSignal<String>,
    name: RwSignal<String>,
    site: RwSignal<String>,
    folder: RwSignal<String>,
    secret: Secret,
}

impl Fields {
    fn params(self, steps: Steps) -> Option<HostAddParams> {
        Some(HostAddParams {
            name: self.name.get_untracked().trim().to_owned(),
            site: self.site.get_untracked().trim().to_owned(),
            address: steps.address.get_untracked().trim().to_owned(),
            port: untrack(|| steps.port())?,
            user: self.user.get_untracked().trim().to_owned(),
            credential: self.secret.params(),
            fingerprint: steps.key.get_untracked()?.fingerprint,
            config_dir: self.folder.get_untracked().trim().to_owned(),
        })
    }
}

#[component]
pub(super) fn Details(steps: Steps) -> impl IntoView {
    let cx = cx();
    let fields = Fields {
        user: RwSignal::new("root".to_owned()),
        name: RwSignal::default(),
        site: RwSignal::default(),
        folder: RwSignal::new("/etc/xen".to_owned()),
        secret: Secret::new(),
    };
    let busy = RwSignal::new("");
    let problem = RwSignal::new(String::new());
    let tested = RwSignal::new(None::<HostFacts>);
    let why = Memo::new(move |_| {
        if !steps.compared.get() {
            Some("Compare the fingerprint first")
        } else if fields.user.with(|user| user.trim().is_empty()) {
            Some("Give the account on the host")
        } else if !fields.secret.is_filled() {
            Some("Give the credentials")
        } else {
            None
        }
    });
    let ready = move || why.get_untracked().is_none() && busy.get_untracked().is_empty();
    let test = move |_| {
        if !ready() {
            return;
        }
        let Some(params) = fields.params(steps) else {
            return;
        };
        busy.set("Testing…");
        problem.set(String::new());
        tested.set(None);
        spawn_local(async move {
            match transport::call::<HostTest>(NoId, &params).await {
                Ok(facts) => tested.set(Some(facts)),
                Err(body) => problem.set(said(&body)),
            }
            busy.set("");
        });
    };
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !ready() {
            return;
        }
        let Some(params) = fields.params(steps) else {
            return;
        };
        busy.set("Adding…");
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<HostAdd>(NoId, &params).await {
                Ok(added) => {
                    fields.secret.clear();
                    let name = if params.name.is_empty() {
                        added.facts.hostname
                    } else {
                        params.name
                    };
                    cx.ui.say(
                        Tone::Good,
                        format!("{name} was added"),
                        "Its guests appear as they are read.",
                    );
                    cx.nav.to(Route::Host(added.host, HostTab::Overview));
                }
                Err(body) => problem.set(said(&body)),
            }
            busy.set("");
        });
    };
    let sites = move || {
        let site =
            |site: &std::sync::Arc<wxa_model::Site>| view! { <option value=site.name.clone()></option> };
        cx.live.sites.with(|sites| sites.iter().map(site).collect_view())
    };
    view! {
        <section class="step" aria-label="How to sign in" class:waiting=move || !steps.compared.get()>
            <h2><span class="n" aria-hidden="true">"3"</span>"How to sign in?"</h2>
            <form class="form" on:submit=add>
                {field("Account on the host", "user", fields.user, "root, or one that may use sudo without a password")}
                <CredentialFields secret=fields.secret/>
                <div class="pair">
                    {field("Name, as you call it", "host-name", fields.name, "empty: the host's own name")}
                    <label>
                        "Site"
                        <span class="field">
                            <input
                                type="text"
                                name="site"
                                list="sites"
                                autocomplete="off"
                                placeholder="empty: the first one"
                                on:input=move |event| fields.site.set(event_target_value(&event))
                            />
                        </span>
                        <datalist id="sites">{sites}</datalist>
                    </label>
                </div>
                {field("Folder with the guests' definitions", "folder", fields.folder, "/etc/xen")}
                <p class="problem" role="alert">{move || problem.get()}</p>
                {move || tested.get().map(result)}
                <div class="dialog-acts">
                    <button
                        type="button"
                        class="btn"
                        aria-disabled=move || why.get().is_some().then_some("true")
                        title=move || why.get()
                        on:click=test
                    >
                        "Test"
                    </button>
                    <button
                        type="submit"
                        class="btn primary"
                        aria-disabled=move || why.get().is_some().then_some("true")
                        aria-describedby="add-why"
                    >
                        {move || if busy.with(|busy| busy.is_empty()) { "Add host" } else { busy.get() }}
                    </button>
                    <span class="muted small" id="add-why">{move || why.get()}</span>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn said(body: &wxa_wire::ErrorBody) -> String {
    let words = words::error(body);
    format!("{}: {}", words.title, words.detail)
}

fn field(label: &'static str, name: &'static str, value: RwSignal<String>, hint: &'static str) -> AnyView {
    view! {
        <label>
            {label}
            <span class="field">
                <input
                    type="text"
                    name=name
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder=hint
                    value=value.get_untracked()
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </span>
        </label>
    }
    .into_any()
}

fn result(facts: HostFacts) -> AnyView {
    view! {
        <p class="tested" role="status">
            <span class="st st-running">{icon("check")}"It works"</span>
            {format!(
                ": {}, Xen {}, {} threads, {} memory, {} free",
                facts.hostname,
                facts.xen_version,
                facts.cpus,
                facts.memory_total,
                facts.memory_free,
            )}
        </p>
    }
    .into_any()
}
