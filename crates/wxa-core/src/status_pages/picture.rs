//! Everything that is kept about pages, read at once: what readers and the recorder go by without asking the database.
use super::Notices;
use crate::{Core, Error};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use wxa_model::{
    Grant, Role, ServiceId, StatusPageId, UserId,
    query::{self, Filter},
    status::{Members, StatusPage},
};
use wxa_store::{Notice, StatusLinkRecord, TokenHash};

/// When to try again while the records cannot be read.
const RETRY_AFTER_S: u64 = 5;

/// It, at a moment. Immutable.
#[derive(Debug, Default)]
pub(super) struct Picture {
    /// Counts pictures that differ; 0 for one that was never read.
    pub(super) revision: u64,
    /// How often accounts had changed when it was read.
    accounts: u64,
    /// The same of the records.
    changes: u64,
    pub(super) pages: BTreeMap<StatusPageId, Arc<StatusPage>>,
    slugs: HashMap<String, StatusPageId>,
    /// By what is kept of their secrets.
    links: HashMap<TokenHash, Arc<StatusLinkRecord>>,
    notices: HashMap<StatusPageId, Arc<Notices>>,
    pub(super) creators: HashMap<UserId, Creator>,
    filters: HashMap<ServiceId, Filter>,
}

/// Whose rights decide what a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Creator {
    pub(super) name: String,
    pub(super) grants: Arc<[Grant]>,
    pub(super) disabled: bool,
}

impl Creator {
    /// Whether it may act on anything at all.
    pub(super) fn may_publish(&self) -> bool {
        may_publish(&self.grants)
    }
}

/// Whether holders of `grants` may act on anything at all.
pub(super) fn may_publish(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| grant.role >= Role::Operator)
}

impl Picture {
    fn new(
        pages: Vec<StatusPage>,
        links: Vec<StatusLinkRecord>,
        notices: Vec<wxa_store::NoticeRecord>,
    ) -> Self {
        let filters = pages
            .iter()
            .flat_map(|page| &page.services)
            .filter_map(|service| match &service.members {
                // One that cannot be read any more matches nothing.
                Members::Filter(text) => Some((service.id, query::parse(text).ok()?)),
                Members::Picked { .. } => None,
            })
            .collect();
        let mut told: HashMap<StatusPageId, Notices> = HashMap::new();
        for record in notices {
            let on_page = told.entry(record.page).or_default();
            match record.notice {
                Notice::Incident(incident) => on_page.incidents.push(incident),
                Notice::Maintenance(maintenance) => on_page.maintenance.push(maintenance),
            }
        }
        Self {
            slugs: pages.iter().map(|page| (page.slug.clone(), page.id)).collect(),
            pages: pages.into_iter().map(|page| (page.id, Arc::new(page))).collect(),
            links: links
                .into_iter()
                .map(|link| (link.hash, Arc::new(link)))
                .collect(),
            notices: told
                .into_iter()
                .map(|(page, told)| (page, Arc::new(told)))
                .collect(),
            filters,
            ..Self::default()
        }
    }

    /// Whether it was read at all.
    pub(super) fn is_read(&self) -> bool {
        self.revision != 0
    }

    /// Whether another one has the same in it.
    pub(super) fn tells_the_same(&self, other: &Self) -> bool {
        // Everything else follows from these.
        self.pages == other.pages
            && self.links == other.links
            && self.notices == other.notices
            && self.creators == other.creators
    }

    /// The page at that place.
    pub(super) fn by_slug(&self, slug: &str) -> Option<&Arc<StatusPage>> {
        self.pages.get(self.slugs.get(slug)?)
    }

    /// The link of which that is kept, whether it opens anything or not.
    pub(super) fn link(&self, hash: &TokenHash) -> Option<&Arc<StatusLinkRecord>> {
        self.links.get(hash)
    }

    /// All links.
    pub(super) fn links(&self) -> impl Iterator<Item = &Arc<StatusLinkRecord>> {
        self.links.values()
    }

