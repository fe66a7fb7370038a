//! A page that is not there.
use crate::{
    components::empty::Empty,
    text::{T, t},
};
use leptos::prelude::*;

/// For addresses that lead nowhere.
#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <div class="head head-pad"><h1>{t(T::NotFound)}</h1></div>
        <Empty
            image="question"
            title=t(T::NothingHere)
            text=t(T::NothingHereMore)
        >
            <a class="btn" href="/vms">{t(T::AllVms)}</a>
        </Empty>
    }
    .into_any()
}
