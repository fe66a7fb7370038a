//! What the browser's tab says.
use crate::{
    cx::Cx,
    routes::{Route, VmTab},
};
use leptos::prelude::*;

/// The title of the page we are on; tracks what it depends on.
pub fn title(cx: Cx) -> String {
    let page = match cx.nav.route() {
        Some(Route::Vms) => "VMs".to_owned(),
        Some(Route::Host(id, _)) => cx.live.host(id).map(|host| host.name.clone()).unwrap_or_default(),
        Some(Route::HostAdd) => "Add a host".to_owned(),
        Some(Route::Vm(id, tab)) => {
            let name = cx
                .live
                .vm(id)
                .with(|vm| vm.as_ref().map(|vm| vm.name.clone()).unwrap_or_default());
            if tab == VmTab::Console {
                format!("{name} console")
            } else {
                name
            }
        }
        Some(Route::Tasks) => "Tasks".to_owned(),
        Some(Route::Audit) => "Audit log".to_owned(),
        Some(Route::Login | Route::Link) => "Sign in".to_owned(),
        Some(Route::Setup) => "First run".to_owned(),
        None => "Not found".to_owned(),
    };
    if page.is_empty() {
        "WebXenAdmin".into()
    } else {
        format!("{page} · WebXenAdmin")
    }
}
