//! How full things are, in one glance, and what sharing machines saved.
use super::Cx;
use crate::status::{figures, html::Html};
use wxa_model::status::view::CapacityView;

/// From here on, in per cent, somebody has to do something about it.
const NEARLY: u32 = 90;

/// Nothing where the page shows none.
pub(super) fn figures(html: &mut Html, cx: &Cx<'_>) {
    let Some(capacity) = &cx.view.capacity else {
        return;
    };
    let words = cx.words;
    html.raw(r#"<section class="cap"><h2>"#)
        .text(words.capacity)
        .raw("</h2><ul>");
    for (share, of) in [
        (capacity.cpu, words.of_cpu),
        (capacity.memory, words.of_memory),
        (capacity.storage, words.of_storage),
    ] {
        bar(html, cx, figures::full(share), of);
    }
    html.raw("</ul>");
    sums(html, cx, capacity);
    html.raw("</section>");
}

fn sums(html: &mut Html, cx: &Cx<'_>, capacity: &CapacityView) {
    let words = cx.words;
    let (vms, machines) = match (capacity.vms, capacity.machines) {
        (0, _) | (_, 0) => (0, 0),
        both => both,
    };
    let unheard = match capacity.unheard {
        1 => words.unheard_one,
        _ => words.unheard,
    };
    let sums = [
        (vms, words.servers),
        (machines, words.machines),
        (vms.saturating_sub(machines), words.saved),
        (capacity.unheard, unheard),
    ];
    if sums.iter().all(|(n, _)| *n == 0) {
        return;
    }
    html.raw("<ul class=\"sums\">");
    for (n, what) in sums.into_iter().filter(|(n, _)| *n > 0) {
        html.raw("<li><b>")
            .text(n)
            .raw("</b> <span>")
            .text(what)
            .raw("</span></li>");
    }
    html.raw("</ul>");
}

fn bar(html: &mut Html, cx: &Cx<'_>, full: Option<u32>, of: &str) {
    let is_nearly = full.is_some_and(|full| full >= NEARLY);
    html.raw("<li><p><b>");
    match full {
        Some(full) => html.text(full).raw("\u{a0}%"),
        None => html.raw(figures::NONE),
    };
    html.raw("</b> <span>").text(of).raw("</span>");
    if is_nearly {
        html.raw(r#" <span class="warn">"#)
            .text(cx.words.nearly_full)
            .raw("</span>");
    }
    if full.is_none() {
        html.raw(r#" <span class="unk">"#)
            .text(cx.words.state_unknown)
            .raw("</span>");
    }
    html.raw(r#"</p><svg class="bar"#);
    if is_nearly {
        html.raw(" hot");
    }
    html.raw(r#"" aria-hidden="true">"#);
    match full {
        Some(full) => html.raw(&format!(r#"<rect width="{full}%" height="100%"/>"#)),
        None => html.raw(r##"<rect width="100%" height="100%" fill="url(#hx)" class="n"/>"##),
    };
    html.raw("</svg></li>");
}
