//! Links that open status pages: made, replaced, taken back; only the hash of their secret is kept.
use super::check::{invalid, line, zone};
use crate::{AuditTarget, Core, Ctx, Error, auth::token};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;
use wxa_model::{
    Network, StatusLinkId, StatusPageId, UnixMillis,
    status::{Language, StatusPage},
};
use wxa_store::{StatusLinkRecord, StatusOpenRecord, TokenHash};

/// The most links of a page, ended ones included while they are kept.
const LINKS_MOST: u32 = 200;
const LABEL_CHARS: usize = 64;
const ADDRESSES_MOST: usize = 50;
/// A link's password is guessed at the pace of sign-ins, and opens nothing without the link.
const PASSWORD_LEAST: usize = 8;
pub(super) const PASSWORD_MOST: usize = 200;
/// The most openings that are listed.
const OPENS_MOST: u32 = 500;

/// A link to make.
#[derive(Debug)]
pub struct NewStatusLink {
    /// Whom it is for.
    pub label: String,
    /// When it ends; none for never.
    pub expires_at: Option<UnixMillis>,
    /// What readers have to type; none for nothing.
    pub password: Option<SecretString>,
    /// Addresses and networks that it can be opened from; none for everywhere.
    pub addresses: Vec<String>,
    /// The language for its readers; none for the page's.
    pub language: Option<Language>,
    /// The time zone for its readers; none for the page's.
    pub time_zone: Option<String>,
}

/// Why a link opens nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEnded {
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// A link for its page's author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLinkEntry {
    /// Ours.
    pub id: StatusLinkId,
    /// Whom it is for.
    pub label: String,
    /// Who made it.
    pub by: String,
    /// When it was made, or rotated last.
    pub created_at: UnixMillis,
    /// When it ends; none for never.
    pub expires_at: Option<UnixMillis>,
    /// Why it opens nothing; none while it does.
    pub ended: Option<LinkEnded>,
    /// Whether readers have to type a password.
    pub has_password: bool,
    /// Where it can be opened from; none for everywhere.
    pub addresses: Vec<Network>,
    /// The language for its readers; none for the page's.
    pub language: Option<Language>,
    /// The time zone for its readers; none for the page's.
    pub time_zone: Option<String>,
    /// When it was opened last; none when never.
    pub last_opened_at: Option<UnixMillis>,
    /// How often it was opened, as far as that is kept.
    pub opens: u64,
}

/// Who opened a link, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkOpens {
    /// One for each hour, address and program.
    pub opens: Vec<StatusOpenRecord>,
    /// Whether older ones were left off.
    pub more: bool,
}

