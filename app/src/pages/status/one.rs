//! One status page: its head with the tabs, what the tabs show, and saving what was typed.
use super::{
    draft::{PageEdit, Place, Problem, adopted, params_of},
    links::Links,
    look::Look,
    notices::Notices,
    page_url,
    preview::Preview,
    services::Services,
    shared::{self, Shared},
    standing,
};
use crate::{
    components::{
        crumbs::Crumbs,
        icon::icon,
        sure::Sure,
        tabs::{Tab, Tabs},
    },
    cx::{Cx, cx},
    fetched::Fetched,
    routes::{Route, StatusTab},
    text::{S, s, s_fill, s_plural},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use wxa_model::{StatusPageId, status::Standing};
use wxa_wire::{StatusPageView, operation::StatusPageSet};

/// How often it is asked how the services are.
const AGAIN: Duration = Duration::from_secs(10);

/// The page.
#[component]
pub(super) fn One(id: StatusPageId) -> impl IntoView {
    let view = Fetched::<StatusPageView>::new(page_url(id));
    view.again_while(|_| true, AGAIN);
    // What is typed must outlive a reload: the fields are made once.
    view! { <>{view.view_kept("external", move || view! { <Found id=id view=view/> }.into_any())}</> }
        .into_any()
}

#[component]
fn Found(id: StatusPageId, view: Fetched<StatusPageView>) -> impl IntoView {
    let cx = cx();
    let Some(first) = untrack(|| view.get()) else {
        return ().into_any();
    };
    let params = params_of(&first.page);
    let edit = PageEdit::new(&params);
    let shared = Shared {
        id,
        view,
        edit,
        saved: RwSignal::new(params),
        tried: RwSignal::new(false),
        problems: Memo::new(move |_| edit.problems()),
        refused: RwSignal::new(None),
        places: shared::places(cx),
        is_own: first.creator == cx.user(),
        said: RwSignal::default(),
    };
    provide_context(shared);
    shared.keep_unsaved();
    let tab = Memo::new(move |_| match cx.nav.route() {
        Some(Route::StatusPage(_, tab)) => tab,
        _ => StatusTab::default(),
    });
    let body = move || match tab.get() {
        StatusTab::Services => view! { <Services/> }.into_any(),
        StatusTab::Look => view! { <Look/> }.into_any(),
        StatusTab::Links => view! { <Links/> }.into_any(),
        StatusTab::Notices => view! { <Notices/> }.into_any(),
        StatusTab::Preview => view! { <Preview/> }.into_any(),
    };
    view! {
        {head(shared, tab)}
        <div class="scroll status-page">
            {notes(shared)}
            {body}
        </div>
        {save_bar(cx, shared)}
        <p class="sr" role="status">{move || shared.said.get()}</p>
    }
    .into_any()
}

fn head(shared: Shared, tab: Memo<StatusTab>) -> AnyView {
    let view = shared.view;
    let way = Signal::derive(|| vec![(s(S::Title).to_owned(), Route::StatusPages.path())]);
    let title = Memo::new(move |_| shared.page().map(|page| page.title).unwrap_or_default());
    let worst = Memo::new(move |_| {
        let standings = view.get().map(|view| view.standings)?;
        standings.into_iter().map(|(_, standing)| standing).max()
    });
    let count = Memo::new(move |_| shared.edit.services.with(Vec::len));
    let tabs = Signal::derive(move || {
        let here = tab.get();
        let one = |one: StatusTab| Tab {
            label: label(one),
            href: Route::StatusPage(shared.id, one).path(),
            count: (one == StatusTab::Services).then(|| count.get()),
            here: one == here,
        };
        StatusTab::ALL.into_iter().map(one).collect()
    });
    view! {
        <div class="head">
            <Crumbs way=way/>
            <div class="title">
                <h1>{move || title.get()}</h1>
                {move || worst.get().map(|worst: Standing| standing::badge(worst))}
            </div>
            <Tabs tabs=tabs/>
        </div>
    }
    .into_any()
}

/// What is on a tab.
fn label(tab: StatusTab) -> &'static str {
    s(match tab {
        StatusTab::Services => S::TabServices,
        StatusTab::Look => S::TabLook,
        StatusTab::Links => S::TabLinks,
        StatusTab::Notices => S::TabNotices,
        StatusTab::Preview => S::TabPreview,
    })
}

