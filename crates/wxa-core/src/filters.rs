//! Filters that people save under a name, for themselves or for everybody.
use crate::{AuditTarget, Core, Ctx, Error};
use uuid::Uuid;
use wxa_model::{FilterId, FilterPage, FilterShare, Permission, SavedFilter, UserId, filter};
use wxa_store::FilterRecord;

/// The most filters one person may have, and the most that are for everybody.
const MOST: u32 = 100;

/// A filter to save, or what a saved one is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFilter {
    /// What to call it.
    pub name: String,
    /// The list it is for.
    pub page: FilterPage,
    /// The filter as it is typed.
    pub query: String,
    /// Whose it is to be.
    pub share: FilterShare,
}

impl NewFilter {
    fn checked(mut self) -> Result<Self, Error> {
        self.name = self.name.trim().to_owned();
        self.query = self.query.trim().to_owned();
        let invalid = |field, why: String| Err(Error::Invalid { field, why });
        let fits = |text: &str, most| text.chars().count() <= most && !text.chars().any(char::is_control);
        if self.name.is_empty() || !fits(&self.name, filter::NAME_CHARS) {
            return invalid("name", format!("use 1 to {} characters", filter::NAME_CHARS));
        }
        if self.query.is_empty() {
            return invalid("query", "there is nothing to save: type a filter first".into());
        }
        if !fits(&self.query, filter::QUERY_CHARS) {
            return invalid("query", format!("use at most {} characters", filter::QUERY_CHARS));
        }
        Ok(self)
    }
}

impl Core {
    /// The caller's filters and everybody's, by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a caller without an account.
    pub async fn filter_list(&self, ctx: &Ctx) -> Result<Vec<SavedFilter>, Error> {
        let user = ctx.user.ok_or(Error::Forbidden)?;
        let kept = self.inner.store.filter_list(user).await?;
        // One for a page of another version is not shown, and not lost.
        Ok(kept.into_iter().filter_map(shown).collect())
    }

    /// Saves a filter.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for one for everybody unless the caller administers the installation; [`Error::Invalid`]
    /// when its owner has one of that name, or has very many.
    pub async fn filter_save(&self, ctx: &Ctx, new: NewFilter) -> Result<SavedFilter, Error> {
        let record = FilterRecord {
            id: FilterId(Uuid::new_v4()),
            user: owner(ctx, new.share)?,
            name: String::new(),
            page: String::new(),
            query: String::new(),
            created_at: self.now(),
        };
        let record = with(record, new.checked()?);
        let core = self.clone();
        self.audited(ctx, "filter_save", target(&record), async move {
            let store = &core.inner.store;
            if !store.filter_insert(&record, MOST).await.map_err(same_name)? {
                return Err(Error::Invalid {
                    field: "name",
                    why: format!("there are {MOST} already: delete one that is not used any more"),
                });
            }
            shown(record).ok_or(Error::NotFound)
        })
        .await
    }

    /// Changes a saved filter.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody else's; otherwise as for [`Core::filter_save`].
    pub async fn filter_set(&self, ctx: &Ctx, id: FilterId, new: NewFilter) -> Result<(), Error> {
        let kept = self.own_filter(ctx, id).await?;
        let record = FilterRecord {
            user: owner(ctx, new.share)?,
            ..kept
        };
        let record = with(record, new.checked()?);
        let core = self.clone();
        self.audited(ctx, "filter_set", target(&record), async move {
            let there = core.inner.store.filter_update(&record).await.map_err(same_name)?;
            if there { Ok(()) } else { Err(Error::NotFound) }
        })
        .await
    }

    /// Forgets a saved filter.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody else's, [`Error::Forbidden`] for everybody's unless the caller administers
    /// the installation.
    pub async fn filter_delete(&self, ctx: &Ctx, id: FilterId) -> Result<(), Error> {
        let kept = self.own_filter(ctx, id).await?;
        let core = self.clone();
        self.audited(ctx, "filter_delete", target(&kept), async move {
            core.inner.store.filter_delete(id).await?;
            Ok(())
        })
        .await
    }

    /// A filter that the caller may change.
    async fn own_filter(&self, ctx: &Ctx, id: FilterId) -> Result<FilterRecord, Error> {
        let kept = self.inner.store.filter_get(id).await?.ok_or(Error::NotFound)?;
        match kept.user {
            None => ctx.require_installation(Permission::Administer)?,
            Some(owner) if Some(owner) == ctx.user => {}
            Some(_) => return Err(Error::NotFound),
        }
        Ok(kept)
    }
}

/// Who is to own a filter; none for everybody.
fn owner(ctx: &Ctx, share: FilterShare) -> Result<Option<UserId>, Error> {
    match share {
        FilterShare::Everybody => {
            ctx.require_installation(Permission::Administer)?;
            Ok(None)
        }
        FilterShare::Mine => ctx.user.map(Some).ok_or(Error::Forbidden),
    }
}

fn with(record: FilterRecord, new: NewFilter) -> FilterRecord {
    FilterRecord {
        name: new.name,
        page: new.page.name().to_owned(),
        query: new.query,
        ..record
    }
}

fn shown(record: FilterRecord) -> Option<SavedFilter> {
    Some(SavedFilter {
        id: record.id,
        name: record.name,
        page: FilterPage::from_name(&record.page)?,
        query: record.query,
        share: match record.user {
            Some(_) => FilterShare::Mine,
            None => FilterShare::Everybody,
        },
    })
}

fn target(record: &FilterRecord) -> AuditTarget {
    AuditTarget::new(record.id, &record.name)
}

fn same_name(error: wxa_store::Error) -> Error {
    match error {
        wxa_store::Error::Duplicate => Error::Invalid {
            field: "name",
            why: "there is a filter of that name already: choose another name, or delete that one".into(),
        },
        other => other.into(),
    }
}
