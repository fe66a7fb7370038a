//! The inventory at the left: sites, hosts and VMs with counts and what is wrong, by pointer and by keyboard.
mod row;

use super::icon::small_icon;
use crate::{
    browser,
    cx::{Cx, cx},
    routes::{HostTab, Route, VmTab},
    tree::{self, Node, Row},
};
use leptos::prelude::*;
use row::TreeRow;

const STORED: &str = "wxa-tree";

/// What the rows share.
#[derive(Clone, Copy)]
struct Shared {
    toggled: RwSignal<Vec<Node>>,
    /// The row that the Tab key reaches.
    focused: RwSignal<Option<Node>>,
    rows: Memo<Vec<Row>>,
}

/// The tree.
#[component]
pub fn Tree() -> impl IntoView {
    let cx = cx();
    let toggled = RwSignal::new(Vec::<Node>::new());
    let filter = RwSignal::new(String::new());
    Effect::new(move |_| toggled.set(stored_nodes()));
    let rows = Memo::new(move |_| {
        let vms = cx.live.guests();
        cx.live.sites.with(|sites| {
            cx.live
                .hosts
                .with(|hosts| tree::rows(sites, hosts, &vms, &toggled.get(), &filter.get()))
        })
    });
    let shared = Shared {
        toggled,
        focused: RwSignal::new(None),
        rows,
    };
    let total = Memo::new(move |_| cx.live.guests().len());
    let shown = move || {
        rows.with(|rows| {
            rows.iter()
                .take(tree::MOST)
                .map(|row| row.node)
                .collect::<Vec<_>>()
        })
    };
    let more = move || rows.with(|rows| rows.len().saturating_sub(tree::MOST));
    view! {
        <nav class="tree" class:open=move || cx.ui.drawer.get() aria-label="Inventory">
            <div class="find">
                <label class="field">
                    {small_icon("search")}
                    <span class="sr">"Filter the inventory"</span>
                    <input
                        type="search"
                        placeholder=move || format!("Filter {}", crate::format::count(total.get(), "VM"))
                        on:input=move |event| filter.set(event_target_value(&event))
                    />
                </label>
            </div>
            <ul role="tree" aria-label="Sites, hosts and VMs" on:keydown=move |event| keys(cx, shared, &event)>
                <For each=shown key=|node| *node let:node>
                    <TreeRow node=node shared=shared/>
                </For>
            </ul>
            {move || {
                (more() > 0).then(|| view! { <p class="muted small pad">{format!("{} more: filter to find them", more())}</p> })
            }}
            {move || {
                rows.with(Vec::is_empty).then(|| {
                    let text = if filter.with(String::is_empty) { "No host yet." } else { "Nothing has that name." };
                    view! { <p class="muted small pad">{text}</p> }
                })
            }}
            {cx.may_administer().then(|| {
                view! { <a class="add" href="/hosts/add">{small_icon("plus")}"Add a host"</a> }
            })}
        </nav>
    }
    .into_any()
}

/// Where a row leads. A sibling keeps the tab.
fn href(cx: Cx, node: Node) -> String {
    let route = cx.nav.route();
    match node {
        Node::Site(id) => {
            let name = cx.live.site(id).map(|site| site.name.clone()).unwrap_or_default();
            let url = crate::routes::url::Url::parse("/vms");
            return url.with("q", &crate::filter::term("site", &name)).text();
        }
        Node::Host(id) => match route {
            Some(Route::Host(_, tab)) => Route::Host(id, tab),
            _ => Route::Host(id, HostTab::default()),
        },
        Node::Vm(id) => match route {
            Some(Route::Vm(_, tab)) => Route::Vm(id, tab),
            _ => Route::Vm(id, VmTab::default()),
        },
    }
    .path()
}

fn toggle(shared: Shared, node: Node) {
    shared.toggled.update(|toggled| {
        if toggled.contains(&node) {
            toggled.retain(|other| *other != node);
        } else {
            toggled.push(node);
        }
    });
    let text: Vec<String> = shared
        .toggled
        .with_untracked(|nodes| nodes.iter().map(name).collect());
    browser::store(STORED, &text.join(" "));
}

fn name(node: &Node) -> String {
    match node {
        Node::Site(id) => format!("s{id}"),
        Node::Host(id) => format!("h{id}"),
        Node::Vm(id) => format!("v{id}"),
    }
}

fn stored_nodes() -> Vec<Node> {
    let read = |word: &str| {
        let (kind, id) = word.split_at_checked(1)?;
        Some(match kind {
            "s" => Node::Site(id.parse().ok()?),
            "h" => Node::Host(id.parse().ok()?),
            _ => return None,
        })
    };
    let text = browser::stored(STORED).unwrap_or_default();
    text.split(' ').filter_map(read).collect()
}

fn keys(cx: Cx, shared: Shared, event: &leptos::ev::KeyboardEvent) {
    let rows = shared.rows.get_untracked();
    let here = shared.focused.get_untracked();
    let at = rows.iter().position(|row| Some(row.node) == here).unwrap_or(0);
    let Some(row) = rows.get(at) else {
        return;
    };
    let target = match event.key().as_str() {
        "ArrowDown" => rows.get(at + 1),
        "ArrowUp" => at.checked_sub(1).and_then(|up| rows.get(up)),
        "Home" => rows.first(),
        "End" => rows.last(),
        "ArrowRight" => match row.open {
            Some(false) => {
                toggle(shared, row.node);
                Some(row)
            }
            Some(true) => rows.get(at + 1),
            None => None,
        },
        "ArrowLeft" => match row.open {
            Some(true) => {
                toggle(shared, row.node);
                Some(row)
            }
            _ => rows
                .iter()
                .take(at)
                .rev()
                .find(|up| level(up.node) < level(row.node)),
        },
        "Enter" => {
            cx.nav.go(&href(cx, row.node));
            Some(row)
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(target) = target {
        shared.focused.set(Some(target.node));
        browser::focus(&format!("#tree-{}", name(&target.node)));
    }
}

fn level(node: Node) -> u8 {
    match node {
        Node::Site(_) => 1,
        Node::Host(_) => 2,
        Node::Vm(_) => 3,
    }
}
