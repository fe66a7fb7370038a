//! The view of a page: put together when somebody reads it, at once when its author or somebody's rights changed, else at most
//! once a second, and every minute when nothing changed.
use super::{
    build::{self, Ingredients},
    days,
    kept::lock,
    picture::Picture,
};
use crate::{Core, Error, Stand, Standings};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::sync::Semaphore;
use wxa_model::{
    ServiceId, UnixMillis,
    status::{
        Availability, Service, Span, StatusPage, Watched, Window, taken_out,
        view::{AvailabilityView, StatusView},
    },
};

/// Between two views, unless somebody changed the page.
const APART_MS: u64 = 1000;
/// A view is not older than that.
const OLDEST_MS: u64 = 60_000;
/// While a new view is made, others are shown the one before for so long.
const MEANWHILE_MS: u64 = 5000;
const HOUR_MS: u64 = 60 * 60 * 1000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// Where a page's view is kept.
pub(super) struct ViewCell {
    /// Held by who makes a new one.
    making: Semaphore,
    last: Mutex<Option<Arc<Made>>>,
}

impl Default for ViewCell {
    fn default() -> Self {
        Self {
            making: Semaphore::new(1),
            last: Mutex::default(),
        }
    }
}

/// A view, and from what it was made.
pub(super) struct Made {
    pub(super) view: Arc<StatusView>,
    /// Another one whenever the view is.
    pub(super) revision: u64,
    from: MadeFrom,
    at: UnixMillis,
    sums: HashMap<ServiceId, Sums>,
}

/// What a view was made from, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MadeFrom {
    picture: u64,
    standings: u64,
    inventory: u64,
}

/// A service's availability, and of what it was added up.
#[derive(Clone)]
struct Sums {
    minute: u64,
    stand: Stand,
    windows: Vec<Window>,
    zone: String,
    view: AvailabilityView,
}

impl Made {
    /// Whether it may be shown as it is.
    fn is_good(&self, from: MadeFrom, now: UnixMillis) -> bool {
        let age = now.0.abs_diff(self.at.0);
        self.from.picture == from.picture && age < OLDEST_MS && (self.from == from || age < APART_MS)
    }

    /// Whether it may be shown while a newer one is made.
    fn is_good_meanwhile(&self, from: MadeFrom, now: UnixMillis) -> bool {
        self.from.picture == from.picture && now.0.abs_diff(self.at.0) < MEANWHILE_MS
    }
}

impl Core {
    /// What readers see of a page.
    pub(super) async fn status_view(
        &self,
        picture: &Arc<Picture>,
        page: &StatusPage,
    ) -> Result<Arc<Made>, Error> {
        let cell = self.inner.status_pages.cell(page.id);
        if let Some(made) = self.good_view(&cell, picture, Made::is_good) {
            return Ok(made);
        }
        let _turn = match cell.making.try_acquire() {
            Ok(turn) => turn,
            Err(_) => match self.good_view(&cell, picture, Made::is_good_meanwhile) {
                Some(made) => return Ok(made),
                None => cell.making.acquire().await.map_err(Error::internal)?,
            },
        };
        if let Some(made) = self.good_view(&cell, picture, Made::is_good) {
            return Ok(made);
        }
        let before = lock(&cell.last).clone();
        let made = Arc::new(self.make_view(picture, page, before.as_deref()).await?);
        *lock(&cell.last) = Some(made.clone());
        Ok(made)
    }

    fn good_view(
        &self,
        cell: &ViewCell,
        picture: &Picture,
        is_good: impl Fn(&Made, MadeFrom, UnixMillis) -> bool,
    ) -> Option<Arc<Made>> {
        let from = self.made_from(picture);
        let last = lock(&cell.last).clone()?;
        is_good(&last, from, self.now()).then_some(last)
    }

    fn made_from(&self, picture: &Picture) -> MadeFrom {
        MadeFrom {
            picture: picture.revision,
            standings: self.inner.status.standings().revision,
            inventory: self.live().inventory.now().revision,
        }
    }

