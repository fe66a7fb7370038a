//! A service as readers see it: how it is, and how it was.
use super::super::{bars, standing};
use crate::{
    components::{icon::icon, when::When},
    text::{S, s, s_fill, s_plural},
};
use leptos::prelude::*;
use wxa_model::status::{
    Availability,
    view::{AvailabilityView, ServiceView},
};

pub(super) fn service(one: ServiceView) -> AnyView {
    let since = one
        .since
        .map(|at| view! { <span class="muted small">{s(S::Since)}<When at=at/></span> });
    let about = (!one.about.is_empty()).then(|| view! { <p class="muted small">{one.about.clone()}</p> });
    let members = one.members.into_iter().map(|member| {
        view! { <li>{member.name}" "{standing::badge(member.standing)}</li> }
    });
    view! {
        <li>
            <div class="preview-line">
                <b>{one.name.clone()}</b>
                {standing::badge(one.standing)}
                {one.in_maintenance.then(|| view! { <span class="st st-paused">{icon("wrench")}{s(S::InMaintenance)}</span> })}
                {since}
            </div>
            {about}
            {one.availability.map(|all| availability(&one.name, &all))}
            <ul class="preview-members small">
                {members.collect_view()}
                {(one.more_members > 0).then(|| {
                    view! { <li class="muted">{s_fill(S::MoreMembers, &[("n", &one.more_members)])}</li> }
                })}
            </ul>
        </li>
    }
    .into_any()
}

fn availability(name: &str, all: &AvailabilityView) -> AnyView {
    let quarter = percent(&all.quarter);
    let label = s_fill(S::BarsLabel, &[("name", &name), ("percent", &quarter)]);
    let width = bars::DAY * u32::try_from(all.days.len()).unwrap_or(0);
    let paths = bars::paths(&all.days)
        .into_iter()
        .map(|(class, path)| view! { <path class=class d=path></path> });
    let over = |words: String, one: &Availability| {
        let title = unknown(one);
        view! { <div title=title><dt class="muted">{words}</dt><dd class="num">{percent(one)}</dd></div> }
    };
    view! {
        <svg
            class="days"
            viewBox=format!("0 0 {} {}", width.max(1), bars::HEIGHT)
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            {paths.collect_view()}
        </svg>
        <dl class="shares small">
            {over(s(S::Over24h).to_owned(), &all.day)}
            {over(s_plural(S::OverDays, 7), &all.week)}
            {over(s_plural(S::OverDays, 30), &all.month)}
            {over(s_plural(S::OverDays, 90), &all.quarter)}
        </dl>
        <p class="small muted">{unknown(&all.quarter)}</p>
    }
    .into_any()
}

/// Availability in per cent, as the page tells it.
fn percent(one: &Availability) -> String {
    match one.available_percent() {
        None => s(S::NotMeasuredYet).to_owned(),
        Some(number) => format!("{number} %"),
    }
}

/// How much of the time nothing is known of; empty where that is nothing.
fn unknown(one: &Availability) -> String {
    let percent = one.unknown_percent().map(|number| format!("{number} %"));
    percent.map_or_else(String::new, |percent| {
        s_fill(S::UnknownShare, &[("percent", &percent)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(up_ms: u64, down_ms: u64, unknown_ms: u64) -> Availability {
        Availability {
            up_ms,
            down_ms,
            unknown_ms,
            ..Availability::default()
        }
    }

    #[test]
    fn a_short_outage_is_not_rounded_away_and_nothing_known_is_no_percentage() {
        assert_eq!(percent(&of(100, 0, 0)), "100 %");
        assert_eq!(percent(&of(9_999_999, 1, 0)), "99.99 %");
        assert_eq!(percent(&of(57, 43, 0)), "57.00 %");
        assert_eq!(percent(&of(1, 99_999, 0)), "<0.01 %");
        assert_eq!(percent(&of(0, 0, 100)), "not measured yet");
        assert_eq!(unknown(&of(100, 0, 0)), "");
        assert_eq!(unknown(&of(75, 0, 25)), "25.0 % of the time unknown, not counted");
        assert_eq!(
            unknown(&of(999_999, 0, 1)),
            "<0.1 % of the time unknown, not counted"
        );
    }
}
