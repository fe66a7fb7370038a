//! The rows in sight. Two empty rows stand for those that are not; their heights are set through the CSSOM, because
//! the style policy allows no style attributes.
use super::{Shared, head::Head};
use crate::{
    browser,
    components::{empty::Empty, vm_rows::VmRows},
    cx::cx,
    list::{self, Row},
    text::{T, t},
};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use wxa_model::{HostId, HostKind};

/// The element that scrolls; the keys move it too.
pub(super) const SCROLLER: &str = "vm-scroll";

#[component]
pub(super) fn Body(shared: Shared, total: Memo<usize>) -> impl IntoView {
    let cx = cx();
    let scroller = NodeRef::<html::Div>::new();
    let above = NodeRef::<html::Td>::new();
    let below = NodeRef::<html::Td>::new();
    // Before the browser has measured anything: a desk's screen.
    let view = RwSignal::new((0.0, 900.0));
    let row = RwSignal::new(32.0);
    let count = shared.count;
    let rows = Memo::new(move |_| shared.groups.with(|groups| list::row_count(count.get(), groups)));
    let range = Memo::new(move |_| {
        let (scrolled, height) = view.get();
        list::window(rows.get(), row.get(), scrolled, height)
    });
    let visible = Memo::new(move |_| {
        let (first, end) = range.get();
        let (shown, groups) = (shared.shown.read(), shared.groups.read());
        list::rows(first..end, &shown, &groups)
    });
    let measure = move || {
        if let Some(div) = scroller.get_untracked() {
            view.set((div.scroll_top() as f64, div.client_height() as f64));
            if let Ok(Some(first)) = div.query_selector("tbody .vm-row")
                && let Ok(first) = first.dyn_into::<web_sys::HtmlElement>()
                && first.offset_height() > 0
            {
                row.set(first.offset_height() as f64);
            }
        }
    };
    Effect::new(move |_| {
        if scroller.get().is_some() {
            request_animation_frame(measure);
        }
    });
    browser::while_shown("resize", move |_| measure());
    // Another filter or order is another list: it is read from its top.
    let q = Memo::new(move |_| cx.nav.query("q"));
    Effect::new(move |before: Option<()>| {
        q.track();
        shared.sort.track();
        shared.by.track();
        // Where it is at its top already nothing is asked: the browser would lay out the page to answer.
        let is_below = view.with_untracked(|(scrolled, _)| *scrolled > 0.0);
        if let (Some(()), true, Some(div)) = (before, is_below, scroller.get_untracked()) {
            div.set_scroll_top(0);
        }
    });
    Effect::new(move |_| {
        let vm = |row: &Row| match row {
            Row::Vm(id) => Some(*id),
            Row::Group(..) => None,
        };
        cx.live
            .wish
            .set(visible.with(|rows| rows.iter().filter_map(vm).collect()));
    });
    Effect::new(move |_| {
        let ((first, end), row) = (range.get(), row.get());
        let rest = rows.get().saturating_sub(end);
        if let Some(div) = scroller.get() {
            // A heading is as high as a row, so that those out of sight can be counted.
            let div: &web_sys::HtmlElement = &div;
            let _ = div.style().set_property("--row-seen", &format!("{row}px"));
        }
        for (cell, rows) in [(above.get(), first), (below.get(), rest)] {
            if let Some(cell) = cell {
                let cell: &web_sys::HtmlElement = &cell;
                let _ = cell
                    .style()
                    .set_property("height", &format!("{}px", rows as f64 * row));
            }
        }
    });
    let spacer = move |cell: NodeRef<html::Td>| {
        view! { <tbody aria-hidden="true"><tr class="spacer"><td colspan="12" node_ref=cell></td></tr></tbody> }
    };
    let windowed = Memo::new(move |_| range.get() != (0, rows.get()));
    view! {
        <div class="table-scroll" id=SCROLLER tabindex="-1" node_ref=scroller on:scroll=move |_| measure()>
            <table class="vms" aria-label=t(T::Vms) aria-rowcount=move || windowed.get().then(|| rows.get() + 1)>
                <Head shared=shared/>
                {move || windowed.get().then(|| spacer(above))}
                <VmRows visible=visible/>
                {move || windowed.get().then(|| spacer(below))}
            </table>
            {move || nothing(shared.only, total.get(), count.get())}
        </div>
    }
    .into_any()
}

fn nothing(only: Option<HostId>, total: usize, shown: usize) -> Option<AnyView> {
    if shown > 0 {
        return None;
    }
    let cx = cx();
    let admin = cx.may_administer();
    Some(if total > 0 {
        view! {
            <Empty image="search" title=t(T::NothingPasses) text=t(T::NothingPassesMore)>
                <button type="button" class="btn" on:click=move |_| cx.nav.set_query("q", "")>{t(T::ClearFilter)}</button>
            </Empty>
        }
        .into_any()
    } else if cx.live.hosts.with(Vec::is_empty) {
        let text = if admin {
            t(T::NoHostAdmin)
        } else {
            t(T::NoHostOther)
        };
        view! {
            <Empty image="host" title=t(T::NoHostTitle) text=text>
                {admin.then(|| view! { <a class="btn primary" href="/hosts/add">{t(T::AddHost)}</a> })}
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty
                image="vm"
                title=t(T::NoGuest)
                text=t(if defined_by_files(only) { T::NoGuestMore } else { T::NoGuestInPool })
            />
        }
        .into_any()
    })
}

/// Whether VMs there come to be by definition files: on a plain host, and where there is any.
fn defined_by_files(only: Option<HostId>) -> bool {
    let live = cx().live;
    match only {
        Some(host) => live.kind(host) == HostKind::Plain,
        None => live.machines().iter().any(|host| host.kind == HostKind::Plain),
    }
}
