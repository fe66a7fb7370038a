//! Step three: how to sign in and what to call it; then test, then add.
use super::{
    Steps,
    credential::{CredentialFields, PasswordField, Secret},
};
use crate::{
    components::icon::icon,
    cx::cx,
    routes::{HostTab, Route},
    text::{T, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostFacts, Transport, Trust};
use wxa_wire::{
    CredentialParams, HostAddParams,
    operation::{HostAdd, HostTest, NoId},
};

const COMPARE: &str = "Compare the fingerprint first";

#[derive(Clone, Copy)]
struct Fields {
    user: RwSignal<String>,
    name: RwSignal<String>,
    site: RwSignal<String>,
    folder: RwSignal<String>,
    secret: Secret,
    password: Secret,
}

impl Fields {
    /// For the request.
    ///
    /// # Errors
    /// What is missing, as a sentence.
    fn params(self, steps: Steps) -> Result<HostAddParams, &'static str> {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let local = HostAddParams {
            name: text(self.name),
            site: text(self.site),
            transport: Transport::Local,
            address: String::new(),
            port: 0,
            user: String::new(),
            credential: CredentialParams::default(),
            fingerprint: String::new(),
            trust: Trust::Pin,
            jump: None,
            config_dir: text(self.folder),
        };
        let transport = steps.transport.get_untracked();
        let Some(place) = untrack(|| steps.place()) else {
            return Ok(local);
        };
        let (address, port) = place.typed()?;
        let trust = match transport {
            Transport::Xapi => steps.trust.trust(),
            Transport::Ssh | Transport::Local => Trust::Pin,
        };
        let fingerprint = match trust {
            Trust::Pin => place.key.get_untracked().ok_or(COMPARE)?.fingerprint,
            Trust::System | Trust::Authority { .. } => String::new(),
        };
        let there = HostAddParams {
            transport,
            address,
            port,
            user: text(self.user),
            credential: self.secret(transport).params(),
            fingerprint,
            trust,
            ..local
        };
        Ok(match transport {
            Transport::Xapi => HostAddParams {
                config_dir: String::new(),
                ..there
            },
            Transport::Ssh | Transport::Local => HostAddParams {
                jump: steps.jump.params()?,
                ..there
            },
        })
    }

    /// How to sign in over `transport`: a pool takes a password only.
    fn secret(self, transport: Transport) -> Secret {
        match transport {
            Transport::Xapi => self.password,
            Transport::Ssh | Transport::Local => self.secret,
        }
    }

    /// What is missing before it can be tested or added.
    fn missing(self, steps: Steps) -> Option<&'static str> {
        if steps.is_vouched() && !steps.is_confirmed() {
            Some(t(T::TrustNeedsPem))
        } else if !steps.is_confirmed() {
            Some(COMPARE)
        } else if steps.transport.get() == Transport::Local {
            None
        } else if self.user.with(|user| user.trim().is_empty()) {
            Some("Give the account on the host")
        } else if !self.secret(steps.transport.get()).is_filled() {
            Some("Give the credentials")
        } else {
            None
        }
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
        password: Secret::password(),
    };
    let busy = RwSignal::new("");
    let problem = RwSignal::new(String::new());
    let tested = RwSignal::new(None::<HostFacts>);
    let why = Memo::new(move |_| fields.missing(steps));
    let ready = move || why.get_untracked().is_none() && busy.get_untracked().is_empty();
    let test = move |_| {
        if !ready() {
            return;
        }
        let params = match fields.params(steps) {
            Ok(params) => params,
            Err(missing) => return problem.set(missing.into()),
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
        let params = match fields.params(steps) {
            Ok(params) => params,
            Err(missing) => return problem.set(missing.into()),
        };
        busy.set("Adding…");
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<HostAdd>(NoId, &params).await {
                Ok(added) => {
                    fields.secret.clear();
                    fields.password.clear();
                    steps.jump.clear();
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
    let way = move || steps.transport.get();
    let is_pool = move || way() == Transport::Xapi;
    let sites = move || {
        let site =
            |site: &std::sync::Arc<wxa_model::Site>| view! { <option value=site.name.clone()></option> };
        cx.live.sites.with(|sites| sites.iter().map(site).collect_view())
    };
    view! {
        <section class="step" aria-label="How to sign in" class:waiting=move || !steps.is_confirmed()>
            <h2>
                <span class="n" aria-hidden="true">{move || if way() == Transport::Local { "2" } else { "3" }}</span>
                {move || if way() == Transport::Local { "What to call it?" } else { "How to sign in?" }}
            </h2>
            <form class="form" on:submit=add>
                {move || match way() {
                    Transport::Ssh => Some(view! {
                        {field("Account on the host", "user", fields.user, "root, or one that may use sudo without a password")}
                        <CredentialFields secret=fields.secret/>
                    }.into_any()),
                    Transport::Xapi => Some(view! {
                        {field(t(T::PoolAccount), "user", fields.user, "root")}
                        <PasswordField secret=fields.password/>
                        <p class="muted small">{t(T::PoolAccountMore)}</p>
                    }.into_any()),
                    Transport::Local => None,
                }}
                <div class="pair">
                    {move || field("Name, as you call it", "host-name", fields.name, t(if is_pool() { T::PoolsOwnName } else { T::HostsOwnName }))}
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
                {move || (!is_pool()).then(|| field("Folder with the guests' definitions", "folder", fields.folder, "/etc/xen"))}
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
                        {move || match (busy.with(|busy| busy.is_empty()), is_pool()) {
                            (true, true) => t(T::AddPoolNow),
                            (true, false) => t(T::AddHostNow),
                            (false, _) => busy.get(),
                        }}
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
    let about = if facts.product.is_empty() {
        format!(
            ": {}, Xen {}, {} threads, {} memory, {} free",
            facts.hostname, facts.xen_version, facts.cpus, facts.memory_total, facts.memory_free,
        )
    } else {
        format!(": {}, {}", facts.hostname, facts.product)
    };
    view! {
        <p class="tested" role="status">
            <span class="st st-running">{icon("check")}"It works"</span>
            {about}
        </p>
    }
    .into_any()
}
