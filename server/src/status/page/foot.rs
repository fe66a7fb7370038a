//! When this was, in which zone, until when the link is good, and the other forms of the page.
use wxa_model::status::Language;

use super::Cx;
use crate::status::{
    html::Html,
    page::notices::with_moment,
    reading::{Exports, Kind, Reload},
    when::Zone,
    words::{fill, own_name},
};

/// The last lines.
pub(super) fn foot(html: &mut Html, cx: &Cx<'_>) {
    let (words, reading, at) = (cx.words, cx.reading, cx.view.updated_at);
    html.raw(r#"<footer><p>"#).text(words.updated).raw(" ");
    cx.clock.element(html, at, &cx.clock.in_full(at));
    html.raw(r#"<span class="scr"> · "#);
    html.text(match reading.kind {
        Kind::Page(Reload::Never) => words.reloads_not,
        _ => words.reloads,
    });
    html.raw("</span><br>");
    let zone = reading.zone.in_full(at);
    html.text(fill(words.times_in, &[("zone", &zone)]));
    if let Some(until) = reading.valid_until {
        html.raw("<br>");
        with_moment(html, cx, words.valid_until, until);
    }
    html.raw(r#"</p><nav aria-label=""#)
        .text(words.forms)
        .raw(r#"">"#);
    zones(html, cx);
    for language in Language::ALL
        .into_iter()
        .filter(|other| *other != reading.language)
    {
        html.raw(r#"<a hreflang=""#).raw(language.tag());
        html.raw(r#"" lang=""#).raw(language.tag()).raw(r#"" href=""#);
        html.text(reading.href(language, &reading.zone, reading.kind));
        html.raw(r#"">"#).raw(own_name(language)).raw("</a>");
    }
    let wall = reading.href(reading.language, &reading.zone, Kind::Kiosk(0));
    html.raw(r#"<a href=""#)
        .text(wall)
        .raw(r#"">"#)
        .text(words.kiosk)
        .raw("</a>");
    let exports = [("feed.atom", words.feed), ("status.json", "JSON")];
    let there = exports.into_iter().filter(|_| reading.exports == Exports::There);
    for (name, label) in there {
        html.raw(r#"<a href=""#).text(&reading.path).raw("/").raw(name);
        html.raw(r#"">"#).text(label).raw("</a>");
    }
    html.raw("</nav></footer>");
}

/// To UTC, or back to the page's own zone.
fn zones(html: &mut Html, cx: &Cx<'_>) {
    let reading = cx.reading;
    let is_own = reading.zone.name() == reading.own_zone.name();
    let (zone, label) = if is_own {
        if reading.own_zone.name() == "UTC" {
            return;
        }
        (Zone::utc(), cx.words.in_utc.to_owned())
    } else {
        let name = reading.own_zone.name();
        (
            reading.own_zone.clone(),
            fill(cx.words.in_own_zone, &[("zone", &name)]),
        )
    };
    html.raw(r#"<a href=""#)
        .text(reading.href(reading.language, &zone, reading.kind));
    html.raw(r#"">"#).text(label).raw("</a>");
}
