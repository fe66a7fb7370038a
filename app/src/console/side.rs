//! What stands beside the terminal: the search, or the boots.
use super::{
    boot_list::BootList,
    desk::{Desk, Side},
    search::Search,
};
use crate::{
    components::icon::icon,
    text::{C, c},
};
use leptos::prelude::*;

/// It, while one of them is open.
#[component]
pub(super) fn SidePanel(desk: Desk) -> impl IntoView {
    let title = |side: Side| {
        c(match side {
            Side::Search => C::SearchTitle,
            Side::Boots => C::BootsTitle,
        })
    };
    move || {
        desk.side.get().map(|side| {
            view! {
                <aside class="console-side" aria-label=title(side)>
                    <header>
                        <h2>{title(side)}</h2>
                        <button
                            type="button"
                            class="btn quiet sq"
                            aria-label=c(C::Close)
                            on:click=move |_| desk.side.set(None)
                        >
                            {icon("close")}
                        </button>
                    </header>
                    {match side {
                        Side::Search => view! { <Search desk=desk/> }.into_any(),
                        Side::Boots => view! { <BootList desk=desk/> }.into_any(),
                    }}
                </aside>
            }
        })
    }
}
