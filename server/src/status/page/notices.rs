//! Incidents and maintenance: what matters now stands above the services, the rest below.
use wxa_model::status::{
    IncidentStage,
    view::{IncidentView, MaintenanceView, UpdateView},
};

use super::{Cx, Glyph, icon};
use crate::status::{figures, html::Html, words::fill};

/// What is open or under way.
pub(super) fn now(html: &mut Html, cx: &Cx<'_>) {
    for incident in cx.open() {
        html.raw(r#"<section class="card bad"><h2>"#);
        icon(html, Glyph::Warn);
        with_moment(html, cx, cx.words.incident_open, incident.began_at);
        html.raw(r#"</h2><h3><bdi>"#)
            .text(&incident.title)
            .raw("</bdi></h3>");
        touches(html, cx, &incident.services);
        updates(html, cx, &incident.updates);
        html.raw("</section>");
    }
    for work in cx.under_way() {
        html.raw(r#"<section class="card wk"><h2>"#);
        icon(html, Glyph::Work);
        with_moment(html, cx, cx.words.maintenance_now, work.until);
        html.raw(r#"</h2><h3><bdi>"#).text(&work.title).raw("</bdi></h3>");
        body(html, cx, work);
        html.raw("</section>");
    }
}

/// What is open, under way or to come, each with no more than its latest word.
pub(super) fn latest(html: &mut Html, cx: &Cx<'_>) {
    for incident in cx.open() {
        html.raw(r#"<section class="card bad"><h2>"#);
        icon(html, Glyph::Warn);
        with_moment(html, cx, cx.words.incident_open, incident.began_at);
        html.raw(r#"</h2><h3><bdi>"#)
            .text(&incident.title)
            .raw("</bdi></h3>");
        if let Some(update) = incident.updates.first() {
            html.raw("<p>");
            cx.clock.element(html, update.at, &cx.clock.moment(update.at));
            html.raw(" <bdi>").text(&update.text).raw("</bdi></p>");
        }
        html.raw("</section>");
    }
    for work in &cx.view.maintenance {
        html.raw(r#"<section class="card wk"><h2>"#);
        icon(html, Glyph::Work);
        html.raw("<span>").text(cx.words.state_maintenance).raw(": ");
        range(html, cx, work.from, work.until);
        html.raw(r#"</span></h2><h3><bdi>"#)
            .text(&work.title)
            .raw("</bdi></h3>");
        if !work.text.is_empty() {
            html.raw("<p><bdi>").text(&work.text).raw("</bdi></p>");
        }
        html.raw("</section>");
    }
}

/// What is to come, and what is over.
pub(super) fn other(html: &mut Html, cx: &Cx<'_>) {
    let planned: Vec<&MaintenanceView> = cx
        .view
        .maintenance
        .iter()
        .filter(|work| work.from > cx.view.updated_at)
        .collect();
    let past: Vec<(&IncidentView, wxa_model::UnixMillis)> = cx
        .view
        .incidents
        .iter()
        .filter_map(|incident| Some((incident, incident.ended_at?)))
        .collect();
    if planned.is_empty() && past.is_empty() {
        return;
    }
    html.raw(r#"<div class="duo">"#);
    if !planned.is_empty() {
        html.raw("<section><h2>")
            .text(cx.words.maintenance_planned)
            .raw("</h2>");
        for work in planned {
            html.raw(r#"<div class="card"><h3><bdi>"#)
                .text(&work.title)
                .raw(r#"</bdi></h3><p class="when">"#);
            range(html, cx, work.from, work.until);
            html.raw("</p>");
            body(html, cx, work);
            html.raw("</div>");
        }
        html.raw("</section>");
    }
    if !past.is_empty() {
        html.raw("<section><h2>")
            .text(cx.words.incidents_past)
            .raw("</h2>");
        for (incident, ended_at) in past {
            over(html, cx, incident, ended_at);
        }
        html.raw("</section>");
    }
    html.raw("</div>");
}

fn over(html: &mut Html, cx: &Cx<'_>, incident: &IncidentView, ended_at: wxa_model::UnixMillis) {
    html.raw(r#"<details class="past"><summary><b><bdi>"#)
        .text(&incident.title)
        .raw("</bdi></b><span>");
    range(html, cx, incident.began_at, ended_at);
    let took = ended_at.0.saturating_sub(incident.began_at.0);
    html.raw(" (")
        .text(figures::duration(took, cx.words))
        .raw(")</span>");
    icon(html, Glyph::More);
    html.raw("</summary>");
    touches(html, cx, &incident.services);
    updates(html, cx, &incident.updates);
    html.raw("</details>");
}

fn body(html: &mut Html, cx: &Cx<'_>, work: &MaintenanceView) {
    if !work.text.is_empty() {
        html.raw(r#"<p class="txt"><bdi>"#)
            .text(&work.text)
            .raw("</bdi></p>");
    }
    touches(html, cx, &work.services);
}

fn touches(html: &mut Html, cx: &Cx<'_>, services: &[String]) {
    if services.is_empty() {
        return;
    }
    let names = services.join(", ");
    html.raw(r#"<p class="note">"#)
        .text(fill(cx.words.touches, &[("names", &names)]))
        .raw("</p>");
}

fn updates(html: &mut Html, cx: &Cx<'_>, updates: &[UpdateView]) {
    if updates.is_empty() {
        return;
    }
    html.raw("<ol>");
    for update in updates {
        html.raw("<li>");
        cx.clock.element(html, update.at, &cx.clock.moment(update.at));
        html.raw("<p><b");
        if update.stage == IncidentStage::Resolved {
            html.raw(r#" class="ok""#);
        }
        html.raw(">").text(cx.words.stage(update.stage)).raw("</b> <bdi>");
        html.text(&update.text).raw("</bdi></p></li>");
    }
    html.raw("</ol>");
}

/// From when to when.
pub(in crate::status) fn range(
    html: &mut Html,
    cx: &Cx<'_>,
    from: wxa_model::UnixMillis,
    until: wxa_model::UnixMillis,
) {
    let (begin, end) = cx.clock.range(from, until);
    cx.clock.element(html, from, &begin);
    html.raw(" ").text(cx.words.to).raw(" ");
    cx.clock.element(html, until, &end);
}

/// A sentence with `{at}` in it.
pub(in crate::status) fn with_moment(html: &mut Html, cx: &Cx<'_>, text: &str, at: wxa_model::UnixMillis) {
    let (before, after) = text.split_once("{at}").unwrap_or((text, ""));
    html.raw("<span>").text(before);
    cx.clock.element(html, at, &cx.clock.moment(at));
    html.text(after).raw("</span>");
}
