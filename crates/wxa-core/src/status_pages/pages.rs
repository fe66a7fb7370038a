//! Making status pages.
use super::{
    build,
    check::{changed_meanwhile, invalid, slug_taken},
    links,
    members::Resolved,
    picture::Picture,
    rights::{is_managed_by, require_publisher},
};
use crate::{AuditTarget, CheckSaid, Core, Ctx, Error};
use std::sync::Arc;
use uuid::Uuid;
use wxa_model::{
    CheckId, ServiceId, StatusPageId,
    status::{
        Audience, CheckKind, Language, Members, Rule, Service, Shown, Standing, StatusPage, Watched,
        view::StatusView,
    },
};

/// The most pages of one creator.
const PAGES_MOST: u32 = 50;

/// A page to make, or what one is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStatusPage {
    /// What stands on top.
    pub title: String,
    /// A line below it.
    pub about: String,
    /// Its place in the address; empty: made from the title.
    pub slug: String,
    /// Who may read it without a link.
    pub audience: Audience,
    /// What it shows.
    pub shown: Shown,
    /// The language for readers whose link says no other.
    pub language: Language,
    /// IANA name; empty for UTC.
    pub time_zone: String,
    /// Its services in the order they are shown.
    pub services: Vec<NewService>,
}

/// A service of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewService {
    /// The one that it replaces; none for a new one.
    pub id: Option<ServiceId>,
    /// What readers know it as.
    pub name: String,
    /// What it is.
    pub about: String,
    /// What it consists of.
    pub members: Members,
    /// When it is up.
    pub rule: Rule,
    /// What is asked from outside.
    pub checks: Vec<NewCheck>,
}

/// An outside check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCheck {
    /// The one that it replaces; none for a new one.
    pub id: Option<CheckId>,
    /// What is asked.
    pub kind: CheckKind,
    /// Seconds from one time to the next.
    pub every_s: u32,
    /// Whether it may go to the server's own or a link-local address.
    pub may_go_inside: bool,
}

/// Why nobody can read a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageShut {
    /// Its creator's account is disabled.
    CreatorDisabled,
    /// Its creator's account is gone.
    CreatorGone,
}

/// Why readers do not see a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOffWhy {
    /// The page's creator may not see all of what was picked (any more), or some of it is gone.
    NotSeen,
    /// It has a filter, and the page's creator may see nothing (any more).
    Empty,
    /// Only its checks decide, and the page's creator may not act on anything any more.
    NotAllowed,
}

/// A page in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct PageEntry {
    /// As it was made.
    pub page: StatusPage,
    /// Its creator's name; empty when the account is gone.
    pub creator: String,
    /// The worst of the services that are shown.
    pub standing: Option<Standing>,
    /// Links that can be opened now.
    pub links: u32,
    /// Why nobody can read it.
    pub shut: Option<PageShut>,
}

/// A page for its author.
#[derive(Clone, Debug, PartialEq)]
pub struct PageDetails {
    /// As it was made.
    pub page: StatusPage,
    /// Its creator's name; empty when the account is gone.
    pub creator: String,
    /// Why nobody can read it.
    pub shut: Option<PageShut>,
    /// Services that readers do not see, and why.
    pub left_off: Vec<(ServiceId, LeftOffWhy)>,
    /// How the others are.
    pub standings: Vec<(ServiceId, Standing)>,
    /// What came of the checks that have been made.
    pub checks: Vec<(CheckId, CheckSaid)>,
}

impl Core {
    /// The caller's pages by title; for administrators of the installation, everybody's.
    ///
    /// # Errors
    /// When what is kept of pages cannot be read.
    pub async fn status_page_list(&self, ctx: &Ctx) -> Result<Vec<PageEntry>, Error> {
        let picture = self.status_picture().await?;
        let resolved = self.status_resolved(&picture).await?;
        let own = picture.pages.values().filter(|page| is_managed_by(page, ctx));
        let mut entries: Vec<PageEntry> = own
            .map(|page| self.page_entry(&picture, &resolved, page))
            .collect();
        entries.sort_by(|a, b| wxa_model::order::natural(&a.page.title, &b.page.title));
        Ok(entries)
    }

