//! The rows in sight: a tree of a thousand VMs is as quick as one of ten. Two empty items stand for the others; their
//! heights are set through the CSSOM, because the style policy allows no style attributes.
use crate::{browser, list, tree::Row};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// What is in sight of the tree, and the elements that say so.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub scroller: NodeRef<html::Ul>,
    pub above: NodeRef<html::Li>,
    pub below: NodeRef<html::Li>,
    /// The first row that exists, and the first after it that does not.
    pub range: Memo<(usize, usize)>,
    count: Memo<usize>,
    row_px: RwSignal<f64>,
    /// Scrolled by, and height, in pixels.
    view: RwSignal<(f64, f64)>,
}

impl Window {
    pub fn over(rows: Memo<Vec<Row>>) -> Self {
        // Before the browser has measured anything: a desk's screen.
        let view = RwSignal::new((0.0, 900.0));
        let row_px = RwSignal::new(26.0);
        let count = Memo::new(move |_| rows.with(Vec::len));
        let range = Memo::new(move |_| {
            let (scrolled, height) = view.get();
            list::window(count.get(), row_px.get(), scrolled, height)
        });
        let window = Self {
            scroller: NodeRef::new(),
            above: NodeRef::new(),
            below: NodeRef::new(),
            range,
            count,
            row_px,
            view,
        };
        window.follow();
        window
    }

    fn follow(self) {
        Effect::new(move |_| {
            self.count.track();
            if self.scroller.get().is_some() {
                request_animation_frame(move || self.measure());
            }
        });
        browser::while_shown("resize", move |_| self.measure());
        Effect::new(move |_| {
            let ((first, end), row) = (self.range.get(), self.row_px.get());
            let rest = self.count.get().saturating_sub(end);
            for (item, rows) in [(self.above.get(), first), (self.below.get(), rest)] {
                if let Some(item) = item {
                    let item: &web_sys::HtmlElement = &item;
                    let _ = item
                        .style()
                        .set_property("height", &format!("{}px", rows as f64 * row));
                }
            }
        });
    }

    /// Reads from the page what is in sight.
    pub fn measure(self) {
        let Some(scroller) = self.scroller.get_untracked() else {
            return;
        };
        self.view
            .set((scroller.scroll_top() as f64, scroller.client_height() as f64));
        if let Ok(Some(row)) = scroller.query_selector("[role=treeitem]")
            && let Ok(row) = row.dyn_into::<web_sys::HtmlElement>()
            && row.offset_height() > 0
        {
            self.row_px.set(row.offset_height() as f64);
        }
    }

    /// Scrolls the row at `at` into sight, so that it exists.
    pub fn show(self, at: usize) {
        let Some(scroller) = self.scroller.get_untracked() else {
            return;
        };
        let row = self.row_px.get_untracked();
        let top = (row * at as f64) as i32;
        let (now, height) = (scroller.scroll_top(), scroller.client_height());
        if top < now {
            scroller.set_scroll_top(top);
        } else if top + row as i32 > now + height {
            scroller.set_scroll_top(top + row as i32 - height);
        }
        self.measure();
    }
}