    async fn make_view(
        &self,
        picture: &Arc<Picture>,
        page: &StatusPage,
        before: Option<&Made>,
    ) -> Result<Made, Error> {
        let resolved = self.status_resolved(picture).await?;
        let now = self.now();
        let standings = self.inner.status.standings();
        let from = MadeFrom {
            picture: picture.revision,
            standings: standings.revision,
            inventory: resolved.inventory,
        };
        let notices = picture.notices(page.id);
        let creator = picture.creators.get(&page.creator);
        let sums = if page.shown.availability {
            let services = build::shown(page, &resolved);
            let wanted = Wanted {
                page,
                standings: &standings,
                maintenance: &notices.maintenance,
                now,
            };
            self.sums(services, &wanted, before).await
        } else {
            HashMap::new()
        };
        let view = Ingredients {
            page,
            resolved: &resolved,
            standings: &standings,
            availability: sums.iter().map(|(id, sums)| (*id, sums.view.clone())).collect(),
            notices: &notices,
            capacity: creator
                .filter(|_| page.shown.capacity)
                .map(|creator| self.status_capacity(&creator.grants, now)),
            now,
        }
        .build();
        let same = before.filter(|before| {
            let told = StatusView {
                updated_at: before.view.updated_at,
                ..view.clone()
            };
            *before.view == told && now.0.abs_diff(before.view.updated_at.0) < OLDEST_MS
        });
        let (view, revision) = match same {
            Some(before) => (before.view.clone(), before.revision),
            None => (Arc::new(view), self.inner.status_pages.next_revision()),
        };
        Ok(Made {
            view,
            revision,
            from,
            at: now,
            sums,
        })
    }

    /// The availability of services: as it was, where nothing happened within the minute. Left out where the database does not
    /// answer and it was not known before.
    async fn sums(
        &self,
        services: impl Iterator<Item = &Service>,
        wanted: &Wanted<'_>,
        before: Option<&Made>,
    ) -> HashMap<ServiceId, Sums> {
        let (mut sums, mut missing) = (HashMap::new(), Vec::new());
        for service in services {
            let last = before.and_then(|before| before.sums.get(&service.id));
            match last.filter(|last| wanted.is_current(last, service.id)) {
                Some(last) => drop(sums.insert(service.id, last.clone())),
                None => missing.push(Watched::Service(service.id)),
            }
        }
        if missing.is_empty() {
            return sums;
        }
        let days = days::begins(wanted.now, &wanted.page.time_zone);
        let first = days.first().copied().unwrap_or(wanted.now);
        let from = first.min(back(wanted.now, 90 * DAY_MS));
        match self.inner.status.spans_of(&missing, from, wanted.now).await {
            Ok(spans) => {
                for watched in missing {
                    if let Watched::Service(id) = watched {
                        let spans = spans.get(&watched).map_or(&[][..], Vec::as_slice);
                        sums.insert(id, wanted.add_up(id, spans, &days));
                    }
                }
            }
            Err(error) => {
                tracing::error!(%error, "recorded states could not be read for a status page");
                let known = before.into_iter().flat_map(|before| &before.sums);
                sums.extend(known.map(|(id, sums)| (*id, sums.clone())));
            }
        }
        sums
    }
}

/// What availability is added up for.
struct Wanted<'a> {
    page: &'a StatusPage,
    standings: &'a Standings,
    maintenance: &'a [wxa_model::status::Maintenance],
    now: UnixMillis,
}

impl Wanted<'_> {
    fn is_current(&self, sums: &Sums, service: ServiceId) -> bool {
        sums.minute == self.now.0 / OLDEST_MS
            && sums.stand == self.standings.of(Watched::Service(service))
            && sums.zone == self.page.time_zone
            && sums.windows == taken_out(self.maintenance, service)
    }

    fn add_up(&self, service: ServiceId, spans: &[Span], days: &[UnixMillis]) -> Sums {
        let windows = taken_out(self.maintenance, service);
        let measure = |from, until| Availability::measure(spans, &windows, from, until);
        let last = |ms| measure(back(self.now, ms), self.now);
        let ends = days.iter().skip(1).copied().chain([self.now]);
        let view = AvailabilityView {
            day: last(DAY_MS),
            week: last(7 * DAY_MS),
            month: last(30 * DAY_MS),
            quarter: last(90 * DAY_MS),
            days: days
                .iter()
                .zip(ends)
                .map(|(from, until)| measure(*from, until))
                .collect(),
        };
        Sums {
            minute: self.now.0 / OLDEST_MS,
            stand: self.standings.of(Watched::Service(service)),
            zone: self.page.time_zone.clone(),
            windows,
            view,
        }
    }
}

fn back(now: UnixMillis, ms: u64) -> UnixMillis {
    UnixMillis(now.0.saturating_sub(ms))
}
