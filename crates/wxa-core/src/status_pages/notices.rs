//! Incidents and maintenance: what people tell on a status page.
use super::check::{changed_meanwhile, invalid, line, text};
use crate::{AuditTarget, Core, Ctx, Error};
use std::sync::Arc;
use uuid::Uuid;
use wxa_model::{
    NoticeId, ServiceId, StatusPageId, UnixMillis,
    status::{Counts, Incident, IncidentStage, IncidentUpdate, Maintenance, StatusPage},
};
use wxa_store::{Notice, NoticeRecord};

/// The most notices of a page, and the most that is told of an incident.
const NOTICES_MOST: u32 = 500;
const UPDATES_MOST: usize = 100;
const TITLE_CHARS: usize = 120;
const TEXT_CHARS: usize = 2000;
/// Maintenance is no longer than a year: a longer one is a typing error that would hide much.
const LONGEST_MS: u64 = 366 * 24 * 60 * 60 * 1000;

/// An incident to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    /// In a few words.
    pub title: String,
    /// Which services it touches; none for all.
    pub services: Vec<ServiceId>,
    /// When it began; none for now.
    pub began_at: Option<UnixMillis>,
    /// How far it is.
    pub stage: IncidentStage,
    /// What is told.
    pub text: String,
}

/// What an incident is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentChange {
    /// In a few words.
    pub title: String,
    /// Which services it touches; none for all.
    pub services: Vec<ServiceId>,
    /// When it began.
    pub began_at: UnixMillis,
    /// When it was over.
    pub end: EndChange,
}

/// What becomes of an incident's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndChange {
    /// It stays as it is by then, whoever ended or opened the incident meanwhile.
    Keep,
    /// It was over then; none for one that is not over.
    Set(Option<UnixMillis>),
}

/// Maintenance to announce, or what it is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMaintenance {
    /// In a few words.
    pub title: String,
    /// What readers will notice.
    pub text: String,
    /// Which services it touches; none for all.
    pub services: Vec<ServiceId>,
    /// When it begins.
    pub from: UnixMillis,
    /// When it ends.
    pub until: UnixMillis,
    /// Whether time that is not up counts.
    pub counts: Counts,
}

/// Everything that was told on a page, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Incidents.
    pub incidents: Vec<Incident>,
    /// Maintenance.
    pub maintenance: Vec<Maintenance>,
}

impl Core {
    /// Incidents and maintenance of a page.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for somebody else's page; [`Error::Forbidden`] for an API token that is for looking only.
    pub async fn status_notice_list(&self, ctx: &Ctx, page: StatusPageId) -> Result<Notices, Error> {
        let (picture, page) = self.status_page_written(ctx, page).await?;
        Ok(Notices::clone(&picture.notices(page.id)))
    }

    /// Opens an incident.
    ///
    /// # Errors
    /// As for [`Core::status_notice_list`]; [`Error::Invalid`].
    pub async fn incident_create(
        &self,
        ctx: &Ctx,
        page: StatusPageId,
        new: NewIncident,
    ) -> Result<Incident, Error> {
        let (_, page) = self.status_page_written(ctx, page).await?;
        let now = self.now();
        let began_at = new.began_at.unwrap_or(now);
        check_past("began_at", began_at, now)?;
        let incident = Incident {
            id: NoticeId(Uuid::new_v4()),
            title: line("title", &new.title, 1, TITLE_CHARS)?,
            services: services(&page, new.services, &[])?,
            began_at,
            ended_at: (new.stage == IncidentStage::Resolved).then_some(now),
            updates: vec![IncidentUpdate {
                at: now,
                stage: new.stage,
                text: text("text", &new.text, 1, TEXT_CHARS)?,
            }],
        };
        self.notice_create(ctx, "incident_create", &page, Notice::Incident(incident.clone()))
            .await?;
        Ok(incident)
    }

