//! The services: how each is, its ninety days, its figures.
use wxa_model::status::{
    Availability, Standing,
    view::{AvailabilityView, ServiceView},
};

use super::{Cx, bars, glyph_of, icon, more};
use crate::status::{figures, html::Html, words::fill};

/// All of them; nothing when there are none.
pub(super) fn list(html: &mut Html, cx: &Cx<'_>) {
    let services = &cx.view.services;
    if services.is_empty() {
        return;
    }
    let has_figures = services.iter().any(|service| service.availability.is_some());
    html.raw(r#"<section class="svcs"><div class="cols"><h2>"#)
        .text(cx.words.services)
        .raw("</h2>");
    if has_figures {
        html.raw(r#"<p class="fig" aria-hidden="true">"#);
        for span in cx.words.spans {
            html.raw("<span>").text(span).raw("</span>");
        }
        html.raw("</p>");
    }
    html.raw("</div><ul>");
    for service in services {
        one(html, cx, service);
    }
    html.raw("</ul>");
    if has_figures {
        legend(html, cx);
    }
    html.raw("</section>");
}

fn one(html: &mut Html, cx: &Cx<'_>, service: &ServiceView) {
    html.raw(r#"<li class="svc"><div class="who"><h3><bdi>"#)
        .text(&service.name)
        .raw("</bdi></h3>");
    state(html, cx, service);
    html.raw("</div>");
    if let Some(times) = &service.availability {
        bars(html, cx, service, times);
        shares(html, cx, times);
    }
    if !service.about.is_empty() {
        html.raw(r#"<p class="note"><bdi>"#)
            .text(&service.about)
            .raw("</bdi></p>");
    }
    more::more(html, cx, service);
    html.raw("</li>");
}

/// Sign, word, and since when where it is not well.
fn state(html: &mut Html, cx: &Cx<'_>, service: &ServiceView) {
    let glyph = glyph_of(service);
    html.raw(r#"<p class="st "#).raw(glyph.name()).raw(r#"">"#);
    icon(html, glyph);
    html.raw("<span>");
    said(html, cx, service);
    html.raw("</span></p>");
}

/// How it is, in words.
pub(in crate::status) fn said(html: &mut Html, cx: &Cx<'_>, service: &ServiceView) {
    let words = cx.words;
    if service.in_maintenance {
        html.text(words.state_maintenance).raw(": ");
    }
    let span = service
        .since
        .map(|since| figures::duration(cx.view.updated_at.0.saturating_sub(since.0), words));
    match (service.standing, service.since, span) {
        (Standing::Up, _, _) => {
            html.text(words.state_up);
        }
        (Standing::Unknown, None, _) => {
            html.text(words.no_word_yet);
        }
        (Standing::Unknown, Some(since), Some(span)) => {
            sentence(html, cx, words.no_word_since, since, &span);
        }
        (standing, Some(since), Some(span)) => {
            html.text(words.standing(standing)).raw(" ");
            sentence(html, cx, words.since, since, &span);
        }
        (standing, _, _) => {
            html.text(words.standing(standing));
        }
    }
    if let Some((up, all)) = parts(service).filter(|(up, all)| up < all) {
        html.raw("<br>")
            .text(fill(words.parts_work, &[("n", &up), ("all", &all)]));
    }
}

/// How many parts work, of how many; none where that is not known.
fn parts(service: &ServiceView) -> Option<(usize, usize)> {
    let more = usize::try_from(service.more_members).ok()?;
    let of = |standing| {
        service
            .members
            .iter()
            .filter(|member| member.standing == standing)
            .count()
    };
    let up = of(Standing::Up);
    // The worst are named: when one of them works, so do those that are not.
    let is_known = of(Standing::Unknown) == 0 && (more == 0 || up > 0);
    is_known.then(|| (up + more, service.members.len() + more))
}

/// A sentence with a moment in it: `since {at} ({span})`.
fn sentence(html: &mut Html, cx: &Cx<'_>, text: &str, at: wxa_model::UnixMillis, span: &str) {
    let (before, after) = text.split_once("{at}").unwrap_or((text, ""));
    html.text(before);
    cx.clock.element(html, at, &cx.clock.moment(at));
    html.text(fill(after, &[("span", &span)]));
}

/// The four figures.
fn shares(html: &mut Html, cx: &Cx<'_>, times: &AvailabilityView) {
    html.raw(r#"<dl class="fig">"#);
    for (name, time) in named(cx, times) {
        html.raw("<div><dt>").text(name).raw("</dt><dd");
        if time.down_ms > 0 {
            html.raw(r#" class="lo""#);
        }
        html.raw(">").text(figures::available(time, cx.words));
        if let Some(share) = figures::unknown(time, cx.words).filter(|_| figures::unknown_matters(time)) {
            html.raw(" <small>")
                .text(fill(cx.words.share_unknown, &[("share", &share)]))
                .raw("</small>");
        }
        html.raw("</dd></div>");
    }
    html.raw("</dl>");
}

fn named<'a>(
    cx: &Cx<'_>,
    times: &'a AvailabilityView,
) -> impl Iterator<Item = (&'static str, &'a Availability)> {
    let all = [&times.day, &times.week, &times.month, &times.quarter];
    cx.words.spans.into_iter().zip(all)
}

fn legend(html: &mut Html, cx: &Cx<'_>) {
    let words = cx.words;
    html.raw(r#"<p class="legend">"#);
    let is_maintained = cx.view.services.iter().any(|service| {
        let times = service.availability.as_ref();
        times.is_some_and(|times| times.quarter.maintenance_ms > 0)
    });
    let kinds = [
        (r#"class="ok""#, words.state_up, true),
        (r#"class="dg""#, words.state_degraded, true),
        (r#"class="dn""#, words.state_down, true),
        (r#"class="mt""#, words.state_maintenance, is_maintained),
        (r##"fill="url(#hx)""##, words.legend_unknown, true),
    ];
    for (look, word, _) in kinds.into_iter().filter(|(_, _, is_there)| *is_there) {
        html.raw(r#"<span><svg aria-hidden="true"><rect "#).raw(look);
        html.raw(r#" width="10" height="14"/></svg>"#)
            .text(word)
            .raw("</span>");
    }
    html.raw(r#"<span class="end">"#)
        .text(words.legend_days)
        .raw("</span></p>");
}
