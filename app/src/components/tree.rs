//! The inventory at the left: sites, pools, hosts and VMs with counts and what is wrong, by pointer and by keyboard.
mod reveal;
mod row;
mod window;

use super::icon::small_icon;
use crate::{
    browser,
    cx::{Cx, cx},
    keys::table::{self, Area, Command},
    routes::{HostTab, Route, VmTab},
    text::{T, plural, t},
    tree::{self, Node, Row},
};
use leptos::prelude::*;
use row::TreeRow;
use window::Window;

const STORED: &str = "wxa-tree";

/// What the rows share.
#[derive(Clone, Copy)]
struct Shared {
    toggled: RwSignal<Vec<Node>>,
    /// The row that the Tab key reaches.
    focused: RwSignal<Option<Node>>,
    rows: Memo<Vec<Row>>,
    /// Those in sight.
    in_sight: Memo<Vec<Row>>,
    /// What they stand for.
    visible: Memo<Vec<Node>>,
    window: Window,
}

/// The tree.
#[component]
pub fn Tree() -> impl IntoView {
    let cx = cx();
    let toggled = RwSignal::new(Vec::<Node>::new());
    let filter = RwSignal::new(String::new());
    Effect::new(move |_| toggled.set(stored_nodes()));
    let rows = Memo::new(move |_| {
        let live = cx.live;
        let (toggled, filter) = (toggled.get(), filter.get());
        let grow = |sites: &Vec<_>, hosts: &Vec<_>| {
            live.with_guests(|guests, _| tree::rows(sites, hosts, guests, &toggled, &filter))
        };
        let rows = live
            .sites
            .with(|sites| live.hosts.with(|hosts| grow(sites, hosts)));
        rows.unwrap_or_default()
    });
    let window = Window::over(rows);
    let in_sight = Memo::new(move |_| {
        let (first, end) = window.range.get();
        rows.with(|rows| rows.get(first..end).unwrap_or_default().to_vec())
    });
    let visible =
        Memo::new(move |_| in_sight.with(|rows| rows.iter().map(|row| row.node).collect::<Vec<_>>()));
    let shared = Shared {
        toggled,
        focused: RwSignal::new(None),
        rows,
        in_sight,
        visible,
        window,
    };
    reveal::follow(cx, shared);
    let total = Memo::new(move |_| cx.live.guest_count());
    let spacer = move |item: NodeRef<leptos::html::Li>| {
        view! { <li class="spacer" role="none" aria-hidden="true" node_ref=item></li> }
    };
    view! {
        <nav class="tree" class:open=move || cx.ui.drawer.get() aria-label=t(T::Inventory)>
            <div class="find">
                <label class="field">
                    {small_icon("search")}
                    <span class="sr">{t(T::FilterInventory)}</span>
                    <input
                        type="search"
                        placeholder=move || plural(T::FilterVms, total.get())
                        on:input=move |event| filter.set(event_target_value(&event))
                    />
                </label>
            </div>
            <ul
                role="tree"
                aria-label=t(T::TreeLabel)
                node_ref=window.scroller
                on:scroll=move |_| window.measure()
                on:keydown=move |event| keys(cx, shared, &event)
            >
                {spacer(window.above)}
                <For each=move || visible.get() key=|node| *node let:node>
                    <TreeRow node=node shared=shared/>
                </For>
                {spacer(window.below)}
            </ul>
            {move || {
                rows.with(Vec::is_empty).then(|| {
                    let text = t(if filter.with(String::is_empty) { T::NoHostYet } else { T::NothingHasThatName });
                    view! { <p class="muted small pad">{text}</p> }
                })
            }}
            {cx.may_administer().then(|| {
                view! { <a class="add" href="/hosts/add">{small_icon("plus")}{t(T::AddHost)}</a> }
            })}
        </nav>
    }
    .into_any()
}

/// Where a row leads. A sibling keeps the tab, where it has that one too.
fn href(cx: Cx, node: Node) -> String {
    let route = cx.nav.route();
    match node {
        Node::Site(id) => {
            let name = cx.live.site(id).map(|site| site.name.clone()).unwrap_or_default();
            let url = crate::routes::url::Url::parse("/vms");
            return url.with("q", &crate::filter::term("site", &name)).text();
        }
        Node::Host(id) => {
            let kind = cx.live.host(id).map(|host| host.kind).unwrap_or_default();
            let has = |tab: HostTab| match tab {
                HostTab::Console => cx.own_console(id).is_some(),
                tab => HostTab::of(kind).contains(&tab),
            };
            match route {
                Some(Route::Host(_, tab)) if has(tab) => Route::Host(id, tab),
                _ => Route::Host(id, HostTab::default()),
            }
        }
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
    let chord = table::chord(
        event.ctrl_key() || event.meta_key(),
        event.shift_key(),
        &event.key(),
    );
    let target = match table::command(Area::Tree, &chord) {
        Some(Command::Down) => rows.get(at + 1),
        Some(Command::Up) => at.checked_sub(1).and_then(|up| rows.get(up)),
        Some(Command::First) => rows.first(),
        Some(Command::Last) => rows.last(),
        Some(Command::Unfold) => match row.open {
            Some(false) => {
                toggle(shared, row.node);
                Some(row)
            }
            Some(true) => rows.get(at + 1),
            None => None,
        },
        Some(Command::Fold) => match row.open {
            Some(true) => {
                toggle(shared, row.node);
                Some(row)
            }
            _ => rows.iter().take(at).rev().find(|up| up.level < row.level),
        },
        Some(Command::Open) => {
            cx.nav.go(&href(cx, row.node));
            Some(row)
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(node) = target.map(|row| row.node) {
        shared.focused.set(Some(node));
        // What was folded or unfolded has moved what is below it.
        let at = shared
            .rows
            .with_untracked(|rows| rows.iter().position(|row| row.node == node));
        shared.window.show(at.unwrap_or(0));
        request_animation_frame(move || browser::focus(&format!("#tree-{}", name(&node))));
    }
}
