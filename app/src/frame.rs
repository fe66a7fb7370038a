//! The frame around every page: top bar, tree, content, task log; and what floats above it.
use crate::{
    components::{
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
        audit::AuditPage, host::HostPage, host_add::HostAddPage, missing::Missing, tasks::TasksPage,
        vm::VmPage, vms::VmsPage,
    },
    routes::Route,
};
use leptos::prelude::*;
use wxa_model::{HostId, VmId};

/// A page without its tab: moving between tabs keeps what is around them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    Vms,
    Host(HostId),
    HostAdd,
    Vm(VmId),
    Tasks,
    Audit,
    Missing,
}

impl Page {
    fn of(route: Option<Route>) -> Self {
        match route {
            Some(Route::Vms) => Self::Vms,
            Some(Route::Host(id, _)) => Self::Host(id),
            Some(Route::HostAdd) => Self::HostAdd,
            Some(Route::Vm(id, _)) => Self::Vm(id),
            Some(Route::Tasks) => Self::Tasks,
            Some(Route::Audit) => Self::Audit,
            Some(Route::Login | Route::Setup | Route::Link) | None => Self::Missing,
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
        Page::Host(id) => view! { <HostPage id=id/> }.into_any(),
        Page::HostAdd => view! { <HostAddPage/> }.into_any(),
        Page::Vm(id) => view! { <VmPage id=id/> }.into_any(),
        Page::Tasks => view! { <TasksPage/> }.into_any(),
        Page::Audit => view! { <AuditPage/> }.into_any(),
        Page::Missing => view! { <Missing/> }.into_any(),
    };
    view! {
        <div class="app">
            <a class="skip" href="#main">"Skip to content"</a>
            <Top/>
            <Tree/>
            <main class="main" id="main" tabindex="-1">
                <NewBuild/>
                {content}
            </main>
            <TaskLog/>
            <PhoneNav/>
            <Palette/>
            <Confirm/>
            <Help/>
            <Notes/>
        </div>
    }
    .into_any()
}
