//! Who opened which link: counted by the hour, written in batches.
use crate::{Error, Store, row};
use wxa_model::{StatusLinkId, StatusPageId, UnixMillis};

const HOUR_MS: u64 = 60 * 60 * 1000;

/// Openings of a link within an hour, from one address by one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusOpenRecord {
    /// The link.
    pub link: StatusLinkId,
    /// From where; empty for the rest of an hour in which very many opened it.
    pub address: String,
    /// What the program calls itself, in short.
    pub agent: String,
    /// The first of them.
    pub first_at: UnixMillis,
    /// The last of them, within the same hour.
    pub last_at: UnixMillis,
    /// How often.
    pub opens: u64,
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    link: String,
    address: String,
    agent: String,
    first_at: i64,
    last_at: i64,
    opens: i64,
}

impl OpenRow {
    fn record(self) -> Result<StatusOpenRecord, Error> {
        Ok(StatusOpenRecord {
            link: row::parse(&self.link, "status_open.link")?,
            address: self.address,
            agent: self.agent,
            first_at: row::from_sql(self.first_at),
            last_at: row::from_sql(self.last_at),
            opens: u64::try_from(self.opens).unwrap_or_default(),
        })
    }
}

impl Store {
    /// Adds openings to what is known. Those of links that are gone are left out; where a link has `most` rows for an
    /// hour, further addresses are counted together.
    ///
    /// # Errors
    /// When the database does not answer; nothing is kept then.
    pub async fn status_open_add(&self, opens: &[StatusOpenRecord], most: u32) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for open in opens {
            let (link, hour) = (open.link.to_string(), hour(open.first_at));
            let full: bool = sqlx::query_scalar(
                "select count(*) >= ? from status_open where link = ? and hour = ?
                 and not exists (select 1 from status_open where link = ? and hour = ? and address = ? and agent = ?)",
            )
            .bind(most)
            .bind(&link)
            .bind(hour)
            .bind(&link)
            .bind(hour)
            .bind(&open.address)
            .bind(&open.agent)
            .fetch_one(&mut *tx)
            .await?;
            let (address, agent) = if full {
                ("", "")
            } else {
                (open.address.as_str(), open.agent.as_str())
            };
            sqlx::query(
                "insert into status_open (link, hour, address, agent, first_at, last_at, opens)
                 select ?, ?, ?, ?, ?, ?, ? where exists (select 1 from status_link where id = ?)
                 on conflict (link, hour, address, agent) do update set
                   first_at = min(first_at, excluded.first_at),
                   last_at = max(last_at, excluded.last_at),
                   opens = opens + excluded.opens",
            )
            .bind(&link)
            .bind(hour)
            .bind(address)
            .bind(agent)
            .bind(row::to_sql(open.first_at))
            .bind(row::to_sql(open.last_at))
            .bind(i64::try_from(open.opens).unwrap_or(i64::MAX))
            .bind(&link)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// The latest openings of a link, at most so many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_open_list(
        &self,
        link: StatusLinkId,
        most: u32,
    ) -> Result<Vec<StatusOpenRecord>, Error> {
        let rows: Vec<OpenRow> = sqlx::query_as(
            "select link, address, agent, first_at, last_at, opens from status_open
             where link = ? order by last_at desc, address, agent limit ?",
        )
        .bind(link.to_string())
        .bind(most)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(OpenRow::record).collect()
    }

    /// For each link of a page that was opened: how often, and when last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_open_sums(
        &self,
        page: StatusPageId,
    ) -> Result<Vec<(StatusLinkId, u64, UnixMillis)>, Error> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "select link, sum(opens), max(last_at) from status_open
             where link in (select id from status_link where page = ?) group by link",
        )
        .bind(page.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(link, opens, last)| {
                let opens = u64::try_from(opens).unwrap_or_default();
                Ok((row::parse(&link, "status_open.link")?, opens, row::from_sql(last)))
            })
            .collect()
    }

    /// Forgets openings before `before`. Returns how many rows.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_open_prune(&self, before: UnixMillis) -> Result<u64, Error> {
        // Link by link, so that the key is of use.
        let done =
            sqlx::query("delete from status_open where link in (select id from status_link) and hour < ?")
                .bind(hour(before))
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected())
    }
}

fn hour(at: UnixMillis) -> i64 {
    i64::try_from(at.0 / HOUR_MS).unwrap_or(i64::MAX)
}