    /// Changes an incident's title, services and times.
    ///
    /// # Errors
    /// As for [`Core::incident_create`].
    pub async fn incident_set(
        &self,
        ctx: &Ctx,
        id: NoticeId,
        change: IncidentChange,
    ) -> Result<Incident, Error> {
        let (incident, page) = self.incident(ctx, id).await?;
        let now = self.now();
        check_past("began_at", change.began_at, now)?;
        let ended_at = match change.end {
            EndChange::Keep => incident.ended_at,
            EndChange::Set(ended_at) => ended_at,
        };
        if let Some(ended) = ended_at {
            check_past("ended_at", ended, now)?;
            if ended < change.began_at {
                return Err(invalid("ended_at", "it cannot be over before it began"));
            }
        }
        let before = Notice::Incident(incident.clone());
        let incident = Incident {
            title: line("title", &change.title, 1, TITLE_CHARS)?,
            services: services(&page, change.services, &incident.services)?,
            began_at: change.began_at,
            ended_at,
            ..incident
        };
        let after = Notice::Incident(incident.clone());
        self.notice_set(ctx, "incident_set", &page, before, after).await?;
        Ok(incident)
    }

    /// Tells how an incident goes on.
    ///
    /// # Errors
    /// As for [`Core::incident_create`].
    pub async fn incident_update_add(
        &self,
        ctx: &Ctx,
        id: NoticeId,
        stage: IncidentStage,
        told: String,
    ) -> Result<Incident, Error> {
        let (mut incident, page) = self.incident(ctx, id).await?;
        if incident.updates.len() >= UPDATES_MOST {
            let why = format!("{UPDATES_MOST} things were told of it already: open another incident");
            return Err(invalid("text", why));
        }
        let before = Notice::Incident(incident.clone());
        let now = self.now();
        incident.updates.push(IncidentUpdate {
            at: now,
            stage,
            text: text("text", &told, 1, TEXT_CHARS)?,
        });
        incident.ended_at = match stage {
            IncidentStage::Resolved => Some(incident.ended_at.unwrap_or(now).max(incident.began_at)),
            IncidentStage::Investigating | IncidentStage::Identified | IncidentStage::Monitoring => None,
        };
        let after = Notice::Incident(incident.clone());
        self.notice_set(ctx, "incident_update_add", &page, before, after)
            .await?;
        Ok(incident)
    }

    /// Removes an incident.
    ///
    /// # Errors
    /// As for [`Core::status_notice_list`].
    pub async fn incident_delete(&self, ctx: &Ctx, id: NoticeId) -> Result<(), Error> {
        let (incident, page) = self.incident(ctx, id).await?;
        self.notice_delete(ctx, "incident_delete", &page, &Notice::Incident(incident))
            .await
    }

    /// Announces maintenance.
    ///
    /// # Errors
    /// As for [`Core::incident_create`].
    pub async fn maintenance_create(
        &self,
        ctx: &Ctx,
        page: StatusPageId,
        new: NewMaintenance,
    ) -> Result<Maintenance, Error> {
        let (_, page) = self.status_page_written(ctx, page).await?;
        let work = maintenance(&page, NoticeId(Uuid::new_v4()), new, &[], self.now())?;
        self.notice_create(
            ctx,
            "maintenance_create",
            &page,
            Notice::Maintenance(work.clone()),
        )
        .await?;
        Ok(work)
    }

    /// Changes announced maintenance.
    ///
    /// # Errors
    /// As for [`Core::incident_create`].
    pub async fn maintenance_set(
        &self,
        ctx: &Ctx,
        id: NoticeId,
        new: NewMaintenance,
    ) -> Result<Maintenance, Error> {
        let (before, page) = self.maintenance(ctx, id).await?;
        let work = maintenance(&page, id, new, &before.services, self.now())?;
        let (before, after) = (Notice::Maintenance(before), Notice::Maintenance(work.clone()));
        self.notice_set(ctx, "maintenance_set", &page, before, after)
            .await?;
        Ok(work)
    }

    /// Removes announced maintenance.
    ///
    /// # Errors
    /// As for [`Core::status_notice_list`].
    pub async fn maintenance_delete(&self, ctx: &Ctx, id: NoticeId) -> Result<(), Error> {
        let (work, page) = self.maintenance(ctx, id).await?;
        self.notice_delete(ctx, "maintenance_delete", &page, &Notice::Maintenance(work))
            .await
    }