    /// What is told on a page.
    pub(super) fn notices(&self, page: StatusPageId) -> Arc<Notices> {
        self.notices.get(&page).cloned().unwrap_or_default()
    }

    /// All that is told, page by page.
    pub(super) fn all_notices(&self) -> impl Iterator<Item = (StatusPageId, &Arc<Notices>)> {
        self.notices.iter().map(|(page, told)| (*page, told))
    }

    /// A service's filter; none where it has none, or one that cannot be read.
    pub(super) fn filter(&self, service: ServiceId) -> Option<&Filter> {
        self.filters.get(&service)
    }

    /// Whose rights decide what the page shows; none while nobody may read it.
    pub(super) fn open_creator(&self, page: &StatusPage) -> Option<&Creator> {
        self.creators
            .get(&page.creator)
            .filter(|creator| !creator.disabled)
    }
}

impl Core {
    /// The picture, read anew first when something has changed since.
    ///
    /// # Errors
    /// When it cannot be read: what is in memory is older than a change that may have closed a page, a link or an account.
    pub(super) async fn status_picture(&self) -> Result<Arc<Picture>, Error> {
        let kept = &self.inner.status_pages;
        if let Some(picture) = self.current_picture() {
            return Ok(picture);
        }
        let failures = kept.failures();
        // One at a time, so that an older reading never replaces a newer one.
        let _turn = kept.turn.acquire().await.map_err(Error::internal)?;
        if let Some(picture) = self.current_picture() {
            return Ok(picture);
        }
        if kept.failures() != failures {
            // It just failed for somebody else: whoever waits does not wait for that again, one after the other.
            return Err(Error::TooMany {
                retry_after_s: RETRY_AFTER_S,
            });
        }
        if let Err(error) = self.read_picture().await {
            kept.note_failure();
            tracing::error!(%error, "status pages cannot be read: none is shown until they can");
            return Err(error);
        }
        Ok(kept.picture())
    }

    /// The picture, where nothing has changed since it was read.
    fn current_picture(&self) -> Option<Arc<Picture>> {
        let kept = &self.inner.status_pages;
        let picture = kept.picture();
        let is_current = picture.is_read()
            && picture.accounts == self.inner.session_changes.count()
            && picture.changes == kept.changes();
        is_current.then_some(picture)
    }

    /// The records were changed: everything is read anew. Where that is not possible, whoever reads next tries again.
    pub(super) async fn status_changed(&self) {
        self.inner.status_pages.note_change();
        // It is logged.
        let _ = self.status_picture().await;
    }

    /// Reads everything. For who has the turn.
    async fn read_picture(&self) -> Result<(), Error> {
        let (kept, store) = (&self.inner.status_pages, &self.inner.store);
        let (accounts, changes) = (self.inner.session_changes.count(), kept.changes());
        let pages = store.status_page_list().await?;
        let links = store.status_link_list().await?;
        let notices = store.status_notice_list().await?;
        let creators = self
            .status_creators(pages.iter().map(|page| page.creator))
            .await?;
        kept.replace(Picture {
            accounts,
            changes,
            creators,
            ..Picture::new(pages, links, notices)
        });
        Ok(())
    }

    /// Reads everything anew when a creator's account is not as it was: the command line may have changed it.
    pub(super) async fn status_read_creators(&self) -> Result<(), Error> {
        let picture = self.inner.status_pages.picture();
        let creators = self
            .status_creators(picture.pages.values().map(|page| page.creator))
            .await?;
        if creators != picture.creators {
            self.status_changed().await;
        }
        Ok(())
    }

    async fn status_creators(
        &self,
        of: impl Iterator<Item = UserId>,
    ) -> Result<HashMap<UserId, Creator>, Error> {
        let mut creators = HashMap::new();
        for id in of {
            if creators.contains_key(&id) {
                continue;
            }
            if let Some(user) = self.inner.store.user_get(id).await? {
                let creator = Creator {
                    name: user.name,
                    grants: user.grants.into(),
                    disabled: user.disabled_at.is_some(),
                };
                creators.insert(id, creator);
            }
        }
        Ok(creators)
    }
}
