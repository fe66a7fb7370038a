//! For a screen on a wall: large, dark, one page after the other, without anybody touching it.
use wxa_model::status::view::{ServiceView, StatusView};

use super::{
    figures,
    html::Html,
    page::{self, Cx, Lead, bars, document, glyph_of, icon},
    reading::{Kind, Reading},
    words::fill,
};

/// So many services are read from across a room.
const TILES: usize = 8;
/// So long each page stays, in seconds.
const STAYS_S: u32 = 15;

/// The screens of a view: their services, and whether there is one of news besides.
fn screens(view: &StatusView) -> (Vec<&[ServiceView]>, bool) {
    // As many on each page as on the others.
    let all = view.services.len();
    let each = all.div_ceil(all.div_ceil(TILES).max(1)).max(1);
    let is_open = view.incidents.iter().any(|incident| incident.ended_at.is_none());
    let has_news = is_open || !view.maintenance.is_empty() || view.capacity.is_some();
    (view.services.chunks(each).collect(), has_news)
}

/// Which screen that is, from 0: after the last comes the first.
pub(super) fn screen(view: &StatusView, wanted: u16) -> u16 {
    let (services, has_news) = screens(view);
    let all = (services.len() + usize::from(has_news)).max(1);
    u16::try_from(usize::from(wanted) % all).unwrap_or_default()
}

/// The document of the kiosk's page number `wanted`, and where to go from there: the value of the `Refresh` header.
pub(super) fn kiosk(cx: &Cx<'_>, wanted: u16) -> (String, String) {
    let (services, has_news) = screens(cx.view);
    let pages = (services.len() + usize::from(has_news)).max(1);
    let at = usize::from(screen(cx.view, wanted));
    let lead = Lead::of(cx);
    let mut html = Html::default();
    html.raw("<main>");
    top(&mut html, cx, at, pages);
    lead.write(&mut html);
    match services.get(at) {
        Some(services) => tiles(&mut html, cx, services),
        None if has_news => page::news(&mut html, cx),
        None => {}
    }
    html.raw("</main>");
    let next = u16::try_from((at + 1) % pages).unwrap_or_default();
    (document(cx, &lead, html), refresh(cx.reading, next))
}

fn refresh(reading: &Reading, next: u16) -> String {
    let href = reading.href(reading.language, &reading.zone, Kind::Kiosk(next));
    format!("{STAYS_S}; url={href}")
}

fn top(html: &mut Html, cx: &Cx<'_>, at: usize, pages: usize) {
    html.raw(r#"<header class="top"><p><b><bdi>"#)
        .text(&cx.view.title)
        .raw("</bdi></b><bdi>")
        .text(&cx.view.about)
        .raw("</bdi></p>");
    if pages > 1 {
        html.raw("<p>")
            .text(fill(cx.words.page_of, &[("n", &(at + 1)), ("all", &pages)]))
            .raw("</p>");
    }
    html.raw("<p>").text(cx.words.updated).raw(" ");
    page::updated(html, cx);
    html.raw("</p></header>");
}

fn tiles(html: &mut Html, cx: &Cx<'_>, services: &[ServiceView]) {
    html.raw(r#"<section class="tiles">"#);
    for service in services {
        let glyph = glyph_of(service);
        html.raw(r#"<article class="tile "#).raw(glyph.name());
        html.raw(r#""><div><h2><bdi>"#)
            .text(&service.name)
            .raw("</bdi></h2>");
        if let Some(times) = &service.availability {
            html.raw(r#"<p class="pc">"#)
                .text(figures::available(&times.quarter, cx.words))
                .raw("</p>");
        }
        html.raw(r#"</div><p class="st "#).raw(glyph.name()).raw(r#"">"#);
        icon(html, glyph);
        html.raw("<span>");
        page::said(html, cx, service);
        html.raw("</span></p>");
        if let Some(times) = &service.availability {
            bars(html, cx, service, times);
        }
        html.raw("</article>");
    }
    html.raw("</section>");
}