impl Core {
    /// The links of a page, the latest first. The page's creator sees them without any rights left, to take them back.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`] for others who may act on nothing; [`Error::NotFound`] also for somebody
    /// else's page.
    pub async fn status_link_list(
        &self,
        ctx: &Ctx,
        page: StatusPageId,
    ) -> Result<Vec<StatusLinkEntry>, Error> {
        let (picture, page) = self.status_page_closed(ctx, page).await?;
        self.status_opens_write().await?;
        let sums = self.inner.store.status_open_sums(page.id).await?;
        let sums: HashMap<_, _> = sums
            .into_iter()
            .map(|(link, opens, last)| (link, (opens, last)))
            .collect();
        let of_page = picture.links().filter(|link| link.page == page.id);
        let mut entries: Vec<StatusLinkEntry> = of_page
            .map(|link| {
                let entry = entry(link, self.now());
                match sums.get(&link.id) {
                    None => entry,
                    Some((opens, last)) => StatusLinkEntry {
                        opens: *opens,
                        last_opened_at: Some(*last),
                        ..entry
                    },
                }
            })
            .collect();
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.created_at), entry.id));
        Ok(entries)
    }

    /// Makes a link. Its secret is told here and kept nowhere.
    ///
    /// # Errors
    /// As for [`Core::status_link_list`], and [`Error::Forbidden`] for everybody who may act on nothing; [`Error::Invalid`].
    pub async fn status_link_create(
        &self,
        ctx: &Ctx,
        page: StatusPageId,
        new: NewStatusLink,
    ) -> Result<(StatusLinkEntry, SecretString), Error> {
        let (_, page) = self.status_page_built(ctx, page).await?;
        let now = self.now();
        let label = line("label", &new.label, 1, LABEL_CHARS)?;
        if new.expires_at.is_some_and(|at| at <= now) {
            return Err(invalid("expires_at", "that is over already"));
        }
        if let Some(password) = &new.password {
            check_password(password)?;
        }
        let (secret, hash) = token::new();
        let link = StatusLinkRecord {
            id: StatusLinkId(Uuid::new_v4()),
            page: page.id,
            hash,
            label,
            by: ctx.who(),
            created_at: now,
            expires_at: new.expires_at,
            revoked_at: None,
            password_hash: None,
            addresses: networks(&new.addresses)?,
            language: new.language,
            time_zone: new.time_zone.as_deref().map(zone).transpose()?,
        };
        let core = self.clone();
        self.audited(ctx, "status_link_create", target(&page, &link), async move {
            let link = StatusLinkRecord {
                password_hash: match new.password {
                    Some(password) => Some(core.inner.passwords.hash(&password).await?),
                    None => None,
                },
                ..link
            };
            if !core.inner.store.status_link_insert(&link, LINKS_MOST).await? {
                let why = format!(
                    "the page has {LINKS_MOST} links already; those that ended are forgotten after 90 days"
                );
                return Err(invalid("label", why));
            }
            core.status_changed().await;
            Ok((entry(&link, now), secret))
        })
        .await
    }

    /// Gives a link a new secret: the old one opens nothing from now on.
    ///
    /// # Errors
    /// As for [`Core::status_link_create`], of the link's page; [`Error::Invalid`] for one that has ended.
    pub async fn status_link_rotate(
        &self,
        ctx: &Ctx,
        id: StatusLinkId,
    ) -> Result<(StatusLinkEntry, SecretString), Error> {
        let (link, page) = self.status_link_built(ctx, id).await?;
        let now = self.now();
        if ended(&link, now).is_some() {
            return Err(invalid("link", "this link has ended: make a new one"));
        }
        let (secret, hash) = token::new();
        let link = StatusLinkRecord {
            hash,
            created_at: now,
            ..StatusLinkRecord::clone(&link)
        };
        let core = self.clone();
        self.audited(ctx, "status_link_rotate", target(&page, &link), async move {
            if !core.inner.store.status_link_rotate(id, &link.hash, now).await? {
                return Err(Error::NotFound);
            }
            core.status_changed().await;
            Ok((entry(&link, now), secret))
        })
        .await
    }

    /// Takes a link back. The page's creator can, without any rights left.
    ///
    /// # Errors
    /// As for [`Core::status_link_list`], of the link's page.
    pub async fn status_link_revoke(&self, ctx: &Ctx, id: StatusLinkId) -> Result<(), Error> {
        let (link, page) = self.status_link_closed(ctx, id).await?;
        let core = self.clone();
        self.audited(ctx, "status_link_revoke", target(&page, &link), async move {
            core.inner.store.status_link_revoke(id, core.now()).await?;
            core.status_changed().await;
            Ok(())
        })
        .await
    }

    /// Who opened a link and when.
    ///
    /// # Errors
    /// As for [`Core::status_link_create`], of the link's page.
    pub async fn status_link_opens(&self, ctx: &Ctx, id: StatusLinkId) -> Result<LinkOpens, Error> {
        let (link, _) = self.status_link_built(ctx, id).await?;
        self.status_opens_write().await?;
        let mut opens = self
            .inner
            .store
            .status_open_list(link.id, OPENS_MOST.saturating_add(1))
            .await?;
        let most = usize::try_from(OPENS_MOST).unwrap_or(usize::MAX);
        let more = opens.len() > most;
        opens.truncate(most);
        Ok(LinkOpens { opens, more })
    }
}

/// What is kept of a link's secret. Looking up by it leaks nothing: whoever can time the lookup learns about the hash only.
pub(super) fn hash_of(secret: &str) -> TokenHash {
    token::hash(&SecretString::from(secret.to_owned()))
}

/// Why a link opens nothing any more; none while it does.
pub(super) fn ended(link: &StatusLinkRecord, now: UnixMillis) -> Option<LinkEnded> {
    match (link.revoked_at, link.expires_at) {
        (Some(_), _) => Some(LinkEnded::Revoked),
        (None, Some(at)) if at <= now => Some(LinkEnded::Expired),
        _ => None,
    }
}

fn entry(link: &StatusLinkRecord, now: UnixMillis) -> StatusLinkEntry {
    StatusLinkEntry {
        id: link.id,
        label: link.label.clone(),
        by: link.by.clone(),
        created_at: link.created_at,
        expires_at: link.expires_at,
        ended: ended(link, now),
        has_password: link.password_hash.is_some(),
        addresses: link.addresses.clone(),
        language: link.language,
        time_zone: link.time_zone.clone(),
        last_opened_at: None,
        opens: 0,
    }
}

fn networks(texts: &[String]) -> Result<Vec<Network>, Error> {
    if texts.len() > ADDRESSES_MOST {
        return Err(invalid(
            "addresses",
            format!("use at most {ADDRESSES_MOST} addresses and networks"),
        ));
    }
    let mut seen = BTreeSet::new();
    let mut networks = Vec::new();
    for text in texts {
        let network: Network = text
            .trim()
            .parse()
            .map_err(|()| invalid("addresses", "write addresses or networks such as 192.0.2.0/24"))?;
        if seen.insert(network.to_string()) {
            networks.push(network);
        }
    }
    Ok(networks)
}

fn check_password(password: &SecretString) -> Result<(), Error> {
    let chars = password.expose_secret().chars().count();
    match (PASSWORD_LEAST..=PASSWORD_MOST).contains(&chars) {
        true => Ok(()),
        false => Err(invalid(
            "password",
            format!("use {PASSWORD_LEAST} to {PASSWORD_MOST} characters"),
        )),
    }
}

fn target(page: &StatusPage, link: &StatusLinkRecord) -> AuditTarget {
    AuditTarget::new(link.id, format!("{}: {}", page.title, link.label))
}
