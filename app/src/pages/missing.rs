//! A page that is not there.
use crate::components::empty::Empty;
use leptos::prelude::*;

/// For addresses that lead nowhere.
#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <div class="head head-pad"><h1>"Not found"</h1></div>
        <Empty
            image="question"
            title="There is nothing at this address"
            text="It may have been removed, or you may not be allowed to see it."
        >
            <a class="btn" href="/vms">"All VMs"</a>
        </Empty>
    }
    .into_any()
}
