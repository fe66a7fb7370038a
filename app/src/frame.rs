//! The frame around every page: top bar, tree, content, task log; and what floats above it.
use crate::{
    components::{
        bulk::BulkNote,
        notes::Notes,
        phone_nav::PhoneNav,
        task_log::TaskLog,
        top::{NewBuild, Top},
        tree::Tree,
    },
    cx::cx,
    nav::{Aloud, Going, OnTheWay},
    pages::{missing::Missing, vms::VmsPage},
    parts::{Overlays, Part},
    routes::Route,
    steps::in_a_step,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::{HostId, StatusPageId, TaskId, UserId, VmId};

/// A page without its tab: moving between tabs keeps what is around them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Overview,
    Vms,
    Host(HostId),
    HostAdd,
    Vm(VmId),
    VmWindow(VmId),
    Tasks,
    Task(TaskId),
    Audit,
    Users,
    UserAdd,
    User(UserId),
    Account,
    StatusPages,
    StatusPageNew,
    Status(StatusPageId),
    System,
    Settings,
    Help,
    Guest,
    Missing,
}

impl Page {
    /// The page of a route; [`Self::Missing`] where there is none.
    pub fn of(route: Option<Route>) -> Self {
        match route {
            Some(Route::Overview) => Self::Overview,
            Some(Route::Vms) => Self::Vms,
            Some(Route::Host(id, _)) => Self::Host(id),
            Some(Route::HostAdd) => Self::HostAdd,
            Some(Route::Vm(id, _)) => Self::Vm(id),
            Some(Route::VmWindow(id)) => Self::VmWindow(id),
            Some(Route::Tasks) => Self::Tasks,
            Some(Route::Task(id)) => Self::Task(id),
            Some(Route::Audit) => Self::Audit,
            Some(Route::System) => Self::System,
            Some(Route::Users) => Self::Users,
            Some(Route::UserAdd) => Self::UserAdd,
            Some(Route::User(id)) => Self::User(id),
            Some(Route::Account) => Self::Account,
            Some(Route::StatusPages) => Self::StatusPages,
            Some(Route::StatusPageNew) => Self::StatusPageNew,
            Some(Route::StatusPage(id, _)) => Self::Status(id),
            Some(Route::Settings) => Self::Settings,
            Some(Route::Help) => Self::Help,
            Some(Route::Guest) => Self::Guest,
            Some(Route::Login | Route::Setup | Route::Link | Route::Reset) | None => Self::Missing,
        }
    }
}

/// The frame.
#[component]
pub fn Frame() -> impl IntoView {
    let cx = cx();
    let page = Memo::new(move |_| Page::of(cx.nav.route()));
    let content = move || match page.get() {
        Page::Vms => view! { <VmsPage/> }.into_any(),
        Page::Missing => view! { <Missing/> }.into_any(),
        page => Part::of(page).map_or_else(|| ().into_any(), |part| part.draw(page)),
    };
    // It is opened as what it is and nothing in it leads elsewhere.
    if matches!(page.get_untracked(), Page::VmWindow(_)) {
        return view! {
            <div class="app app--bare">
                <main class="main" id="main" tabindex="-1">
                    {content}
                </main>
                {in_a_step(|| view! { <Overlays/><Notes/> }.into_any())}
            </div>
        }
        .into_any();
    }
    view! {
        <div class="app">
            <a class="skip" href="#main">{t(T::SkipToContent)}</a>
            {in_a_step(|| view! { <Top/> }.into_any())}
            {in_a_step(|| view! { <Tree/> }.into_any())}
            <Aloud nav=cx.nav/>
            <main
                class="main"
                id="main"
                tabindex="-1"
                aria-busy=move || cx.nav.going.with(Going::is_waiting).then_some("true")
            >
                <OnTheWay nav=cx.nav/>
                <NewBuild/>
                <BulkNote/>
                {content}
            </main>
            {in_a_step(|| view! { <TaskLog/><PhoneNav/> }.into_any())}
            {in_a_step(|| view! { <Overlays/><Notes/> }.into_any())}
        </div>
    }
    .into_any()
}
