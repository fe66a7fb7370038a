//! The document around a page, its icons, and the line on top.
use wxa_model::status::view::{ServiceView, Trouble};

use super::{Cx, Lead, lead};
use crate::status::{
    html::Html,
    reading::{Exports, Kind, Reload},
    sheet,
};

/// A sign; never without the word beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::status) enum Glyph {
    Ok,
    Warn,
    Down,
    Unknown,
    Work,
    Site,
    More,
    Stop,
    Go,
}

impl Glyph {
    const ALL: [Self; 9] = [
        Self::Ok,
        Self::Warn,
        Self::Down,
        Self::Unknown,
        Self::Work,
        Self::Site,
        Self::More,
        Self::Stop,
        Self::Go,
    ];

    /// Also the class that has its colour.
    pub(in crate::status) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Down => "down",
            Self::Unknown => "unk",
            Self::Work => "work",
            Self::Site => "site",
            Self::More => "more",
            Self::Stop => "stop",
            Self::Go => "go",
        }
    }

    /// In a square of 16.
    pub(in crate::status) fn path(self) -> &'static str {
        match self {
            Self::Ok => "m3.5 8.5 3 3 6-7",
            Self::Warn => "M8 2.5 14 13H2zM8 6.5v3M8 11.3h.01",
            Self::Down => "m4.5 4.5 7 7m0-7-7 7",
            Self::Unknown => "M5.7 6c0-3.2 4.6-3.2 4.6 0 0 1.9-2.3 2-2.3 3.9M8 12.6h.01",
            Self::Work => {
                "M9.3 6.7a3.3 3.3 0 0 1 4.2-4.2l-2 2 1 1 2-2a3.3 3.3 0 0 1-4.2 4.2l-5.5 5.5a1.4 1.4 0 0 1-2-2z"
            }
            Self::Site => "M2.5 13.5v-8L8 2.5l5.5 3v8M6 13.5V10h4v3.5",
            Self::More => "m4 6 4 4 4-4",
            Self::Stop => "M6 4v8M10 4v8",
            Self::Go => "M5.5 3.5v9l7-4.5z",
        }
    }
}

/// An icon from the document's own set.
pub(in crate::status) fn icon(html: &mut Html, glyph: Glyph) {
    html.raw(r##"<svg class="i" aria-hidden="true"><use href="#"##)
        .raw(glyph.name())
        .raw(r#""/></svg>"#);
}

/// How a service is, as a sign.
pub(in crate::status) fn glyph_of(service: &ServiceView) -> Glyph {
    Trouble::of(service).map_or(Glyph::Ok, lead::glyph)
}

/// The whole document around `body`. Its title and icon say the state too: they are what a tab shows.
pub(in crate::status) fn document(cx: &Cx<'_>, lead: &Lead, body: Html) -> String {
    let (view, reading) = (cx.view, cx.reading);
    let is_kiosk = matches!(reading.kind, Kind::Kiosk(_));
    let mut html = Html::default();
    html.raw(r#"<!doctype html><html lang=""#)
        .raw(reading.language.tag());
    html.raw(if is_kiosk { r#"" class="k">"# } else { r#"">"# });
    html.raw(
        r#"<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">"#,
    );
    html.raw(r#"<meta name="robots" content="noindex,nofollow"><meta name="color-scheme" content="light dark"><title>"#);
    html.text(&view.title).raw(": ").text(lead.headline());
    html.raw(r#"</title><link rel="icon" href=""#)
        .raw(&favicon(lead.glyph()));
    if !is_kiosk && reading.exports == Exports::There {
        html.raw(r#""><link rel="alternate" type="application/atom+xml" href=""#)
            .text(&reading.path)
            .raw("/feed.atom");
    }
    html.raw(r#""><style>"#).raw(sheet::text(reading.kind));
    html.raw("</style></head><body>");
    symbols(&mut html);
    html.raw(&body.into_string()).raw("</body></html>");
    html.into_string()
}

/// The page's icons, and the hatching of what is not known.
fn symbols(html: &mut Html) {
    html.raw(r#"<svg class="defs" width="0" height="0" aria-hidden="true">"#);
    for glyph in Glyph::ALL {
        html.raw(r#"<symbol id=""#).raw(glyph.name());
        html.raw(r#"" viewBox="0 0 16 16"><path d=""#).raw(glyph.path());
        html.raw(r#""/></symbol>"#);
    }
    html.raw(concat!(
        r#"<pattern id="hx" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
        r#"<path class="hxb" d="M0 0h5v5H0z"/><path class="hxl" d="M0 0v5"/></pattern></svg>"#,
    ));
}

/// An icon in the address bar that says the state; inside the document, so that it costs no request.
fn favicon(glyph: Glyph) -> String {
    let colour = match glyph {
        Glyph::Ok => "12693a",
        Glyph::Down => "b0202b",
        Glyph::Work => "0a5aab",
        Glyph::Unknown => "66583a",
        _ => "7d4b00",
    };
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' \
         rx='4' fill='%23{colour}'/%3E%3Cpath d='{}' fill='none' stroke='%23fff' stroke-width='2' stroke-linecap='round' \
         stroke-linejoin='round'/%3E%3C/svg%3E",
        glyph.path()
    )
}

/// Whose page it is, and how old.
pub(super) fn line(html: &mut Html, cx: &Cx<'_>) {
    html.raw(r#"<header class="org">"#);
    icon(html, Glyph::Site);
    html.raw("<p><b><bdi>").text(&cx.view.title).raw("</bdi></b> ");
    if !cx.view.about.is_empty() {
        html.raw("<bdi>").text(&cx.view.about).raw("</bdi>");
    }
    html.raw(r#"</p><p class="age">"#).text(cx.words.updated).raw(" ");
    updated(html, cx);
    let reading = cx.reading;
    let (label, glyph, to) = match reading.kind {
        Kind::Page(Reload::Never) => (cx.words.reload_start, Glyph::Go, Reload::EveryMinute),
        _ => (cx.words.reload_stop, Glyph::Stop, Reload::Never),
    };
    let href = reading.href(reading.language, &reading.zone, Kind::Page(to));
    html.raw(r#" <a class="rl" href=""#).text(href);
    html.raw(r#"" title=""#)
        .text(label)
        .raw(r#"" aria-label=""#)
        .text(label);
    html.raw(r#"">"#);
    icon(html, glyph);
    html.raw("</a></p></header>");
}

/// When the view was put together, with the zone.
pub(in crate::status) fn updated(html: &mut Html, cx: &Cx<'_>) {
    let at = cx.view.updated_at;
    let text = format!("{} {}", cx.clock.time_s(at), cx.clock.zone.short(at));
    cx.clock.element(html, at, &text);
}
