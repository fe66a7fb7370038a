//! How the account likes its pages: applied at once, kept on the server after.
use crate::{
    Boot,
    routes::{HostTab, Route},
    text::Locale,
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{
    HostKind, Object, Preferences,
    preferences::{Density, Landing, Motion, Theme},
};
use wxa_wire::{operation::NoId, operation::PreferencesSet};

/// Whether what is shown is also kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// Nothing was changed since the page opened.
    #[default]
    Unchanged,
    /// On its way.
    Keeping,
    /// It is.
    Yes,
    /// It is not, for this reason.
    No(String),
}

/// The preferences as the page follows them.
#[derive(Clone, Copy)]
pub struct Prefs {
    /// What is applied.
    pub now: RwSignal<Preferences>,
    /// Whether that is kept.
    pub kept: RwSignal<Kept>,
    /// Whether there is an account to keep them with; who came by a link has none.
    has_account: bool,
}

impl Prefs {
    /// Those that the page was rendered with.
    pub fn new(preferences: Preferences, has_account: bool) -> Self {
        Self {
            now: RwSignal::new(preferences),
            kept: RwSignal::default(),
            has_account,
        }
    }

    /// Changes them: the page first, then the server; without an account for this page only. In the browser only.
    pub fn change(self, change: impl FnOnce(&mut Preferences)) {
        let before = self.now.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return;
        }
        // What cannot be applied is said and goes nowhere.
        if let Err((_, why)) = after.check() {
            return self.kept.set(Kept::No(why));
        }
        Locale::change(&after);
        self.now.set(after.clone());
        apply(&after);
        if !self.has_account {
            return;
        }
        // One request at a time, so that an older one never ends last; it takes what is applied by then.
        let is_first = self.kept.with_untracked(|kept| *kept != Kept::Keeping);
        self.kept.set(Kept::Keeping);
        if is_first {
            let speaks_another = after.language != before.language;
            spawn_local(async move {
                let kept = self.keep().await;
                let reload = kept == Kept::Yes && speaks_another;
                self.kept.set(kept);
                if reload {
                    let _ = window().location().reload();
                }
            });
        }
    }

    async fn keep(self) -> Kept {
        loop {
            let sent = self.now.get_untracked();
            if let Err(body) = transport::call::<PreferencesSet>(NoId, &sent).await {
                return Kept::No(words::error(&body).detail);
            }
            if self.now.with_untracked(|now| *now == sent) {
                return Kept::Yes;
            }
        }
    }
}

/// What the document's root says about its looks; none for what is so anyway.
pub struct Attributes {
    /// `data-theme`.
    pub theme: Option<&'static str>,
    /// `data-density`.
    pub density: Option<&'static str>,
    /// `data-motion`.
    pub motion: Option<&'static str>,
}

/// The attributes for `preferences`.
pub fn attributes(preferences: &Preferences) -> Attributes {
    let Preferences {
        theme,
        density,
        motion,
        ..
    } = preferences;
    Attributes {
        theme: (*theme != Theme::System).then(|| theme.name()),
        density: (*density != Density::Compact).then(|| density.name()),
        motion: (*motion != Motion::System).then(|| motion.name()),
    }
}

fn apply(preferences: &Preferences) {
    let Some(root) = document().document_element() else {
        return;
    };
    let look = attributes(preferences);
    for (name, value) in [
        ("data-theme", look.theme),
        ("data-density", look.density),
        ("data-motion", look.motion),
    ] {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// The page behind `/`; none for the overview, which is there anyway.
pub fn landing(boot: &Boot) -> Option<Route> {
    match boot.preferences.landing {
        Landing::Overview => None,
        Landing::Vms => Some(Route::Vms),
        Landing::Tasks => Some(Route::Tasks),
        Landing::Host => {
            let objects = boot.inventory.iter().flat_map(|inventory| &inventory.objects);
            let hosts = objects.filter_map(|object| match object {
                Object::Host(host) => Some(host),
                _ => None,
            });
            // A member is part of its pool's page.
            hosts
                .filter(|host| !matches!(host.kind, HostKind::Member { .. }))
                .min_by(|a, b| crate::live::store::natural(&a.name, &b.name))
                .map(|host| Route::Host(host.id, HostTab::Overview))
        }
    }
}
