//! The page that people read: one document without a script, its style sheet inside.
mod bars;
mod capacity;
mod foot;
mod head;
mod lead;
mod more;
mod notices;
mod services;

pub(super) use bars::bars;
pub(super) use head::{Glyph, document, glyph_of, icon, updated};
pub(super) use lead::Lead;
pub(super) use services::said;

use wxa_model::status::view::{IncidentView, MaintenanceView, StatusView};

use super::{
    html::Html,
    reading::{Kind, Reading, Reload},
    when::{Clock, Zone},
    words::Words,
};

/// What every part of a page goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cx<'a> {
    /// What is shown.
    pub(super) view: &'a StatusView,
    /// How it is asked for.
    pub(super) reading: &'a Reading,
    /// In which words.
    pub(super) words: &'static Words,
    /// Moments, as seen from when the view was put together: the page is made of nothing but its view.
    pub(super) clock: Clock<'a>,
    /// The zone in which the view's days begin, whatever zone the reader wants moments in.
    pub(super) days: &'a Zone,
}

impl<'a> Cx<'a> {
    /// `days` is the view's own time zone.
    pub(super) fn new(view: &'a StatusView, reading: &'a Reading, days: &'a Zone) -> Self {
        let words = Words::of(reading.language);
        Self {
            view,
            reading,
            words,
            clock: Clock {
                zone: &reading.zone,
                words,
                now: view.updated_at,
            },
            days,
        }
    }

    /// The name of the day so many days ago.
    pub(super) fn day(&self, ago: usize) -> String {
        let clock = Clock {
            zone: self.days,
            ..self.clock
        };
        clock.day(clock.day_before(ago))
    }

    /// The incidents that are not over.
    pub(super) fn open(&self) -> impl Iterator<Item = &'a IncidentView> {
        self.view
            .incidents
            .iter()
            .filter(|incident| incident.ended_at.is_none())
    }

    /// The maintenance that is under way.
    pub(super) fn under_way(&self) -> impl Iterator<Item = &'a MaintenanceView> {
        let now = self.view.updated_at;
        self.view
            .maintenance
            .iter()
            .filter(move |work| work.from <= now && now < work.until)
    }
}

/// The document.
pub(super) fn page(cx: &Cx<'_>) -> String {
    let lead = Lead::of(cx);
    let mut html = Html::default();
    html.raw("<main>");
    head::line(&mut html, cx);
    lead.write(&mut html);
    notices::now(&mut html, cx);
    services::list(&mut html, cx);
    notices::other(&mut html, cx);
    capacity::figures(&mut html, cx);
    foot::foot(&mut html, cx);
    html.raw("</main>");
    document(cx, &lead, html)
}

/// Notices and capacity, for a screen on a wall.
pub(super) fn news(html: &mut Html, cx: &Cx<'_>) {
    html.raw(r#"<div class="news">"#);
    notices::latest(html, cx);
    html.raw("</div>");
    capacity::figures(html, cx);
}

/// Whether the page loads itself anew, and where: the value of the `Refresh` header.
pub(super) fn refresh(reading: &Reading) -> Option<String> {
    (reading.kind == Kind::Page(Reload::EveryMinute)).then(|| "60".to_owned())
}
