//! Reading a status page: through a link, or at its open address.
use super::{links, picture::Picture};
use crate::{Core, Ctx, Error};
use secrecy::{ExposeSecret as _, SecretString};
use std::{fmt, net::IpAddr, sync::Arc};
use wxa_model::{
    StatusLinkId, StatusPageId, UnixMillis,
    status::{Audience, Language, StatusPage, view::StatusView},
};
use wxa_store::StatusLinkRecord;

/// No secret of ours is longer.
const TOKEN_CHARS: usize = 64;
/// Where nothing tells how long to wait.
const RETRY_AFTER_S: u64 = 5;

/// Which way a reader comes.
#[derive(Clone, Copy)]
pub enum Door<'a> {
    /// By a link.
    Link {
        /// Its secret.
        token: &'a str,
        /// The reader's address.
        from: IpAddr,
        /// What [`Core::status_unlock`] gave, as the reader's browser brings it back.
        unlocked: Option<&'a str>,
    },
    /// By the address that the page's author chose.
    Slug {
        /// It.
        slug: &'a str,
    },
}

impl fmt::Debug for Door<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link { from, .. } => f.debug_struct("Link").field("from", from).finish_non_exhaustive(),
            Self::Slug { slug } => f.debug_struct("Slug").field("slug", slug).finish(),
        }
    }
}

/// The same page through the same door, for whoever keeps what was rendered. It says nothing to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DoorKey {
    pub(crate) page: StatusPageId,
    pub(crate) link: Option<StatusLinkId>,
}

/// A page that may be read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Page and door.
    pub cache_key: DoorKey,
    /// Another one whenever `view`, language or time zone are. Unique over restarts.
    pub revision: u64,
    /// What the reader sees.
    pub view: Arc<StatusView>,
    /// The link's language, else the page's.
    pub language: Language,
    /// The link's time zone, else the page's: an IANA name.
    pub time_zone: String,
    /// When the door closes by itself; none for never.
    pub valid_until: Option<UnixMillis>,
}

/// Why a page may not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// There is no such page or link, or it has ended, or not for this address: which, is not told.
    NotFound,
    /// The link's password is to be given first.
    PasswordNeeded,
    /// It is for those who are signed in.
    SignInNeeded,
    /// Too many wrong links or passwords came from there.
    TooMany {
        /// Seconds until it makes sense to try again.
        retry_after_s: u64,
    },
    /// Pages cannot be read now, by nobody.
    Later {
        /// Seconds until it makes sense to try again.
        retry_after_s: u64,
    },
}

impl Core {
    /// Opens a page for a reader. Cheap: what is read often is in memory, and the view is shared.
    ///
    /// # Errors
    /// [`Shut`].
    pub async fn status_open(&self, ctx: &Ctx, door: Door<'_>) -> Result<Opened, Shut> {
        let picture = self.status_picture().await.map_err(later)?;
        match door {
            Door::Slug { slug } => {
                let page = open_page(&picture, slug, ctx)?;
                self.opened(&picture, page, None).await
            }
            Door::Link {
                token,
                from,
                unlocked,
            } => {
                let Some((link, page)) = self.open_link(&picture, token, from) else {
                    return Err(self.wrong_link(from));
                };
                let now = self.now();
                let is_unlocked = || unlocked.is_some_and(|value| self.status_is_unlocked(link, value, now));
                if link.password_hash.is_some() && !is_unlocked() {
                    return Err(Shut::PasswordNeeded);
                }
                let opened = self.opened(&picture, page, Some(link)).await?;
                let opens = &self.inner.status_pages.opens;
                opens.count(link.id, &from.to_canonical().to_string(), &ctx.agent, now);
                Ok(opened)
            }
        }
    }

