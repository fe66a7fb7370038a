//! What the browser's tab says.
use crate::{
    cx::Cx,
    routes::{HostTab, Route, VmTab},
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::VmId;

/// The title of the page we are on; tracks what it depends on.
pub fn title(cx: Cx) -> String {
    let page = match cx.nav.route() {
        Some(Route::Overview) => t(T::Overview).to_owned(),
        Some(Route::Vms) => t(T::Vms).to_owned(),
        Some(Route::Host(id, tab)) => {
            let name = cx.live.host(id).map(|host| host.name.clone()).unwrap_or_default();
            if tab == HostTab::Console {
                format!("{name} console")
            } else {
                name
            }
        }
        Some(Route::HostAdd) => t(T::AddHost).to_owned(),
        Some(Route::VmWindow(id) | Route::Vm(id, VmTab::Console)) => format!("{} console", vm_name(cx, id)),
        Some(Route::Vm(id, _)) => vm_name(cx, id),
        Some(Route::Tasks) => t(T::Tasks).to_owned(),
        Some(Route::Task(_)) => "Task".to_owned(),
        Some(Route::Audit) => t(T::AuditLog).to_owned(),
        Some(Route::Users) => t(T::Users).to_owned(),
        Some(Route::UserAdd) => "New user".to_owned(),
        Some(Route::User(_)) => "User".to_owned(),
        Some(Route::Account) => t(T::YourAccount).to_owned(),
        Some(Route::Settings) => t(T::Settings).to_owned(),
        Some(Route::Help) => t(T::Help).to_owned(),
        Some(Route::StatusPages | Route::StatusPage(..)) => t(T::StatusPages).to_owned(),
        Some(Route::StatusPageNew) => t(T::NewStatusPage).to_owned(),
        Some(Route::System) => t(T::System).to_owned(),
        Some(Route::Reset) => t(T::SetNewPassword).to_owned(),
        Some(Route::Login | Route::Link) => t(T::SignIn).to_owned(),
        Some(Route::Guest) => cx
            .boot
            .with_value(|boot| boot.guest.as_ref().map(|guest| format!("{} console", guest.vm)))
            .unwrap_or_default(),
        Some(Route::Setup) => "First run".to_owned(),
        None => t(T::NotFound).to_owned(),
    };
    if page.is_empty() {
        "WebXenAdmin".into()
    } else {
        format!("{page} · WebXenAdmin")
    }
}

fn vm_name(cx: Cx, id: VmId) -> String {
    let vm = cx.live.vm(id);
    vm.with(|vm| vm.as_ref().map(|vm| vm.name.clone()).unwrap_or_default())
}
