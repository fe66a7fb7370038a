//! The rows as they stand in the document, and how they become others: what stays the same is not touched, and the elements of
//! rows that go are those of rows that come.
use super::{
    line::{Inside, Line, Of, VM},
    written,
};
use crate::markup::Markup;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, HtmlInputElement, Node};

/// What is shown.
#[derive(Default)]
pub(super) struct Shown {
    lines: Vec<Line>,
    /// Their elements; none before the first [`Shown::show`].
    rows: Vec<Element>,
}

impl Shown {
    /// What the server wrote.
    pub fn begin(lines: Vec<Line>) -> Self {
        Self {
            lines,
            rows: Vec::new(),
        }
    }

    /// Makes the rows in `body` those of `lines`.
    pub fn show(&mut self, body: &Element, lines: Vec<Line>) {
        if self.rows.is_empty() {
            self.rows = children(body);
            // A browser may have ticked boxes as they were before it loaded the page anew.
            self.tick();
        }
        if self.rows.len() != self.lines.len() || self.rows.is_empty() {
            // Nothing is there, or not what we know.
            body.set_inner_html(&written(&lines));
            self.rows = children(body);
            self.lines = lines;
            self.tick();
            return;
        }
        if self.lines == lines {
            return;
        }
        let focus = document()
            .active_element()
            .filter(|active| body.contains(Some(active)));
        let held = focus.as_ref().and_then(vm_of);
        self.change(body, lines, focus.as_ref());
        if let Some(focus) = focus.filter(|focus| held.is_some() && vm_of(focus) == held) {
            give_back(body, &focus);
        }
    }

    fn tick(&self) {
        for (row, line) in self.rows.iter().zip(&self.lines) {
            tick(row, line.marked);
        }
    }

    fn change(&mut self, body: &Element, lines: Vec<Line>, focus: Option<&Element>) {
        let mut old = Old::of(
            std::mem::take(&mut self.lines),
            std::mem::take(&mut self.rows),
            &lines,
        );
        let mut rows = Vec::with_capacity(lines.len());
        for line in &lines {
            let taken = match old.take(&line.of) {
                Some((before, row)) => {
                    change_row(&row, &before, line, focus);
                    Some(row)
                }
                None => new_row(line),
            };
            let Some(row) = taken else {
                continue;
            };
            if old.place(&row) {
                let _ = body.insert_before(&row, old.next());
            }
            rows.push(row);
        }
        old.remove();
        self.rows = rows;
        self.lines = lines;
    }
}

/// The rows that stand in the document while others come. In the order in which they stand, those that were taken left out.
struct Old {
    rows: Vec<Option<(Line, Element)>>,
    elements: Vec<Element>,
    /// Whether the VM of each goes, so that its row is another's.
    goes: Vec<bool>,
    /// All before are taken, or are passed by and go.
    at: usize,
}

impl Old {
    fn of(lines: Vec<Line>, rows: Vec<Element>, new: &[Line]) -> Self {
        let goes = lines
            .iter()
            .map(|old| !new.iter().any(|new| new.of == old.of))
            .collect();
        let elements = rows.clone();
        let rows = lines.into_iter().zip(rows).map(Some).collect();
        let mut old = Self {
            rows,
            elements,
            goes,
            at: 0,
        };
        old.pass(false);
        old
    }

    /// Passes what was taken, and with `spare` what goes.
    fn pass(&mut self, spare: bool) {
        while let Some(row) = self.rows.get(self.at) {
            let goes = self.goes.get(self.at).copied().unwrap_or_default();
            if row.is_some() && !(spare && goes) {
                break;
            }
            self.at += 1;
        }
    }

    /// The row for a VM: its own, else one of a VM that goes, the one that stands in its place where it can be.
    fn take(&mut self, of: &Of) -> Option<(Line, Element)> {
        let own = |row: &Option<(Line, Element)>| row.as_ref().is_some_and(|(line, _)| line.of == *of);
        if let Some(own) = self.rows.iter().position(own) {
            self.pass(true);
            return self.rows.get_mut(own)?.take();
        }
        let spare = |at: &usize| {
            let goes = self.goes.get(*at).copied().unwrap_or_default();
            goes && self.rows.get(*at).is_some_and(Option::is_some)
        };
        let here = Some(self.at).filter(spare);
        let passed = || (0..self.at).rfind(spare);
        let last = || (self.at..self.rows.len()).rfind(spare);
        let at = here.or_else(passed).or_else(last)?;
        self.rows.get_mut(at)?.take()
    }