    /// Takes a link's password. Gives what the reader's browser is to keep and bring back as `unlocked`: of use for this
    /// link with this password only, for twelve hours.
    ///
    /// # Errors
    /// [`Shut::PasswordNeeded`] for a wrong one.
    pub async fn status_unlock(
        &self,
        ctx: &Ctx,
        token: &str,
        from: IpAddr,
        password: &SecretString,
    ) -> Result<String, Shut> {
        let picture = self.status_picture().await.map_err(later)?;
        let Some((link, _)) = self.open_link(&picture, token, from) else {
            return Err(self.wrong_link(from));
        };
        if link.password_hash.is_none() {
            return Ok(self.status_unlocked(link, self.now()));
        }
        if password.expose_secret().chars().count() > links::PASSWORD_MOST {
            return Err(Shut::PasswordNeeded);
        }
        let throttle = &self.inner.status_pages.throttle;
        let attempt = throttle
            .begin(&link.id.to_string(), &from.to_string(), self.now())
            .map_err(|retry_after_s| Shut::TooMany { retry_after_s })?;
        let fits = self
            .inner
            .passwords
            .verify(password, link.password_hash.clone())
            .await;
        match fits {
            Ok(true) => {
                throttle.succeeded(&attempt, self.now());
                Ok(self.status_unlocked(link, self.now()))
            }
            Ok(false) => {
                tracing::info!(link = %link.id, %from, request = %ctx.request_id, "a wrong password for a status page's link");
                Err(Shut::PasswordNeeded)
            }
            Err(error) => {
                throttle.withdrawn(&attempt);
                Err(match error {
                    Error::TooMany { retry_after_s } => Shut::TooMany { retry_after_s },
                    other => {
                        tracing::error!(error = %other, "a link's password could not be checked");
                        later(other)
                    }
                })
            }
        }
    }

    /// The link and its page; none for every reason there may be.
    fn open_link<'a>(
        &self,
        picture: &'a Picture,
        token: &str,
        from: IpAddr,
    ) -> Option<(&'a StatusLinkRecord, &'a StatusPage)> {
        if token.len() > TOKEN_CHARS {
            return None;
        }
        let link = picture.link(&links::hash_of(token))?;
        let page = picture.pages.get(&link.page)?;
        let from_there =
            link.addresses.is_empty() || link.addresses.iter().any(|network| network.contains(from));
        let is_open = from_there && links::ended(link, self.now()).is_none();
        picture.open_creator(page).filter(|_| is_open)?;
        Some((&**link, &**page))
    }

    /// What to say of a link that opens nothing.
    fn wrong_link(&self, from: IpAddr) -> Shut {
        let throttle = &self.inner.status_pages.throttle;
        match throttle.wrong_token(&from.to_string(), self.now()) {
            Ok(()) => Shut::NotFound,
            Err(retry_after_s) => Shut::TooMany { retry_after_s },
        }
    }

    async fn opened(
        &self,
        picture: &Arc<Picture>,
        page: &StatusPage,
        link: Option<&StatusLinkRecord>,
    ) -> Result<Opened, Shut> {
        let made = self.status_view(picture, page).await.map_err(|error| {
            tracing::error!(%error, "a status page could not be put together");
            later(error)
        })?;
        let zone = link.and_then(|link| link.time_zone.as_ref());
        Ok(Opened {
            cache_key: DoorKey {
                page: page.id,
                link: link.map(|link| link.id),
            },
            revision: made.revision,
            view: made.view.clone(),
            language: link.and_then(|link| link.language).unwrap_or(page.language),
            time_zone: zone.unwrap_or(&page.time_zone).clone(),
            valid_until: link.and_then(|link| link.expires_at),
        })
    }
}

/// Nothing is shown that may be open no more.
fn later(error: Error) -> Shut {
    Shut::Later {
        retry_after_s: match error {
            Error::TooMany { retry_after_s } => retry_after_s,
            _ => RETRY_AFTER_S,
        },
    }
}

/// The page at an open address. One that is for links only is not there.
fn open_page<'a>(picture: &'a Picture, slug: &str, ctx: &Ctx) -> Result<&'a StatusPage, Shut> {
    let page: &StatusPage = picture.by_slug(slug).ok_or(Shut::NotFound)?;
    picture.open_creator(page).ok_or(Shut::NotFound)?;
    match page.audience {
        Audience::Everybody => Ok(page),
        Audience::SignedIn if ctx.user.is_some() && !ctx.grants.is_empty() => Ok(page),
        Audience::SignedIn => Err(Shut::SignInNeeded),
        Audience::Links => Err(Shut::NotFound),
    }
}
