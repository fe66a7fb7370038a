//! The rows of the list in sight. They are markup that is written as text and changed cell by cell (decision 0040): as views
//! they were most of the page's nodes, and most of the time until it lived.
mod cells;
mod line;
mod shown;

use crate::{
    cx::cx,
    list::Row,
    markup::Markup,
    routes::{Route, VmTab},
};
use leptos::{html, prelude::*};
use line::Line;
use shown::Shown;
use wasm_bindgen::JsCast;
use wxa_model::VmId;

/// The VMs of the list in which the rows stand, in order: what a range of marks goes by.
#[derive(Clone, Copy)]
pub struct Order(pub Memo<Vec<VmId>>);

/// Whether there is a pool anywhere: then the list has a column for it.
#[derive(Clone, Copy)]
pub struct Pools(pub Memo<bool>);

/// The rows `visible`, in a table's body of their own.
#[component]
pub fn VmRows(visible: Memo<Vec<Row>>) -> impl IntoView {
    let cx = cx();
    let pools = use_context::<Pools>();
    let selected = Memo::new(move |_| cx.nav.url.with(|url| url.get("sel")?.parse::<VmId>().ok()));
    let uses = Memo::new(move |_| {
        visible.with(|visible| {
            visible
                .iter()
                .map(|row| match row {
                    Row::Vm(id) => Some(cells::Use::of(cx, *id)),
                    Row::Group(..) => None,
                })
                .collect::<Vec<_>>()
        })
    });
    let lines = move || -> Vec<Line> {
        let marked = cx.ui.marks.now.get();
        let about = line::About {
            selected: selected.get(),
            marked: &marked,
            pools: pools.is_some_and(|Pools(any)| any.get()),
        };
        // Both lists are of the same rows: the second is made from the first.
        let (rows, uses) = (visible.get(), uses.get());
        let line = |(row, uses): (Row, &Option<cells::Use>)| match (row, uses) {
            (Row::Vm(id), Some(uses)) => Some(Line::of(cx, id, uses, &about)),
            (Row::Group(label, count), _) => Some(Line::group(label, count)),
            (Row::Vm(_), None) => None,
        };
        rows.into_iter().zip(&uses).filter_map(line).collect()
    };
    let body = NodeRef::<html::Tbody>::new();
    // What the server wrote is what the browser would: it writes only what changes after that.
    let first = untrack(lines);
    let written = cfg!(feature = "ssr").then(|| written(&first));
    let mut first = Some(first);
    // The effect owns what is shown: it holds elements, which must not outlive a rendering on the server's threads.
    Effect::new(move |shown: Option<Shown>| {
        let mut shown = shown.unwrap_or_else(|| Shown::begin(first.take().unwrap_or_default()));
        let lines = lines();
        if let Some(body) = body.get() {
            shown.show(&body, lines);
        }
        shown
    });
    let order = use_context::<Order>();
    let mark = move |id: VmId, event: &leptos::ev::MouseEvent| match order.filter(|_| event.shift_key()) {
        Some(Order(all)) => all.with_untracked(|all| cx.ui.marks.range(id, all)),
        None => cx.ui.marks.toggle(id),
    };
    let click = move |event: leptos::ev::MouseEvent| {
        let (Some(element), Some(id)) = (target(&event), row_of(&event)) else {
            return;
        };
        if let Some(field) = element.dyn_ref::<web_sys::HtmlInputElement>() {
            mark(id, &event);
            // A range never takes a mark away, but the browser has just unticked the box.
            field.set_checked(cx.ui.marks.now.with_untracked(|marked| marked.contains(&id)));
            return;
        }
        // Links in the row have their own meaning.
        if event.default_prevented() || is_control(&element) {
            return;
        }
        if event.shift_key() || event.ctrl_key() || event.meta_key() {
            mark(id, &event);
        } else {
            cx.nav.set_query("sel", &id.to_string());
        }
    };
    // With Shift a click marks: it does not also select the text between here and there.
    let hold = move |event: leptos::ev::MouseEvent| {
        if event.shift_key() && target(&event).is_some_and(|element| !is_control(&element)) {
            event.prevent_default();
        }
    };
    view! { <tbody node_ref=body on:mousedown=hold on:click=click inner_html=written></tbody> }.into_any()
}

fn written(lines: &[Line]) -> String {
    let mut all = Markup::new();
    for line in lines {
        line.write(&mut all);
    }
    all.as_str().to_owned()
}

fn target(event: &leptos::ev::MouseEvent) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

/// The VM in whose row something happened.
fn row_of(event: &leptos::ev::MouseEvent) -> Option<VmId> {
    let row = target(event)?.closest("tr").ok()??;
    row.get_attribute(line::VM)?.parse().ok()
}

fn is_control(element: &web_sys::Element) -> bool {
    element
        .closest("a, input, button")
        .is_ok_and(|found| found.is_some())
}

/// Where the row of a VM leads.
fn href(id: VmId) -> String {
    Route::Vm(id, VmTab::Overview).path()
}