    /// A page as it was made. Its creator sees it without any rights left, to close it.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`] for others who may act on nothing; [`Error::NotFound`] also for somebody
    /// else's.
    pub async fn status_page_get(&self, ctx: &Ctx, id: StatusPageId) -> Result<PageDetails, Error> {
        let (picture, page) = self.status_page_closed(ctx, id).await?;
        self.page_details(&picture, &page).await
    }

    /// Makes a page; the caller's rights decide from now on what it shows.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`] for who may act on nothing, or not on something that was picked;
    /// [`Error::Invalid`].
    pub async fn status_page_create(&self, ctx: &Ctx, new: NewStatusPage) -> Result<PageDetails, Error> {
        require_publisher(ctx)?;
        let empty = StatusPage {
            id: StatusPageId(Uuid::new_v4()),
            slug: String::new(),
            title: String::new(),
            about: String::new(),
            creator: ctx.user.ok_or(Error::Forbidden)?,
            created_at: self.now(),
            audience: Audience::Links,
            shown: Shown::default(),
            language: Language::default(),
            time_zone: String::new(),
            services: Vec::new(),
        };
        let picture = self.status_picture().await?;
        let page = self.status_page_checked(ctx, &picture, empty, new)?;
        let (core, creator) = (self.clone(), ctx.name.clone());
        self.audited(ctx, "status_page_create", target(&page), async move {
            let kept = core.inner.store.status_page_insert(&page, PAGES_MOST).await;
            if !kept.map_err(taken)? {
                let why =
                    format!("there are {PAGES_MOST} pages already: delete one that is not used any more");
                return Err(invalid("title", why));
            }
            core.status_changed().await;
            Ok(core.details_after(as_written(page, creator, None)).await)
        })
        .await
    }

    /// Replaces a page. Its creator stays.
    ///
    /// # Errors
    /// As for [`Core::status_page_create`], and [`Error::NotFound`] also for somebody else's.
    pub async fn status_page_set(
        &self,
        ctx: &Ctx,
        id: StatusPageId,
        new: NewStatusPage,
    ) -> Result<PageDetails, Error> {
        let (picture, page) = self.status_page_built(ctx, id).await?;
        let before = page;
        let page = self.status_page_checked(ctx, &picture, StatusPage::clone(&before), new)?;
        let core = self.clone();
        self.audited(ctx, "status_page_set", target(&page), async move {
            let done = core.inner.store.status_page_update(&before, &page).await;
            if !done.map_err(taken)? {
                return Err(changed_meanwhile());
            }
            core.status_changed().await;
            core.status_forget(&filtered_anew(&before, &page)).await?;
            let (creator, shut) = (creator_name(&picture, &page), shut(&picture, &page));
            Ok(core.details_after(as_written(page, creator, shut)).await)
        })
        .await
    }

    /// Removes a page with its links and notices. Its creator can, without any rights left.
    ///
    /// # Errors
    /// As for [`Core::status_page_get`].
    pub async fn status_page_delete(&self, ctx: &Ctx, id: StatusPageId) -> Result<(), Error> {
        let (_, page) = self.status_page_closed(ctx, id).await?;
        let core = self.clone();
        self.audited(ctx, "status_page_delete", target(&page), async move {
            let there = core.inner.store.status_page_delete(id).await?;
            core.status_changed().await;
            if there { Ok(()) } else { Err(Error::NotFound) }
        })
        .await
    }

    /// A page as its readers see it now.
    ///
    /// # Errors
    /// As for [`Core::status_page_get`]; [`Error::Forbidden`] also for its creator who may act on nothing any more.
    pub async fn status_page_preview(&self, ctx: &Ctx, id: StatusPageId) -> Result<StatusView, Error> {
        let (picture, page) = self.status_page_built(ctx, id).await?;
        let made = self.status_view(&picture, &page).await?;
        Ok(StatusView::clone(&made.view))
    }

