//! What stands over a page. The page itself, its author's preview and whatever else tells of it put words to this, and so tell
//! the same.
use super::{ServiceView, StatusView};
use crate::status::Standing;

/// What is not well with a service, as a headline counts it. What is worst for readers comes first; what is not known comes
/// after what is known to be bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// It does not work.
    Down,
    /// A part of it does not.
    Degraded,
    /// Nobody knows.
    Unknown,
    /// It is not up while it is maintained.
    Maintained,
}

impl Trouble {
    const ALL: [Self; 4] = [Self::Down, Self::Degraded, Self::Unknown, Self::Maintained];

    /// That of a service; none when all is well.
    pub fn of(service: &ServiceView) -> Option<Self> {
        match service.standing {
            Standing::Up => None,
            _ if service.in_maintenance => Some(Self::Maintained),
            Standing::Degraded => Some(Self::Degraded),
            Standing::Down => Some(Self::Down),
            Standing::Unknown => Some(Self::Unknown),
        }
    }
}

/// What is to be said of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Headline<'a> {
    /// There are no services.
    Empty,
    /// All services work.
    AllUp,
    /// The same, and at least one of them is maintained.
    AllUpMaintained,
    /// Nothing is known of any of them.
    NothingKnown,
    /// Some are not well.
    Troubles {
        /// What is worst: `troubles` begins with it.
        worst: Trouble,
        /// Which services by what is not well with them, the worst first; none is empty.
        troubles: Vec<(Trouble, Vec<&'a ServiceView>)>,
        /// How many services work.
        up: usize,
    },
    /// People say that something is not well, and no service is known to be worse than that.
    Incidents {
        /// How many incidents are open, at least one.
        open: usize,
        /// What would be said without them.
        besides: Box<Headline<'a>>,
    },
}

impl StatusView {
    /// What stands over the page. Nothing is said to be well while people say that it is not.
    pub fn headline(&self) -> Headline<'_> {
        let services = self.services_headline();
        let open = self
            .incidents
            .iter()
            .filter(|incident| incident.ended_at.is_none());
        let is_worse = matches!(
            services,
            Headline::Troubles {
                worst: Trouble::Down | Trouble::Degraded,
                ..
            }
        );
        match open.count() {
            0 => services,
            _ if is_worse => services,
            open => Headline::Incidents {
                open,
                besides: Box::new(services),
            },
        }
    }

    fn services_headline(&self) -> Headline<'_> {
        if self.services.is_empty() {
            return Headline::Empty;
        }
        let of = |trouble| -> Vec<&ServiceView> {
            let services = self.services.iter();
            services
                .filter(|service| Trouble::of(service) == Some(trouble))
                .collect()
        };
        let troubles: Vec<(Trouble, Vec<&ServiceView>)> = Trouble::ALL
            .into_iter()
            .map(|trouble| (trouble, of(trouble)))
            .filter(|(_, services)| !services.is_empty())
            .collect();
        let wrong: usize = troubles.iter().map(|(_, services)| services.len()).sum();
        match troubles.first() {
            None if self.services.iter().any(|service| service.in_maintenance) => Headline::AllUpMaintained,
            None => Headline::AllUp,
            Some((Trouble::Unknown, services)) if services.len() == self.services.len() => {
                Headline::NothingKnown
            }
            Some((worst, _)) => Headline::Troubles {
                worst: *worst,
                up: self.services.len().saturating_sub(wrong),
                troubles,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{UnixMillis, status::view::IncidentView};

    fn view(services: &[(Standing, bool)], open: usize) -> StatusView {
        let service = |(n, (standing, in_maintenance)): (usize, &(Standing, bool))| ServiceView {
            name: n.to_string(),
            about: String::new(),
            standing: *standing,
            since: None,
            in_maintenance: *in_maintenance,
            availability: None,
            members: vec![],
            more_members: 0,
        };
        let incident = |ended_at| IncidentView {
            key: String::new(),
            title: String::new(),
            services: vec![],
            began_at: UnixMillis(1),
            ended_at,
            updates: vec![],
        };
        let incidents = (0..open)
            .map(|_| incident(None))
            .chain([incident(Some(UnixMillis(2)))]);
        StatusView {
            title: String::new(),
            about: String::new(),
            language: Default::default(),
            time_zone: String::new(),
            updated_at: UnixMillis(3),
            standing: None,
            services: services.iter().enumerate().map(service).collect(),
            incidents: incidents.collect(),
            maintenance: vec![],
            capacity: None,
        }
    }

    /// The worst, how many services of each trouble, how many work.
    fn troubles(headline: &Headline<'_>) -> Option<(Trouble, Vec<usize>, usize)> {
        match headline {
            Headline::Troubles { worst, troubles, up } => {
                let counts = troubles.iter().map(|(_, services)| services.len());
                Some((*worst, counts.collect(), *up))
            }
            _ => None,
        }
    }

    use Standing::{Degraded, Down, Unknown, Up};

    #[test]
    fn what_is_down_is_not_hidden_by_what_nobody_knows() {
        let services = [(Unknown, false), (Down, false), (Up, true), (Unknown, false)];
        let all = view(&services, 0);
        assert_eq!(troubles(&all.headline()), Some((Trouble::Down, vec![1, 2], 1)));
        let worst = services.iter().map(|(standing, _)| *standing).max();
        assert_eq!(worst, Some(Down), "lists of pages go by the same order");
        let maintained = view(&[(Down, true), (Degraded, false)], 0);
        assert_eq!(
            troubles(&maintained.headline()),
            Some((Trouble::Degraded, vec![1, 1], 0))
        );
    }

    #[test]
    fn nothing_is_well_while_people_say_that_it_is_not() {
        let said = view(&[(Up, false)], 2);
        let besides = Box::new(Headline::AllUp);
        assert_eq!(said.headline(), Headline::Incidents { open: 2, besides });
        let worse = view(&[(Down, false)], 1);
        assert_eq!(troubles(&worse.headline()), Some((Trouble::Down, vec![1], 0)));
        let unknown = view(&[(Unknown, false)], 1);
        let besides = Box::new(Headline::NothingKnown);
        assert_eq!(unknown.headline(), Headline::Incidents { open: 1, besides });
    }

    #[test]
    fn a_page_where_all_is_well_says_whether_it_is_maintained_and_one_without_services_that_there_are_none() {
        assert_eq!(view(&[], 0).headline(), Headline::Empty);
        assert_eq!(view(&[(Up, false)], 0).headline(), Headline::AllUp);
        assert_eq!(view(&[(Up, true)], 0).headline(), Headline::AllUpMaintained);
        assert_eq!(view(&[(Unknown, false); 2], 0).headline(), Headline::NothingKnown);
    }
}
