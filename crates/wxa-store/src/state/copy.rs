//! The same thing under another id: its past is that one's too.
use super::key;
use crate::{Error, Store};
use wxa_model::status::Watched;

impl Store {
    /// Gives the second of each pair the past of the first, as far as it is after its own. What goes on ends there at the moment
    /// up to which it is known. The first keeps its past, so that doing it twice does no harm.
    ///
    /// # Errors
    /// When the database cannot be written: nothing was, then.
    pub async fn state_copy(&self, pairs: &[(Watched, Watched)]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for (from, to) in pairs {
            let ((kind, from), (_, to)) = (key(*from), key(*to));
            sqlx::query(
                "insert or ignore into state_subject (kind, uuid) \
                 select kind, ?3 from state_subject where kind = ?1 and uuid = ?2",
            )
            .bind(kind)
            .bind(from.as_bytes().as_slice())
            .bind(to.as_bytes().as_slice())
            .execute(&mut *tx)
            .await?;
            sqlx::query(
                "with past as ( \
                     select began, coalesce(ended, (select known from state_period order by id desc limit 1)) as ended, standing \
                     from state_span where subject = (select id from state_subject where kind = ?1 and uuid = ?2)), \
                 own as (select id from state_subject where kind = ?1 and uuid = ?3) \
                 insert or ignore into state_span (subject, began, ended, standing) \
                 select own.id, past.began, past.ended, past.standing from past, own \
                 where past.ended > past.began and past.began >= coalesce( \
                     (select max(coalesce(ended, began)) from state_span where subject = own.id), 0)",
            )
            .bind(kind)
            .bind(from.as_bytes().as_slice())
            .bind(to.as_bytes().as_slice())
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }
}