    async fn incident(&self, ctx: &Ctx, id: NoticeId) -> Result<(Incident, Arc<StatusPage>), Error> {
        match self.status_notice_written(ctx, id).await? {
            (Notice::Incident(incident), page) => Ok((incident, page)),
            (Notice::Maintenance(_), _) => Err(Error::NotFound),
        }
    }

    async fn maintenance(&self, ctx: &Ctx, id: NoticeId) -> Result<(Maintenance, Arc<StatusPage>), Error> {
        match self.status_notice_written(ctx, id).await? {
            (Notice::Maintenance(work), page) => Ok((work, page)),
            (Notice::Incident(_), _) => Err(Error::NotFound),
        }
    }

    async fn notice_create(
        &self,
        ctx: &Ctx,
        what: &'static str,
        page: &StatusPage,
        notice: Notice,
    ) -> Result<(), Error> {
        let (core, target) = (self.clone(), target(page, &notice));
        let record = NoticeRecord {
            page: page.id,
            notice,
        };
        self.audited(ctx, what, target, async move {
            if !core
                .inner
                .store
                .status_notice_insert(&record, NOTICES_MOST)
                .await?
            {
                let why = format!("the page has {NOTICES_MOST} already: delete old ones");
                return Err(invalid("title", why));
            }
            core.status_changed().await;
            Ok(())
        })
        .await
    }

    async fn notice_set(
        &self,
        ctx: &Ctx,
        what: &'static str,
        page: &StatusPage,
        before: Notice,
        notice: Notice,
    ) -> Result<(), Error> {
        let (core, target) = (self.clone(), target(page, &notice));
        self.audited(ctx, what, target, async move {
            let done = core.inner.store.status_notice_update(&before, &notice).await?;
            core.status_changed().await;
            if done { Ok(()) } else { Err(changed_meanwhile()) }
        })
        .await
    }

    async fn notice_delete(
        &self,
        ctx: &Ctx,
        what: &'static str,
        page: &StatusPage,
        notice: &Notice,
    ) -> Result<(), Error> {
        let (core, target, id) = (self.clone(), target(page, notice), notice.id());
        self.audited(ctx, what, target, async move {
            let there = core.inner.store.status_notice_delete(id).await?;
            core.status_changed().await;
            if there { Ok(()) } else { Err(Error::NotFound) }
        })
        .await
    }
}

fn maintenance(
    page: &StatusPage,
    id: NoticeId,
    new: NewMaintenance,
    before: &[ServiceId],
    now: UnixMillis,
) -> Result<Maintenance, Error> {
    if new.until <= new.from {
        return Err(invalid("until", "it has to end after it begins"));
    }
    if new.until.since(new.from) > LONGEST_MS {
        return Err(invalid("until", "it can be no longer than a year"));
    }
    Ok(Maintenance {
        id,
        title: line("title", &new.title, 1, TITLE_CHARS)?,
        text: text("text", &new.text, 0, TEXT_CHARS)?,
        services: services(page, new.services, before)?,
        from: new.from,
        until: new.until,
        counts: new.counts,
        told_at: now,
    })
}

/// Services of the page, each once; one that it had before may stay, so that its past can be told.
fn services(
    page: &StatusPage,
    wanted: Vec<ServiceId>,
    before: &[ServiceId],
) -> Result<Vec<ServiceId>, Error> {
    let mut services = Vec::new();
    for id in wanted {
        let is_there = page.services.iter().any(|service| service.id == id) || before.contains(&id);
        if !is_there {
            return Err(invalid("services", "the page has no such service (any more)"));
        }
        if !services.contains(&id) {
            services.push(id);
        }
    }
    Ok(services)
}

/// Nothing has happened yet that is still to come; a minute is given to clocks that differ.
fn check_past(field: &'static str, at: UnixMillis, now: UnixMillis) -> Result<(), Error> {
    match at.since(now) > 60_000 {
        true => Err(invalid(field, "that is still to come")),
        false => Ok(()),
    }
}

fn target(page: &StatusPage, notice: &Notice) -> AuditTarget {
    let title = match notice {
        Notice::Incident(incident) => &incident.title,
        Notice::Maintenance(work) => &work.title,
    };
    AuditTarget::new(notice.id(), format!("{}: {title}", page.title))
}
