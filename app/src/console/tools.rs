//! What a console needs now and then. Its code is in the part that comes when a page is first touched (decision 0053).
use super::{
    desk::Desk,
    guest_links::GuestLinksDialog,
    past::PastView,
    paste::{PasteDialog, PasteProgress},
    side::SidePanel,
};
use leptos::prelude::*;

/// All of it; nothing of it shows before it is wanted.
#[component]
pub fn ConsoleTools(desk: Desk) -> impl IntoView {
    view! {
        <PastView desk=desk/>
        <SidePanel desk=desk/>
        <PasteProgress desk=desk/>
        <PasteDialog desk=desk/>
        <GuestLinksDialog desk=desk/>
    }
    .into_any()
}
