//! Reading how things stood.
use super::{PeriodRecord, SpanRecord, SpanRow, key, records};
use crate::{Error, Store, row};
use wxa_model::{UnixMillis, status::Watched};

/// Subjects that are looked up at a time.
const SOME: usize = 500;

impl Store {
    /// What is kept of `of` and reaches into a time; of each subject together, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn state_spans(
        &self,
        of: &[Watched],
        from: UnixMillis,
        until: UnixMillis,
    ) -> Result<Vec<SpanRecord>, Error> {
        let mut found = Vec::new();
        for some in of.chunks(SOME) {
            let keys: Vec<(i64, String)> = some
                .iter()
                .map(|of| {
                    let (kind, uuid) = key(*of);
                    (kind, uuid.simple().to_string())
                })
                .collect();
            let keys = serde_json::to_string(&keys).map_err(|_| Error::Malformed { column: "keys" })?;
            // Spans of one subject do not overlap: of those that began before, only the last one may reach into the time.
            let rows: Vec<SpanRow> = sqlx::query_as(
                "select s.kind, s.uuid, p.began, p.ended, p.standing from json_each(?1) k \
                 cross join state_subject s on s.kind = k.value ->> 0 and s.uuid = unhex(k.value ->> 1) \
                 cross join state_span p on p.subject = s.id and p.began < ?3 and p.began >= coalesce( \
                     (select max(began) from state_span where subject = s.id and began <= ?2), 0) \
                 where p.ended is null or p.ended > ?2 order by p.subject, p.began",
            )
            .bind(keys)
            .bind(row::to_sql(from))
            .bind(row::to_sql(until))
            .fetch_all(&self.pool)
            .await?;
            found.extend(records(rows)?);
        }
        Ok(found)
    }

    /// Whether anything was ever kept of it, as far as it was not too old.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn state_knows(&self, of: Watched) -> Result<bool, Error> {
        let (kind, uuid) = key(of);
        let found: Option<i64> =
            sqlx::query_scalar("select id from state_subject where kind = ? and uuid = ?")
                .bind(kind)
                .bind(uuid.as_bytes().as_slice())
                .fetch_optional(&self.pool)
                .await?;
        Ok(found.is_some())
    }

    /// The periods in which states were recorded, in the order in which they began to be.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn state_periods(&self) -> Result<Vec<PeriodRecord>, Error> {
        let rows: Vec<(i64, i64)> = sqlx::query_as("select began, known from state_period order by id")
            .fetch_all(&self.pool)
            .await?;
        let period = |(began, known)| PeriodRecord {
            began: row::from_sql(began),
            known: row::from_sql(known),
        };
        Ok(rows.into_iter().map(period).collect())
    }
}
