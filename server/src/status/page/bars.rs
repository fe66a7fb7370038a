//! Ninety days as bars, and in words for those who do not see them.
use wxa_model::status::{
    Availability,
    view::{AvailabilityView, ServiceView},
};

use super::Cx;
use crate::status::{figures, html::Html, words::fill};

/// How many days are drawn.
const DAYS: usize = 90;
/// The width of a day with the gap after it, and the height of all.
const STEP: usize = 5;
const HEIGHT: f64 = 24.0;
/// What happened at all is at least so high: a short outage is not to be overlooked.
const LEAST: f64 = 8.0;

/// A day, as far as it differs from a good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::status) enum Day {
    /// Up as long as it was known, and nearly all of it was.
    Good,
    /// Something was not well, or not known.
    Mixed,
    /// Nothing is known.
    Unknown,
}

impl Day {
    /// What kind of day it was.
    pub(in crate::status) fn of(time: &Availability) -> Self {
        let trouble = time.down_ms > 0 || time.degraded_ms > 0 || time.maintenance_ms > 0;
        if time.unknown_ms == time.all_ms() {
            Self::Unknown
        } else if trouble || time.unknown_ms.saturating_mul(100) >= time.all_ms() {
            Self::Mixed
        } else {
            Self::Good
        }
    }
}

/// The last days that are drawn, oldest first, each with how many days ago it was.
pub(in crate::status) fn days(
    times: &AvailabilityView,
) -> impl DoubleEndedIterator<Item = (usize, &Availability)> {
    let skip = times.days.len().saturating_sub(DAYS);
    let shown = times.days.get(skip..).unwrap_or_default();
    shown
        .iter()
        .enumerate()
        .map(move |(at, time)| (shown.len() - 1 - at, time))
}

/// The drawing.
pub(in crate::status) fn bars(html: &mut Html, cx: &Cx<'_>, service: &ServiceView, times: &AvailabilityView) {
    html.raw(r#"<svg class="days" viewBox="0 0 450 24" preserveAspectRatio="none" role="img" aria-label=""#);
    html.text(in_words(cx, service, times)).raw(r#"">"#);
    let drawn: Vec<(usize, &Availability)> = days(times)
        .filter_map(|(ago, time)| Some((DAYS.checked_sub(ago + 1)? * STEP, time)))
        .collect();
    let mut good = String::new();
    for run in drawn.chunk_by(|(_, a), (_, b)| Day::of(a) == Day::of(b)) {
        let Some((x, time)) = run.first().copied() else {
            continue;
        };
        let width = run.len() * STEP - 1;
        match Day::of(time) {
            Day::Good => good += &format!("M{x} 12h{width}"),
            Day::Unknown => {
                html.raw(&format!(
                    r##"<rect x="{x}" width="{width}" height="24" fill="url(#hx)"/>"##
                ));
            }
            Day::Mixed => run.iter().for_each(|(x, time)| mixed(html, cx, *x, time)),
        }
    }
    if !good.is_empty() {
        html.raw(r#"<path class="up" d=""#).raw(&good).raw(r#""/>"#);
    }
    html.raw("</svg>");
}

/// A day in its parts: what was worst at the bottom, what was well on top.
fn mixed(html: &mut Html, cx: &Cx<'_>, x: usize, time: &Availability) {
    let ago = (DAYS - 1).saturating_sub(x / STEP);
    let day = cx.day(ago);
    html.raw("<g><title>").text(day).raw(": ");
    html.text(super::more::told(cx, time)).raw("</title>");
    let all = time.all_ms().max(1) as f64;
    let parts = [
        (r#"class="dn""#, time.down_ms),
        (r#"class="dg""#, time.degraded_ms),
        (r#"class="mt""#, time.maintenance_ms),
        (r##"fill="url(#hx)""##, time.unknown_ms),
        (r#"class="ok""#, time.up_ms),
    ];
    let heights: Vec<(&str, f64)> = parts
        .into_iter()
        .filter(|(_, ms)| *ms > 0)
        .map(|(look, ms)| (look, (ms as f64 / all * HEIGHT).max(LEAST)))
        .collect();
    let scale = HEIGHT / heights.iter().map(|(_, height)| height).sum::<f64>();
    let mut bottom = HEIGHT;
    for (look, height) in heights {
        let top = (bottom - height * scale).round().max(0.0);
        // A line between parts, so that they differ by more than their colour.
        let gap = if top > 0.0 { 1.0 } else { 0.0 };
        html.raw(&format!(
            r#"<rect {look} x="{x}" y="{}" width="4" height="{}"/>"#,
            top + gap,
            (bottom - top - gap).max(1.0)
        ));
        bottom = top;
    }
    html.raw("</g>");
}

/// What the bars say.
fn in_words(cx: &Cx<'_>, service: &ServiceView, times: &AvailabilityView) -> String {
    let words = cx.words;
    let share = figures::available(&times.quarter, words);
    if share == figures::NONE {
        return fill(words.bars_none, &[("name", &service.name)]);
    }
    let mut said = fill(words.bars, &[("name", &service.name), ("share", &share)]);
    let troubles = days(times)
        .filter(|(_, time)| time.down_ms > 0 || time.degraded_ms > 0)
        .count();
    said += "; ";
    if troubles > 0 {
        said += &fill(words.bars_troubles, &[("n", &troubles)]);
    } else {
        said += words.bars_no_trouble;
    }
    if let Some(share) = figures::unknown(&times.quarter, words) {
        said += "; ";
        said += &fill(words.bars_unknown, &[("share", &share)]);
    }
    said
}
