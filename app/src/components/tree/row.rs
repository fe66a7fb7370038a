//! One row of the tree; everything in it follows its signals, so the row itself (and the focus on it) stays.
use super::{Shared, href, name, toggle};
use crate::{
    components::{
        icon::{icon, small_icon},
        state_badge::shown,
    },
    cx::cx,
    routes::Route,
    text::{T, t},
    tree::{Look, Node, Row},
};
use leptos::{attr::custom::custom_attribute, prelude::*};

#[component]
pub(super) fn TreeRow(node: Node, shared: Shared) -> impl IntoView {
    let cx = cx();
    let row = Memo::new(move |_| {
        shared
            .in_sight
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
        // The row that had the focus last; the first in sight where that one is out of it.
        let reached = shared.visible.with(|visible| {
            let last = shared.focused.get().filter(|node| visible.contains(node));
            last.or(visible.first().copied())
        });
        if reached == Some(node) { "0" } else { "-1" }
    };
    let fold = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        toggle(shared, node);
    };
    // A VM that starts on another member, or on none, moves to another depth.
    let level = Memo::new(move |_| row.with(|row| row.as_ref().map_or(1, |row| row.level)));
    let look = Memo::new(move |_| row.with(|row| row.as_ref().map_or(Look::Vm, |row| row.look)));
    let caret = (!matches!(node, Node::Vm(_))).then(|| {
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
                {..custom_attribute("aria-level", move || level.get().to_string())}
                id=format!("tree-{}", name(&node))
                role="treeitem"
                class=move || row_class(node, level.get())
                href=move || href(cx, node)
                tabindex=reachable
                aria-posinset=move || row.with(|row| row.as_ref().map(|row| row.place.0))
                aria-setsize=move || row.with(|row| row.as_ref().map(|row| row.place.1))
                aria-expanded=move || open.get().map(|open| if open { "true" } else { "false" })
                aria-current=here
                on:click=follow
                on:focus=move |_| shared.focused.set(Some(node))
            >
                {caret}
                {image(node, look)}
                <span class="cut">{move || row.with(|row| row.as_ref().map(|row| row.name.clone()))}</span>
                {move || member_marks(look.get())}
                {tags(node)}
                {move || row.get().and_then(marks)}
            </a>
        </li>
    }
    .into_any()
}

/// Its indent, and whether an arrow takes a part of it.
fn row_class(node: Node, level: u8) -> String {
    let leaf = if matches!(node, Node::Vm(_)) { " leaf" } else { "" };
    format!("l{level}{leaf}")
}

/// What a pool's member is besides: its coordinator, or in maintenance. Icon and word, the word for those who hover or listen.
fn member_marks(look: Look) -> Option<AnyView> {
    let Look::Member {
        coordinator,
        maintenance,
    } = look
    else {
        return None;
    };
    let mark = |on: bool, class: &'static str, image: &'static str, word: T| {
        on.then(|| {
            view! {
                <span class=class title=t(word)>
                    {small_icon(image)}
                    <span class="sr">{t(word)}</span>
                </span>
            }
        })
    };
    let marks = view! {
        {mark(coordinator, "mark", "star", T::Coordinator)}
        {mark(maintenance, "mark st-warn", "wrench", T::Maintenance)}
    };
    Some(marks.into_any())
}

fn image(node: Node, look: Memo<Look>) -> AnyView {
    match node {
        Node::Site(_) => icon("site"),
        Node::Host(_) => (move || match look.get() {
            Look::Pool => icon("pool"),
            _ => icon("host"),
        })
        .into_any(),
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

/// The first tags as chips. Decoration: page and list tell them to those who cannot see it.
fn tags(node: Node) -> AnyView {
    const SHOWN: usize = 2;
    let cx = cx();
    let all = Memo::new(move |_| match node {
        Node::Site(_) => Vec::new(),
        Node::Host(id) => cx.live.host(id).map(|host| host.tags.clone()).unwrap_or_default(),
        Node::Vm(id) => cx
            .live
            .vm(id)
            .with(|vm| vm.as_ref().map(|vm| vm.tags.clone()).unwrap_or_default()),
    });
    (move || {
        let all = all.get();
        (!all.is_empty()).then(|| {
            let title = all.join(", ");
            let chips = all
                .into_iter()
                .take(SHOWN)
                .map(|tag| view! { <span class="tag">{tag}</span> });
            view! { <span class="tree-tags" aria-hidden="true" title=title>{chips.collect_view()}</span> }
        })
    })
    .into_any()
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
                {mark(row.critical, "alarm", "✖", t(T::TreeCritical))}
                {mark(row.warnings, "alarm w", "▲", t(T::TreeNotReached))}
                <span class="n">{row.count}</span>
            </span>
        }
        .into_any(),
    )
}
