//! Incidents and maintenance.
use crate::{Error, Store, row};
use wxa_model::{
    NoticeId, StatusPageId, UnixMillis,
    status::{Incident, Maintenance},
};

/// What is told on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Something that went wrong.
    Incident(Incident),
    /// Work that was announced.
    Maintenance(Maintenance),
}

/// A notice and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRecord {
    /// The page.
    pub page: StatusPageId,
    /// What is told.
    pub notice: Notice,
}

impl Notice {
    /// Its id.
    pub fn id(&self) -> NoticeId {
        match self {
            Self::Incident(incident) => incident.id,
            Self::Maintenance(maintenance) => maintenance.id,
        }
    }

    /// When it began or begins.
    pub fn begins_at(&self) -> UnixMillis {
        match self {
            Self::Incident(incident) => incident.began_at,
            Self::Maintenance(maintenance) => maintenance.from,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Incident(_) => "incident",
            Self::Maintenance(_) => "maintenance",
        }
    }

    fn written(&self) -> String {
        // Plain fields only: it is always written.
        match self {
            Self::Incident(incident) => serde_json::to_string(incident),
            Self::Maintenance(maintenance) => serde_json::to_string(maintenance),
        }
        .unwrap_or_default()
    }
}

#[derive(sqlx::FromRow)]
struct NoticeRow {
    page: String,
    kind: String,
    body: String,
}

impl NoticeRow {
    fn record(self) -> Result<NoticeRecord, Error> {
        let malformed = || Error::Malformed {
            column: "status_notice.body",
        };
        let notice = match self.kind.as_str() {
            "incident" => serde_json::from_str(&self.body).ok().map(Notice::Incident),
            "maintenance" => serde_json::from_str(&self.body).ok().map(Notice::Maintenance),
            _ => None,
        };
        Ok(NoticeRecord {
            page: row::parse(&self.page, "status_notice.page")?,
            notice: notice.ok_or_else(malformed)?,
        })
    }
}

impl Store {
    /// Everything that is told and makes sense, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_notice_list(&self) -> Result<Vec<NoticeRecord>, Error> {
        let rows: Vec<NoticeRow> =
            sqlx::query_as("select page, kind, body from status_notice order by begins_at desc, id")
                .fetch_all(&self.pool)
                .await?;
        Ok(row::readable(rows, NoticeRow::record))
    }

    /// Keeps a notice, unless its page has `most` already. Returns whether it was kept.
    ///
    /// # Errors
    /// When the database does not answer, or the page is not there.
    pub async fn status_notice_insert(&self, record: &NoticeRecord, most: u32) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let count: i64 = sqlx::query_scalar("select count(*) from status_notice where page = ?")
            .bind(record.page.to_string())
            .fetch_one(&mut *tx)
            .await?;
        if count >= i64::from(most) {
            return Ok(false);
        }
        sqlx::query("insert into status_notice (id, page, kind, begins_at, body) values (?, ?, ?, ?, ?)")
            .bind(record.notice.id().to_string())
            .bind(record.page.to_string())
            .bind(record.notice.kind())
            .bind(row::to_sql(record.notice.begins_at()))
            .bind(record.notice.written())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Replaces a notice, unless it is not as it was `before` any more. Returns whether it was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_notice_update(&self, before: &Notice, notice: &Notice) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let kept: Option<NoticeRow> =
            sqlx::query_as("select page, kind, body from status_notice where id = ?")
                .bind(notice.id().to_string())
                .fetch_optional(&mut *tx)
                .await?;
        if kept.and_then(|kept| kept.record().ok()).map(|kept| kept.notice) != Some(before.clone()) {
            return Ok(false);
        }
        let done = sqlx::query("update status_notice set begins_at = ?, body = ? where id = ? and kind = ?")
            .bind(row::to_sql(notice.begins_at()))
            .bind(notice.written())
            .bind(notice.id().to_string())
            .bind(notice.kind())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes a notice. Returns whether it was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_notice_delete(&self, id: NoticeId) -> Result<bool, Error> {
        let done = sqlx::query("delete from status_notice where id = ?")
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}
