//! The frame around every page: top bar, tree, content, task log; and what floats above it.
use crate::{
    components::{
        bulk::{BulkAsk, BulkNote, BulkSheet},
        confirm::Confirm,
        help::Help,
        notes::Notes,
        palette::Palette,
        phone_nav::PhoneNav,
        task_log::TaskLog,
        top::{NewBuild, Top},
        tree::Tree,
    },
    cx::cx,
    pages::{
        account::AccountPage, audit::AuditPage, help::HelpPage, host::HostPage, host_add::HostAddPage,
        missing::Missing, overview::OverviewPage, settings::SettingsPage, system::SystemPage, task::TaskPage,
        tasks::TasksPage, user::UserPage, user_add::UserAddPage, users::UsersPage, vm::VmPage, vms::VmsPage,
    },
    routes::Route,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::{HostId, TaskId, UserId, VmId};

/// A page without its tab: moving between tabs keeps what is around them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
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
    fn of(route: Option<Route>) -> Self {
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
        Page::Overview => view! { <OverviewPage/> }.into_any(),
        Page::Vms => view! { <VmsPage/> }.into_any(),
        Page::Host(id) => view! { <HostPage id=id/> }.into_any(),
        Page::HostAdd => view! { <HostAddPage/> }.into_any(),
        Page::Vm(id) => view! { <VmPage id=id/> }.into_any(),
        Page::Tasks => view! { <TasksPage/> }.into_any(),
        Page::Task(id) => view! { <TaskPage id=id/> }.into_any(),
        Page::Audit => view! { <AuditPage/> }.into_any(),
        Page::Users => view! { <UsersPage/> }.into_any(),
        Page::UserAdd => view! { <UserAddPage/> }.into_any(),
        Page::User(id) => view! { <UserPage id=id/> }.into_any(),
        Page::Account => view! { <AccountPage/> }.into_any(),
        Page::System => view! { <SystemPage/> }.into_any(),
        Page::Settings => view! { <SettingsPage/> }.into_any(),
        Page::Help => view! { <HelpPage/> }.into_any(),
        Page::Missing => view! { <Missing/> }.into_any(),
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
            <Palette/>
            <Confirm/>
            <BulkAsk/>
            <BulkSheet/>
            <Help/>
            <Notes/>
        </div>
    }
    .into_any()
}
