//! The fields of one grant: which role, and where it holds.
use crate::{cx::cx, grant_words};
use leptos::prelude::*;
use wxa_model::{Grant, HostKind, Role, Scope};

/// One grant while it is edited.
#[derive(Clone, Copy)]
pub struct GrantEdit {
    /// Tells it from others in a list.
    pub key: u32,
    role: RwSignal<Role>,
    kind: RwSignal<Kind>,
    /// A site's or host's id, or a tag.
    target: RwSignal<String>,
}

/// Where a grant holds, without saying which.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Everything,
    Site,
    Host,
    Tag,
}

impl Kind {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Everything, "everything", "Everywhere"),
        (Self::Site, "site", "In a site"),
        (Self::Host, "host", "On a host"),
        (Self::Tag, "tag", "On what has a tag"),
    ];
}

impl GrantEdit {
    /// Begins with `grant`.
    pub fn new(key: u32, grant: &Grant) -> Self {
        let (kind, target) = match &grant.scope {
            Scope::Everything => (Kind::Everything, String::new()),
            Scope::Site(id) => (Kind::Site, id.to_string()),
            Scope::Host(id) => (Kind::Host, id.to_string()),
            Scope::Tag(tag) => (Kind::Tag, tag.clone()),
        };
        Self {
            key,
            role: RwSignal::new(grant.role),
            kind: RwSignal::new(kind),
            target: RwSignal::new(target),
        }
    }

    /// A modest beginning: looking, everywhere.
    pub fn viewer(key: u32) -> Self {
        let (role, scope) = (Role::Viewer, Scope::Everything);
        Self::new(key, &Grant { role, scope })
    }

    /// The grant, or what is missing. Tracks the fields.
    ///
    /// # Errors
    /// What to do about it.
    pub fn grant(self) -> Result<Grant, &'static str> {
        let target = self.target.get();
        let scope = match self.kind.get() {
            Kind::Everything => Scope::Everything,
            Kind::Site => Scope::Site(target.parse().map_err(|_| "Choose the site")?),
            Kind::Host => Scope::Host(target.parse().map_err(|_| "Choose the host")?),
            Kind::Tag if target.trim().is_empty() => return Err("Give the tag"),
            Kind::Tag => Scope::Tag(target.trim().to_owned()),
        };
        let role = self.role.get();
        Ok(Grant { role, scope })
    }
}

/// The fields of one grant.
#[component]
pub fn GrantFields(edit: GrantEdit) -> impl IntoView {
    let role = move |one: Role| {
        view! { <option value=one.name() selected=edit.role.get_untracked() == one>{grant_words::role(one)}</option> }
    };
    let kind = move |(one, value, label): (Kind, &'static str, &'static str)| {
        view! { <option value=value selected=edit.kind.get_untracked() == one>{label}</option> }
    };
    let choose_kind = move |event| {
        let value = event_target_value(&event);
        if let Some((kind, ..)) = Kind::ALL.into_iter().find(|(_, name, _)| *name == value) {
            edit.target.set(String::new());
            edit.kind.set(kind);
        }
    };
    view! {
        <div class="grant-fields">
            <label>
                "Role"
                <select
                    class="field"
                    aria-label="Role"
                    on:change=move |event| {
                        if let Some(role) = Role::from_name(&event_target_value(&event)) {
                            edit.role.set(role);
                        }
                    }
                >
                    {[Role::Viewer, Role::Operator, Role::Admin].map(role).into_iter().collect_view()}
                </select>
            </label>
            <label>
                "Where"
                <select class="field" aria-label="Where" on:change=choose_kind>
                    {Kind::ALL.map(kind).into_iter().collect_view()}
                </select>
            </label>
            {move || target(edit)}
        </div>
    }
    .into_any()
}

fn target(edit: GrantEdit) -> AnyView {
    let live = cx().live;
    let (label, choices) = match edit.kind.get() {
        Kind::Everything => return ().into_any(),
        Kind::Tag => return tag(edit),
        Kind::Site => {
            let sites = live.sites.get().into_iter();
            let sites = sites.map(|site| (site.id.to_string(), site.name.clone()));
            ("Site", sites.collect::<Vec<_>>())
        }
        Kind::Host => {
            // A pool's members are covered by what is given on the pool.
            let hosts = live.hosts.get().into_iter();
            let hosts = hosts.filter(|host| !matches!(host.kind, HostKind::Member { .. }));
            let hosts = hosts.map(|host| (host.id.to_string(), host.name.clone()));
            ("Host", hosts.collect())
        }
    };
    let chosen = edit.target.get_untracked();
    let known = choices.iter().any(|(id, _)| *id == chosen);
    let choice = |(id, name): (String, String)| {
        let here = id == chosen;
        view! { <option value=id selected=here>{name}</option> }
    };
    let unknown = if chosen.is_empty() {
        "Choose…"
    } else {
        "Not there any more"
    };
    let first = (!known).then(|| view! { <option value=chosen.clone() selected=true>{unknown}</option> });
    view! {
        <label>
            {label}
            <select class="field" aria-label=label on:change=move |event| edit.target.set(event_target_value(&event))>
                {first}
                {choices.into_iter().map(choice).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

fn tag(edit: GrantEdit) -> AnyView {
    view! {
        <label>
            "Tag"
            <span class="field">
                <input
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    value=edit.target.get_untracked()
                    on:input=move |event| edit.target.set(event_target_value(&event))
                />
            </span>
        </label>
    }
    .into_any()
}