/// What one has to know of it first: that nobody can read it, or that it is another account's.
fn notes(shared: Shared) -> AnyView {
    let shut = Memo::new(move |_| shared.view.get().and_then(|view| view.shut));
    let creator = Memo::new(move |_| shared.view.get().map(|view| view.creator).unwrap_or_default());
    view! {
        {move || shut.get().map(|why| view! {
            <p class="status-note">{super::list::shut(why)}" "<span>{s(S::ShutMore)}</span></p>
        })}
        {move || (!shared.is_own && shut.get().is_none()).then(|| view! {
            <p class="status-note">{icon("info")}<span>{s_fill(S::TheirRights, &[("name", &creator.get())])}</span></p>
        })}
    }
    .into_any()
}

/// What shows while something is not saved.
fn save_bar(cx: Cx, shared: Shared) -> AnyView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let dirty = Memo::new(move |_| shared.is_dirty());
    let outdated = Memo::new(move |_| !busy.get() && shared.is_outdated());
    let wrong = Memo::new(move |_| {
        if shared.tried.get() {
            shared.problems.with(Vec::len)
        } else {
            0
        }
    });
    let discard = Callback::new(move |()| {
        // What was saved meanwhile, by whomever, is what there is.
        let now = untrack(|| shared.page()).map(|page| params_of(&page));
        let now = now.unwrap_or_else(|| shared.saved.get_untracked());
        shared.saved.set(now.clone());
        shared.edit.load(&now);
        shared.tried.set(false);
        shared.refused.set(None);
        problem.set(String::new());
    });
    view! {
        {move || dirty.get().then(|| {
            view! {
                <div class="save-bar" role="group" aria-label=s(S::Unsaved)>
                    <span class="words">
                        <span>{s(S::Unsaved)}</span>
                        {move || outdated.get().then(|| view! { <span>{s(S::ChangedMeanwhile)}</span> })}
                        <span class="problem" role="alert">
                            {move || match (problem.get(), wrong.get()) {
                                (said, _) if !said.is_empty() => said,
                                (_, 0) => String::new(),
                                (_, n) => s_plural(S::ToCorrect, n),
                            }}
                        </span>
                    </span>
                    <span class="grow"></span>
                    <Sure label=s(S::Discard) about="" again=s(S::DiscardSure) on_yes=discard/>
                    <button
                        type="button"
                        class="btn primary"
                        aria-disabled=move || busy.get().then_some("true")
                        on:click=move |_| save(cx, shared, busy, problem)
                    >
                        {move || s(if busy.get() { S::Saving } else { S::Save })}
                    </button>
                </div>
            }
        })}
    }
    .into_any()
}

fn save(cx: Cx, shared: Shared, busy: RwSignal<bool>, problem: RwSignal<String>) {
    if busy.get_untracked() {
        return;
    }
    let Shared { edit, id, .. } = shared;
    shared.tried.set(true);
    shared.refused.set(None);
    problem.set(String::new());
    if let Some(first) = shared.problems.with_untracked(|all| all.first().cloned()) {
        return show(cx, shared, &first);
    }
    let keys = edit.keys();
    let sent = untrack(|| edit.params());
    busy.set(true);
    spawn_local(async move {
        match transport::call::<StatusPageSet>(id, &sent).await {
            Ok(view) => {
                edit.adopt(&keys, &view.page);
                shared.saved.set(adopted(sent, &view.page));
                shared.tried.set(false);
                shared.view.reload();
                cx.ui.say(Tone::Good, s(S::Saved), "");
            }
            Err(body) => {
                let place = body.field.as_deref().and_then(Place::named);
                let said = words::error(&body).detail;
                match place {
                    Some(place) => {
                        let refusal = Problem::new(place, said);
                        show(cx, shared, &refusal);
                        shared.refused.set(Some(refusal));
                    }
                    None => problem.set(said),
                }
            }
        }
        busy.set(false);
    });
}

/// Goes to where something is to be corrected.
fn show(cx: Cx, shared: Shared, problem: &Problem) {
    let tab = match problem.service() {
        Some(_) => StatusTab::Services,
        None => StatusTab::Look,
    };
    if let Some(key) = problem.service() {
        shared.edit.services.with_untracked(|services| {
            if let Some(service) = services.iter().find(|one| one.key == key) {
                service.unfold();
            }
        });
    }
    cx.nav.to(Route::StatusPage(shared.id, tab));
    // Drawn first, then there to be focused.
    request_animation_frame(|| crate::browser::focus(".status-page [aria-invalid]"));
}
