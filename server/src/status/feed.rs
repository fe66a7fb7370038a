//! Incidents and maintenance as an Atom feed (RFC 4287): one entry each, changed when something is told.
use uuid::Uuid;
use wxa_model::{UnixMillis, status::view::IncidentView};

use super::{
    html::Html,
    page::{Cx, Lead},
    words::fill,
};

/// The feed.
pub(super) fn feed(cx: &Cx<'_>) -> String {
    let view = cx.view;
    let told = view.incidents.iter().map(changed_at);
    let planned = view.maintenance.iter().map(|work| work.told_at);
    // Of what was told, not of when it was asked: a feed without news stays the same.
    let newest = told.chain(planned).filter(|at| *at <= view.updated_at).max();
    let mut xml = Html::default();
    xml.raw(r#"<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang=""#);
    xml.raw(cx.reading.language.tag()).raw(r#""><id>"#);
    xml.raw(&id(&[&cx.reading.path])).raw("</id><title>");
    xml.text(&view.title).raw("</title>");
    if let Some(at) = newest {
        updated(&mut xml, cx, at);
    } else {
        updated(&mut xml, cx, UnixMillis(0));
    }
    link(&mut xml, cx, "self", "/feed.atom");
    link(&mut xml, cx, "alternate", "");
    xml.raw("<author><name>")
        .text(&view.title)
        .raw("</name></author>");
    xml.raw("<subtitle>")
        .text(Lead::of(cx).headline())
        .raw("</subtitle>");
    for incident in &view.incidents {
        entry(&mut xml, cx, incident);
    }
    for work in &view.maintenance {
        xml.raw("<entry><id>");
        xml.raw(&id(&[&cx.reading.path, "maintenance", &work.key]));
        xml.raw("</id><title>")
            .text(cx.words.state_maintenance)
            .raw(": ")
            .text(&work.title)
            .raw("</title>");
        updated(&mut xml, cx, work.told_at);
        link(&mut xml, cx, "alternate", "");
        let (begin, end) = cx.clock.range(work.from, work.until);
        xml.raw("<content>")
            .text(begin)
            .raw(" ")
            .text(cx.words.to)
            .raw(" ");
        xml.text(end)
            .raw(" (")
            .text(cx.clock.zone.short(work.from))
            .raw(")");
        if !work.text.is_empty() {
            xml.raw("\n").text(&work.text);
        }
        touches(&mut xml, cx, &work.services);
        xml.raw("</content></entry>");
    }
    xml.raw("</feed>");
    xml.into_string()
}

fn entry(xml: &mut Html, cx: &Cx<'_>, incident: &IncidentView) {
    xml.raw("<entry><id>");
    // By what does not change as it goes on.
    xml.raw(&id(&[&cx.reading.path, "incident", &incident.key]));
    xml.raw("</id><title>").text(&incident.title).raw("</title>");
    updated(xml, cx, changed_at(incident));
    xml.raw("<published>")
        .text(cx.clock.machine(incident.began_at))
        .raw("</published>");
    link(xml, cx, "alternate", "");
    xml.raw("<content>");
    for update in &incident.updates {
        xml.text(cx.clock.moment(update.at)).raw(" ");
        xml.text(cx.clock.zone.short(update.at)).raw(" · ");
        xml.text(cx.words.stage(update.stage)).raw(": ");
        xml.text(&update.text).raw("\n");
    }
    touches(xml, cx, &incident.services);
    xml.raw("</content></entry>");
}

fn touches(xml: &mut Html, cx: &Cx<'_>, services: &[String]) {
    if !services.is_empty() {
        let names = services.join(", ");
        xml.raw("\n").text(fill(cx.words.touches, &[("names", &names)]));
    }
}

/// When something was last told of it.
fn changed_at(incident: &IncidentView) -> UnixMillis {
    let told = incident.updates.iter().map(|update| update.at).max();
    let told = told.unwrap_or(incident.began_at);
    incident.ended_at.map_or(told, |ended| told.max(ended))
}

fn updated(xml: &mut Html, cx: &Cx<'_>, at: UnixMillis) {
    xml.raw("<updated>").text(cx.clock.machine(at)).raw("</updated>");
}

fn link(xml: &mut Html, cx: &Cx<'_>, rel: &str, tail: &str) {
    xml.raw(r#"<link rel=""#).raw(rel).raw(r#"" href=""#);
    xml.text(&cx.reading.origin)
        .text(&cx.reading.path)
        .raw(tail)
        .raw(r#""/>"#);
}

/// A lasting name that tells nothing.
fn id(of: &[&str]) -> String {
    let uuid = Uuid::new_v5(&Uuid::NAMESPACE_URL, of.join("\u{0}").as_bytes());
    format!("urn:uuid:{uuid}")
}
