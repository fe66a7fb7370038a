//! Links that open pages.
use crate::{Error, Store, TokenHash, row};
use std::fmt;
use wxa_model::{Network, StatusLinkId, StatusPageId, UnixMillis, status::Language};

/// A link as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusLinkRecord {
    /// Ours; of no use for opening anything.
    pub id: StatusLinkId,
    /// What it opens.
    pub page: StatusPageId,
    /// The hash of its secret.
    pub hash: TokenHash,
    /// Whom it is for.
    pub label: String,
    /// Who made it.
    pub by: String,
    /// When it was made, or got its secret last.
    pub created_at: UnixMillis,
    /// When it ends; none for never.
    pub expires_at: Option<UnixMillis>,
    /// When it was taken back; none while it was not.
    pub revoked_at: Option<UnixMillis>,
    /// A PHC string; none for no password.
    pub password_hash: Option<String>,
    /// Where it can be opened from; none for everywhere.
    pub addresses: Vec<Network>,
    /// The language for its readers; none for the page's.
    pub language: Option<Language>,
    /// The time zone for its readers; none for the page's.
    pub time_zone: Option<String>,
}

impl fmt::Debug for StatusLinkRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusLinkRecord")
            .field("id", &self.id)
            .field("page", &self.page)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    id: String,
    page: String,
    hash: Vec<u8>,
    label: String,
    by: String,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    password_hash: Option<String>,
    addresses: String,
    language: Option<String>,
    time_zone: Option<String>,
}

impl LinkRow {
    fn record(self) -> Result<StatusLinkRecord, Error> {
        let malformed = |column| Error::Malformed { column };
        let networks = self.addresses.split_whitespace();
        Ok(StatusLinkRecord {
            id: row::parse(&self.id, "status_link.id")?,
            page: row::parse(&self.page, "status_link.page")?,
            hash: TokenHash::try_from(self.hash.as_slice()).map_err(|_| malformed("status_link.hash"))?,
            label: self.label,
            by: self.by,
            created_at: row::from_sql(self.created_at),
            expires_at: self.expires_at.map(row::from_sql),
            revoked_at: self.revoked_at.map(row::from_sql),
            password_hash: self.password_hash,
            // A network that cannot be read must not leave the link open to everybody.
            addresses: networks
                .map(|text| text.parse().map_err(|()| malformed("status_link.addresses")))
                .collect::<Result<_, _>>()?,
            language: self.language.as_deref().and_then(Language::from_tag),
            time_zone: self.time_zone,
        })
    }
}

impl Store {
    /// All links that make sense, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_link_list(&self) -> Result<Vec<StatusLinkRecord>, Error> {
        let rows: Vec<LinkRow> = sqlx::query_as("select * from status_link order by created_at desc, id")
            .fetch_all(&self.pool)
            .await?;
        Ok(row::readable(rows, LinkRow::record))
    }

    /// Keeps a link, unless its page has `most` already. Returns whether it was kept.
    ///
    /// # Errors
    /// When the database does not answer, or the page is not there.
    pub async fn status_link_insert(&self, link: &StatusLinkRecord, most: u32) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let count: i64 = sqlx::query_scalar("select count(*) from status_link where page = ?")
            .bind(link.page.to_string())
            .fetch_one(&mut *tx)
            .await?;
        if count >= i64::from(most) {
            return Ok(false);
        }
        let addresses: Vec<String> = link.addresses.iter().map(ToString::to_string).collect();
        sqlx::query(
            r#"insert into status_link
               (id, page, hash, label, "by", created_at, expires_at, password_hash, addresses, language, time_zone)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"#,
        )
        .bind(link.id.to_string())
        .bind(link.page.to_string())
        .bind(link.hash.as_slice())
        .bind(&link.label)
        .bind(&link.by)
        .bind(row::to_sql(link.created_at))
        .bind(link.expires_at.map(row::to_sql))
        .bind(&link.password_hash)
        .bind(addresses.join(" "))
        .bind(link.language.map(Language::tag))
        .bind(&link.time_zone)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Gives a link another secret, unless it was taken back. Returns whether that was done.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_link_rotate(
        &self,
        id: StatusLinkId,
        hash: &TokenHash,
        now: UnixMillis,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "update status_link set hash = ?, created_at = ? where id = ? and revoked_at is null",
        )
        .bind(hash.as_slice())
        .bind(row::to_sql(now))
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes a link back; who opened it stays known. Returns whether it was there and had not been taken back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_link_revoke(&self, id: StatusLinkId, now: UnixMillis) -> Result<bool, Error> {
        let done = sqlx::query("update status_link set revoked_at = ? where id = ? and revoked_at is null")
            .bind(row::to_sql(now))
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets links that ended before `before`, with who opened them. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_link_prune(&self, before: UnixMillis) -> Result<u64, Error> {
        let done = sqlx::query("delete from status_link where coalesce(revoked_at, expires_at) < ?")
            .bind(row::to_sql(before))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }
}
