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
    pages::{missing::Missing, vms::VmsPage},
    parts::{Overlays, Part},
    routes::Route,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::{HostId, TaskId, UserId, VmId};

/// A page without its tab: moving between tabs keeps what is around them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Overview,
    Vms,
    Host(HostId),
    HostAdd,
    Vm(VmId),
    Tasks,
    Task(TaskId),
    Audit,
    Users,
    UserAdd,
    User(UserId),
    Account,
    System,
    Settings,
    Help,
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
            Some(Route::Tasks) => Self::Tasks,
            Some(Route::Task(id)) => Self::Task(id),
            Some(Route::Audit) => Self::Audit,
            Some(Route::System) => Self::System,
            Some(Route::Users) => Self::Users,
            Some(Route::UserAdd) => Self::UserAdd,
            Some(Route::User(id)) => Self::User(id),
            Some(Route::Account) => Self::Account,
            Some(Route::Settings) => Self::Settings,
            Some(Route::Help) => Self::Help,
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
    view! {
        <div class="app">
            <a class="skip" href="#main">{t(T::SkipToContent)}</a>
            <Top/>
            <Tree/>
            <main class="main" id="main" tabindex="-1">
                <NewBuild/>
                <BulkNote/>
                {content}
            </main>
            <TaskLog/>
            <PhoneNav/>
            <Overlays/>
            <Notes/>
        </div>
    }
    .into_any()
}
