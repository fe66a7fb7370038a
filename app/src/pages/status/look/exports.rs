//! The addresses of the page, its badge, its JSON and its feed, to copy.
use crate::{
    browser,
    components::icon::icon,
    pages::status::shared::shared,
    text::{S, s},
};
use leptos::prelude::*;
use wxa_model::status::Audience;

/// Where this server is, as the browser has it; empty until that is asked, so that server and browser draw the same.
#[derive(Clone, Copy)]
pub(in super::super) struct Origin(RwSignal<String>);

impl Origin {
    /// In a component.
    pub(in super::super) fn get() -> Self {
        use_context().unwrap_or_else(|| {
            let origin = Self(RwSignal::default());
            provide_context(origin);
            Effect::new(move |_| origin.0.set(browser::address_of("")));
            origin
        })
    }

    /// The whole address of a path. Tracks it.
    pub(in super::super) fn of(self, path: &str) -> String {
        self.0.with(|origin| format!("{origin}{path}"))
    }
}

/// The card.
#[component]
pub(super) fn Exports() -> impl IntoView {
    let shared = shared();
    let origin = Origin::get();
    // What is saved: an address that is only typed leads nowhere.
    let open = Memo::new(move |_| {
        let page = shared.page()?;
        (page.audience != Audience::Links && !page.slug.is_empty()).then_some(page.slug)
    });
    view! {
        <section class="card" aria-label=s(S::Exports)>
            <h2>{s(S::Exports)}</h2>
            {move || match open.get() {
                None => view! { <p class="muted small">{s(S::ExportsClosed)}</p> }.into_any(),
                Some(slug) => {
                    let address = move |ending: &str| {
                        let path = format!("/status/{slug}{ending}");
                        Signal::derive(move || origin.of(&path))
                    };
                    view! {
                        <p class="muted small">{s(S::ExportsMore)}</p>
                        <dl class="exports">
                            {line(S::ExportPage, address(""))}
                            {line(S::ExportBadge, address("/badge.svg"))}
                            {line(S::ExportJson, address("/status.json"))}
                            {line(S::ExportFeed, address("/feed.atom"))}
                        </dl>
                    }
                        .into_any()
                }
            }}
        </section>
    }
    .into_any()
}

fn line(label: S, address: Signal<String>) -> AnyView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        browser::copy(&address.get_untracked());
        copied.set(true);
    };
    view! {
        <div>
            <dt>{s(label)}</dt>
            <dd class="mono small wrap">
                <a href=move || address.get() target="_blank" rel="noopener">{move || address.get()}</a>
            </dd>
            <dd>
                <button type="button" class="btn quiet" aria-label=format!("{}: {}", s(S::Copy), s(label)) on:click=copy>
                    {icon("copy")}
                    {move || s(if copied.get() { S::Copied } else { S::Copy })}
                </button>
            </dd>
        </div>
    }
    .into_any()
}
