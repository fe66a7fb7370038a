//! What is folded away behind each service: its parts, its figures as times, the days that were not all well.
use wxa_model::status::{
    Availability, Standing,
    view::{AvailabilityView, ServiceView},
};

use super::{
    Cx, Glyph,
    bars::{Day, days},
    icon,
};
use crate::status::{figures, html::Html, words::fill};

/// So many days, or runs of days, are told one by one.
const MOST: usize = 12;

/// Nothing where there is nothing more to tell.
pub(super) fn more(html: &mut Html, cx: &Cx<'_>, service: &ServiceView) {
    if service.availability.is_none() && service.members.is_empty() {
        return;
    }
    let label = fill(cx.words.more, &[("name", &service.name)]);
    html.raw(r#"<details><summary title=""#).text(&label);
    html.raw(r#"" aria-label=""#).text(&label).raw(r#"">"#);
    icon(html, Glyph::More);
    html.raw(r#"</summary><div class="more">"#);
    if let Some(times) = &service.availability {
        table(html, cx, times);
        troubles(html, cx, times);
    }
    parts(html, cx, service);
    html.raw("</div></details>");
}

fn parts(html: &mut Html, cx: &Cx<'_>, service: &ServiceView) {
    if service.members.is_empty() {
        return;
    }
    html.raw("<div><h4>")
        .text(cx.words.parts)
        .raw(r#"</h4><ul class="parts">"#);
    for member in &service.members {
        let glyph = match member.standing {
            Standing::Up => Glyph::Ok,
            Standing::Degraded => Glyph::Warn,
            Standing::Down => Glyph::Down,
            Standing::Unknown => Glyph::Unknown,
        };
        html.raw(r#"<li><bdi>"#)
            .text(&member.name)
            .raw(r#"</bdi> <span class="st "#);
        html.raw(glyph.name()).raw(r#"">"#);
        icon(html, glyph);
        html.text(cx.words.standing(member.standing)).raw("</span></li>");
    }
    if service.more_members > 0 {
        html.raw("<li>")
            .text(fill(cx.words.more_parts, &[("n", &service.more_members)]))
            .raw("</li>");
    }
    html.raw("</ul></div>");
}

/// The parts of a time that are not just up, with their names.
fn columns(cx: &Cx<'_>, time: &Availability) -> [(&'static str, u64); 4] {
    let words = cx.words;
    [
        (words.state_down, time.down_ms),
        (words.state_degraded, time.degraded_ms),
        (words.state_maintenance, time.maintenance_ms),
        (words.state_unknown, time.unknown_ms),
    ]
}

/// The figures as times: only the columns that say something.
fn table(html: &mut Html, cx: &Cx<'_>, times: &AvailabilityView) {
    let spans = [&times.day, &times.week, &times.month, &times.quarter];
    let shown: Vec<usize> = (0..4)
        .filter(|at| {
            spans
                .iter()
                .any(|time| columns(cx, time).get(*at).is_some_and(|(_, ms)| *ms > 0))
        })
        .collect();
    html.raw(r#"<table><thead><tr><th scope="col">"#)
        .text(cx.words.time_span);
    html.raw(r#"</th><th scope="col">"#)
        .text(cx.words.available)
        .raw("</th>");
    for (name, _) in shown
        .iter()
        .filter_map(|at| columns(cx, &times.quarter).get(*at).copied())
    {
        html.raw(r#"<th scope="col">"#).text(name).raw("</th>");
    }
    html.raw("</tr></thead><tbody>");
    for (name, time) in cx.words.spans_in_full.into_iter().zip(spans) {
        html.raw(r#"<tr><th scope="row">"#).text(name).raw("</th><td>");
        html.text(figures::available(time, cx.words)).raw("</td>");
        for (_, ms) in shown.iter().filter_map(|at| columns(cx, time).get(*at).copied()) {
            let text = if ms == 0 {
                figures::NONE.to_owned()
            } else {
                figures::duration(ms, cx.words)
            };
            html.raw("<td>").text(text).raw("</td>");
        }
        html.raw("</tr>");
    }
    html.raw("</tbody></table>");
}

/// The days that were not all well, latest first. Days of which nothing is known are told as one run.
fn troubles(html: &mut Html, cx: &Cx<'_>, times: &AvailabilityView) {
    let days: Vec<(usize, &Availability)> = days(times).rev().collect();
    let mut runs: Vec<&[(usize, &Availability)]> = Vec::new();
    for run in days.chunk_by(|(_, a), (_, b)| Day::of(a) == Day::Unknown && Day::of(b) == Day::Unknown) {
        if run.first().is_some_and(|(_, time)| Day::of(time) != Day::Good) {
            runs.push(run);
        }
    }
    if runs.is_empty() {
        return;
    }
    html.raw("<div><h4>")
        .text(cx.words.days_with_trouble)
        .raw(r#"</h4><ul class="tr">"#);
    for run in runs.iter().take(MOST) {
        let (Some((latest, time)), Some((earliest, _))) = (run.first(), run.last()) else {
            continue;
        };
        html.raw("<li><span>").text(cx.day(*earliest));
        if earliest != latest {
            html.raw(" ").text(cx.words.to).raw(" ").text(cx.day(*latest));
        }
        html.raw("</span> ").text(told(cx, time)).raw("</li>");
    }
    let left = runs.iter().skip(MOST).map(|run| run.len()).sum::<usize>();
    if left > 0 {
        html.raw("<li>")
            .text(fill(cx.words.earlier_days, &[("n", &left)]))
            .raw("</li>");
    }
    html.raw("</ul></div>");
}

/// What was not well in a time: `down 14 min, limited 2 h`.
pub(super) fn told(cx: &Cx<'_>, time: &Availability) -> String {
    if Day::of(time) == Day::Unknown {
        return cx.words.all_day_unknown.to_owned();
    }
    let parts: Vec<String> = columns(cx, time)
        .into_iter()
        .filter(|(_, ms)| *ms > 0)
        .map(|(name, ms)| format!("{name} {}", figures::duration(ms, cx.words)))
        .collect();
    parts.join(", ")
}
