//! What stands over the page: the words for what the server's page says too.
use crate::{
    components::icon::icon,
    text::{S, s, s_fill, s_plural},
};
use leptos::prelude::*;
use wxa_model::status::view::{Headline, StatusView, Trouble};

pub(super) fn lead(view: &StatusView) -> AnyView {
    let headline = view.headline();
    let (class, image) = look(&headline);
    let words = sentences(&headline, view.services.len()).join(" ");
    view! { <p class="lead"><span class=format!("st {class}")>{icon(image)}</span>{words}</p> }.into_any()
}

/// The class and the icon.
fn look(headline: &Headline<'_>) -> (&'static str, &'static str) {
    match headline {
        Headline::AllUp | Headline::AllUpMaintained => ("st-running", "check"),
        Headline::Empty | Headline::NothingKnown => ("st-stale", "question"),
        Headline::Incidents { .. } => ("st-warn", "warning"),
        Headline::Troubles { worst, .. } => match worst {
            Trouble::Down => ("st-crashed", "cross"),
            Trouble::Degraded => ("st-warn", "warning"),
            Trouble::Unknown => ("st-stale", "question"),
            Trouble::Maintained => ("st-paused", "wrench"),
        },
    }
}

/// What is said of a page with so many services.
fn sentences(headline: &Headline<'_>, services: usize) -> Vec<String> {
    let works = |n: usize| s_fill(S::WorksOf, &[("n", &n), ("all", &services)]);
    match headline {
        Headline::Empty => vec![s(S::NothingToTell).into()],
        Headline::AllUp => vec![s(S::AllUp).into()],
        Headline::AllUpMaintained => vec![s(S::AllUpMaintained).into()],
        Headline::NothingKnown => vec![s(S::NothingKnown).into()],
        Headline::Troubles { troubles, up, .. } => {
            let told = troubles
                .iter()
                .map(|(trouble, services)| s_plural(some(*trouble), services.len()));
            told.chain((services > 1).then(|| works(*up))).collect()
        }
        Headline::Incidents { open, besides } => {
            let first = s_plural(S::IncidentsOpen, *open);
            let rest = match &**besides {
                Headline::Empty => Vec::new(),
                Headline::AllUp | Headline::AllUpMaintained if services == 1 => Vec::new(),
                Headline::AllUp | Headline::AllUpMaintained => vec![works(services)],
                other => sentences(other, services),
            };
            [vec![first], rest].concat()
        }
    }
}

fn some(trouble: Trouble) -> S {
    match trouble {
        Trouble::Down => S::SomeDown,
        Trouble::Degraded => S::SomeDegraded,
        Trouble::Unknown => S::SomeUnknown,
        Trouble::Maintained => S::SomeMaintained,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::{
        UnixMillis,
        status::{
            Language, Standing,
            view::{IncidentView, ServiceView},
        },
    };

    /// What is said of services and open incidents, after the icon's name.
    fn said(standings: &[Standing], incidents: usize) -> String {
        let service = |standing: &Standing| ServiceView {
            name: String::new(),
            about: String::new(),
            standing: *standing,
            since: None,
            in_maintenance: false,
            availability: None,
            members: vec![],
            more_members: 0,
        };
        let incident = IncidentView {
            key: String::new(),
            title: String::new(),
            services: vec![],
            began_at: UnixMillis(0),
            ended_at: None,
            updates: vec![],
        };
        let view = StatusView {
            title: String::new(),
            about: String::new(),
            language: Language::En,
            time_zone: String::new(),
            updated_at: UnixMillis(0),
            standing: None,
            services: standings.iter().map(service).collect(),
            incidents: vec![incident; incidents],
            maintenance: vec![],
            capacity: None,
        };
        let headline = view.headline();
        let words = sentences(&headline, view.services.len()).join(" ");
        format!("{}: {words}", look(&headline).1)
    }

    #[test]
    fn the_same_is_told_as_on_the_page_itself() {
        use Standing::{Down, Unknown, Up};
        assert_eq!(
            said(&[Unknown, Down, Up, Unknown], 0),
            "cross: 1 service is down. Nothing is known about 2 services. Working: 1 of 4 services."
        );
        assert_eq!(said(&[Up], 0), "check: Everything works.");
        assert_eq!(said(&[Up], 1), "warning: An incident is open.");
        assert_eq!(
            said(&[Unknown; 2], 2),
            "warning: 2 incidents are open. Nothing is known at the moment."
        );
        assert_eq!(said(&[], 0), "question: No services are shown here.");
    }
}
