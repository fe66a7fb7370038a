//! Who may do what with status pages: whoever made one, and administrators of the installation.
use super::picture::{Picture, may_publish};
use crate::{Core, Ctx, Error};
use std::sync::Arc;
use wxa_model::{NoticeId, Permission, StatusLinkId, StatusPageId, Target, status::StatusPage};
use wxa_store::{Notice, StatusLinkRecord};

/// Demands a person who may act on something.
pub(super) fn require_publisher(ctx: &Ctx) -> Result<(), Error> {
    ctx.require_person()?;
    match may_publish(&ctx.grants) {
        true => Ok(()),
        false => Err(Error::Forbidden),
    }
}

/// Whether the page is the caller's to manage.
pub(super) fn is_managed_by(page: &StatusPage, ctx: &Ctx) -> bool {
    ctx.user == Some(page.creator) || ctx.may(Permission::Administer, &Target::INSTALLATION)
}

impl Core {
    /// A page for who builds it.
    pub(super) async fn status_page_built(
        &self,
        ctx: &Ctx,
        id: StatusPageId,
    ) -> Result<(Arc<Picture>, Arc<StatusPage>), Error> {
        require_publisher(ctx)?;
        self.managed_page(ctx, id).await
    }

    /// A link, and its page, for who builds the page.
    pub(super) async fn status_link_built(
        &self,
        ctx: &Ctx,
        id: StatusLinkId,
    ) -> Result<(Arc<StatusLinkRecord>, Arc<StatusPage>), Error> {
        require_publisher(ctx)?;
        self.managed_link(ctx, id).await
    }

    /// A page for who takes it, or its links, away, and looks at it for that: its creator can, without any rights left.
    pub(super) async fn status_page_closed(
        &self,
        ctx: &Ctx,
        id: StatusPageId,
    ) -> Result<(Arc<Picture>, Arc<StatusPage>), Error> {
        ctx.require_person()?;
        let found = self.managed_page(ctx, id).await;
        if found.is_err() {
            require_publisher(ctx)?;
        }
        found
    }

    /// The same of a link.
    pub(super) async fn status_link_closed(
        &self,
        ctx: &Ctx,
        id: StatusLinkId,
    ) -> Result<(Arc<StatusLinkRecord>, Arc<StatusPage>), Error> {
        ctx.require_person()?;
        let found = self.managed_link(ctx, id).await;
        if found.is_err() {
            require_publisher(ctx)?;
        }
        found
    }

    /// A page for who writes on it; an API token may too, unless it is for looking only.
    pub(super) async fn status_page_written(
        &self,
        ctx: &Ctx,
        id: StatusPageId,
    ) -> Result<(Arc<Picture>, Arc<StatusPage>), Error> {
        let found = self.managed_page(ctx, id).await?;
        match ctx.token.is_none() || may_publish(&ctx.grants) {
            true => Ok(found),
            false => Err(Error::Forbidden),
        }
    }

    /// A notice, and its page, for who writes on the page.
    pub(super) async fn status_notice_written(
        &self,
        ctx: &Ctx,
        id: NoticeId,
    ) -> Result<(Notice, Arc<StatusPage>), Error> {
        let picture = self.status_picture().await?;
        let found = picture.all_notices().find_map(|(page, told)| {
            let incident = told.incidents.iter().find(|incident| incident.id == id);
            let maintenance = told.maintenance.iter().find(|work| work.id == id);
            let notice = incident
                .cloned()
                .map(Notice::Incident)
                .or_else(|| maintenance.cloned().map(Notice::Maintenance));
            Some((page, notice?))
        });
        let (page, notice) = found.ok_or(Error::NotFound)?;
        let (_, page) = self.status_page_written(ctx, page).await?;
        Ok((notice, page))
    }

    async fn managed_link(
        &self,
        ctx: &Ctx,
        id: StatusLinkId,
    ) -> Result<(Arc<StatusLinkRecord>, Arc<StatusPage>), Error> {
        let picture = self.status_picture().await?;
        let link = picture.links().find(|link| link.id == id).cloned();
        let link = link.ok_or(Error::NotFound)?;
        let (_, page) = self.managed_page(ctx, link.page).await?;
        Ok((link, page))
    }

    async fn managed_page(
        &self,
        ctx: &Ctx,
        id: StatusPageId,
    ) -> Result<(Arc<Picture>, Arc<StatusPage>), Error> {
        let picture = self.status_picture().await?;
        let page = picture.pages.get(&id).filter(|page| is_managed_by(page, ctx));
        let page = page.cloned().ok_or(Error::NotFound)?;
        Ok((picture, page))
    }
}