    fn page_entry(&self, picture: &Picture, resolved: &Resolved, page: &StatusPage) -> PageEntry {
        let now = self.now();
        let open = picture
            .links()
            .filter(|link| link.page == page.id && links::ended(link, now).is_none());
        let standings = self.page_standings(resolved, page);
        PageEntry {
            creator: creator_name(picture, page),
            standing: standings.into_iter().map(|(_, standing)| standing).max(),
            links: u32::try_from(open.count()).unwrap_or(u32::MAX),
            shut: shut(picture, page),
            page: page.clone(),
        }
    }

    /// A page after it was kept: while it cannot be read anew, as it was written, for it is kept all the same.
    async fn details_after(&self, written: PageDetails) -> PageDetails {
        let now = match self.status_picture().await {
            Ok(picture) => self.page_details(&picture, &written.page).await,
            Err(error) => Err(error),
        };
        // That it could not be read is logged.
        now.unwrap_or(written)
    }

    async fn page_details(&self, picture: &Arc<Picture>, page: &StatusPage) -> Result<PageDetails, Error> {
        let resolved = self.status_resolved(picture).await?;
        let left_off = page.services.iter().filter_map(|service| {
            let parts = resolved.of(service.id)?;
            Some((service.id, parts.left_off?))
        });
        let checks = page.services.iter().flat_map(|service| &service.checks);
        Ok(PageDetails {
            checks: checks
                .filter_map(|check| Some((check.id, self.inner.status.said(check.id)?)))
                .collect(),
            creator: creator_name(picture, page),
            shut: shut(picture, page),
            left_off: left_off.collect(),
            standings: self.page_standings(&resolved, page),
            page: page.clone(),
        })
    }

    fn page_standings(&self, resolved: &Resolved, page: &StatusPage) -> Vec<(ServiceId, Standing)> {
        let standings = self.inner.status.standings();
        build::shown(page, resolved)
            .map(|service| (service.id, standings.of(Watched::Service(service.id)).standing))
            .collect()
    }
}

/// What is known of a page without reading anything.
fn as_written(page: StatusPage, creator: String, shut: Option<PageShut>) -> PageDetails {
    PageDetails {
        page,
        creator,
        shut,
        left_off: Vec::new(),
        standings: Vec::new(),
        checks: Vec::new(),
    }
}

/// Services with another filter than before: what passed that one says nothing about what passes this one.
fn filtered_anew(before: &StatusPage, page: &StatusPage) -> Vec<ServiceId> {
    let was = |service: &&Service| {
        before
            .services
            .iter()
            .any(|was| was.id == service.id && was.members == service.members)
    };
    let services = page.services.iter();
    services
        .filter(|service| matches!(service.members, Members::Filter(_)) && !was(service))
        .map(|service| service.id)
        .collect()
}

fn creator_name(picture: &Picture, page: &StatusPage) -> String {
    let creator = picture.creators.get(&page.creator);
    creator.map(|creator| creator.name.clone()).unwrap_or_default()
}

fn shut(picture: &Picture, page: &StatusPage) -> Option<PageShut> {
    match picture.creators.get(&page.creator) {
        None => Some(PageShut::CreatorGone),
        Some(creator) => creator.disabled.then_some(PageShut::CreatorDisabled),
    }
}

fn target(page: &StatusPage) -> AuditTarget {
    let open_to = match page.audience {
        Audience::Links => "",
        Audience::SignedIn => ", for whoever is signed in",
        Audience::Everybody => ", for everybody",
    };
    AuditTarget::new(page.id, format!("{}{open_to}", page.title))
}

fn taken(error: wxa_store::Error) -> Error {
    match error {
        wxa_store::Error::Duplicate => slug_taken(),
        other => other.into(),
    }
}