    /// Whether a row that was taken has to move to stand before [`Old::next`].
    fn place(&mut self, row: &Element) -> bool {
        let stands = self.elements.get(self.at) == Some(row);
        self.pass(false);
        !stands
    }

    /// What stands after the rows that are in their places.
    fn next(&self) -> Option<&Node> {
        self.elements.get(self.at).map(|next| -> &Node { next })
    }

    /// Takes those away that nobody took.
    fn remove(self) {
        for (_, row) in self.rows.into_iter().flatten() {
            row.remove();
        }
    }
}

/// The VM in whose row an element stands.
fn vm_of(element: &Element) -> Option<String> {
    element.closest("tr").ok()??.get_attribute(VM)
}

/// A row that is moved loses the focus in it: it is the same VM's still, so it has it again.
fn give_back(body: &Element, focus: &Element) {
    let has_it = document().active_element().as_ref() == Some(focus);
    if has_it || !body.contains(Some(focus)) {
        return;
    }
    if let Some(focus) = focus.dyn_ref::<HtmlElement>() {
        let quietly = FocusOptions::new();
        quietly.set_prevent_scroll(true);
        let _ = focus.focus_with_options(&quietly);
    }
}

fn children(body: &Element) -> Vec<Element> {
    let mut all = Vec::new();
    let mut next = body.first_element_child();
    while let Some(child) = next {
        next = child.next_element_sibling();
        all.push(child);
    }
    all
}

fn new_row(line: &Line) -> Option<Element> {
    let row = document().create_element("tr").ok()?;
    let _ = row.set_attribute("class", line.class());
    name(&row, line);
    row.set_inner_html(line.inside().as_str());
    tick(&row, line.marked);
    Some(row)
}

/// Says whose row it is, and whether that is selected: a heading is nobody's and cannot be.
fn name(row: &Element, line: &Line) {
    match line.of.vm() {
        Some(id) => {
            let _ = row.set_attribute(VM, &id);
            let _ = row.set_attribute("aria-selected", line.selection());
        }
        None => {
            let _ = row.remove_attribute(VM);
            let _ = row.remove_attribute("aria-selected");
        }
    }
}

/// Makes the row of `old` that of `new`.
fn change_row(row: &Element, old: &Line, new: &Line, focus: Option<&Element>) {
    if old == new {
        return;
    }
    let held = focus.filter(|focus| row.contains(Some(focus)));
    if old.of != new.of {
        name(row, new);
        // It is another VM's row now: a focus that stayed would go with it unseen.
        if let Some(held) = held.and_then(|held| held.dyn_ref::<HtmlElement>()) {
            let _ = held.blur();
        }
    }
    if old.class() != new.class() {
        let _ = row.set_attribute("class", new.class());
    }
    if old.selected != new.selected {
        let _ = row.set_attribute("aria-selected", new.selection());
    }
    if old.is_like(new) {
        let mut cell = row.first_element_child();
        for (old, new) in old.cells.iter().zip(&new.cells) {
            let Some(element) = cell else {
                break;
            };
            if old.inside != new.inside {
                change_cell(&element, &old.inside, &new.inside);
            }
            cell = element.next_element_sibling();
        }
    } else {
        row.set_inner_html(new.inside().as_str());
        tick(row, new.marked);
    }
    if old.marked != new.marked {
        tick(row, new.marked);
    }
}

/// What has the focus in it is changed and not written anew.
fn change_cell(cell: &Element, old: &Inside, new: &Inside) {
    let within = cell.first_element_child();
    match (old, new, within) {
        (Inside::Box(_), Inside::Box(label), Some(field)) => {
            let _ = field.set_attribute("aria-label", label);
        }
        (Inside::Link(before, _), Inside::Link(href, text), Some(link)) => {
            if before != href {
                let _ = link.set_attribute("href", href);
            }
            set_text(&link, text);
        }
        (Inside::Text(_), Inside::Text(text), _) => set_text(cell, text),
        _ => {
            let mut markup = Markup::new();
            new.write(&mut markup);
            cell.set_inner_html(markup.as_str());
        }
    }
}

/// Changes the text that is there: the browser has less to do than with another one.
fn set_text(element: &Element, text: &str) {
    match element.first_child() {
        Some(there) => there.set_node_value(Some(text)),
        None => element.set_text_content(Some(text)),
    }
}

fn tick(row: &Element, marked: bool) {
    if let Ok(Some(field)) = row.query_selector("input")
        && let Ok(field) = field.dyn_into::<HtmlInputElement>()
    {
        field.set_checked(marked);
    }
}
