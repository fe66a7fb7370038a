//! One row of the tree; everything in it follows its signals, so the row itself (and the focus on it) stays.
use super::{Shared, href, level, name, toggle};
use crate::{
    components::{
        icon::{icon, small_icon},
        state_badge::shown,
    },
    cx::cx,
    routes::Route,
    tree::{Node, Row},
};
use leptos::prelude::*;

#[component]
pub(super) fn TreeRow(node: Node, shared: Shared) -> impl IntoView {
    let cx = cx();
    let row = Memo::new(move |_| {
        shared
            .rows
            .with(|rows| rows.iter().find(|row| row.node == node).cloned())
    });
    let open = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.open)));
    let here = move || {
        let here = match (cx.nav.route(), node) {
            (Some(Route::Host(id, _)), Node::Host(own)) => id == own,
            (Some(Route::Vm(id, _)), Node::Vm(own)) => id == own,
            _ => false,
        };
        here.then_some("page")
    };
    let reachable = move || {
        let first = || shared.rows.with(|rows| rows.first().map(|row| row.node));
        if shared.focused.get().or_else(first) == Some(node) {
            "0"
        } else {
            "-1"
        }
    };
    let fold = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        toggle(shared, node);
    };
    let caret = (level(node) < 3).then(|| {
        view! {
            <span class="caret" class:open=move || open.get() == Some(true) on:click=fold>{small_icon("right")}</span>
        }
    });
    let follow = move |_| {
        shared.focused.set(Some(node));
        cx.ui.drawer.set(false);
    };
    view! {
        <li role="none">
            <a
                id=format!("tree-{}", name(&node))
                role="treeitem"
                class=format!("l{}", level(node))
                href=move || href(cx, node)
                tabindex=reachable
                attr:aria-level=level(node)
                aria-expanded=move || open.get().map(|open| if open { "true" } else { "false" })
                aria-current=here
                on:click=follow
                on:focus=move |_| shared.focused.set(Some(node))
            >
                {caret}
                {image(node)}
                <span class="cut">{move || row.with(|row| row.as_ref().map(|row| row.name.clone()))}</span>
                {move || row.get().and_then(marks)}
            </a>
        </li>
    }
    .into_any()
}

fn image(node: Node) -> AnyView {
    match node {
        Node::Site(_) => icon("site"),
        Node::Host(_) => icon("host"),
        Node::Vm(id) => {
            let shown = shown(cx().live.vm(id));
            (move || {
                shown.get().map(|shown| {
                    view! {
                        <span class=shown.class>
                            {small_icon(shown.icon)}
                            <span class="sr">{shown.word}</span>
                        </span>
                    }
                })
            })
            .into_any()
        }
    }
}

fn marks(row: Row) -> Option<AnyView> {
    row.open?;
    let mark = |n: usize, class: &'static str, sign: &'static str, what: &'static str| {
        (n > 0).then(|| {
            view! {
                <span class=class title=format!("{n} {what}")>
                    <span aria-hidden="true">{sign}</span>
                    " "
                    {n}
                    <span class="sr">{what}</span>
                </span>
            }
        })
    };
    Some(
        view! {
            <span class="marks">
                {mark(row.critical, "alarm", "✖", " critical")}
                {mark(row.warnings, "alarm w", "▲", " not reached")}
                <span class="n">{row.count}</span>
            </span>
        }
        .into_any(),
    )
}
