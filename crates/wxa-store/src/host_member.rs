//! The members that pools told us, by which they are found when their coordinator is down at a start.
use crate::{Error, Store, row};
use wxa_model::{HostId, KnownMember, UnixMillis};

#[derive(sqlx::FromRow)]
struct MemberRow {
    address: String,
    names: String,
    fingerprints: String,
}

impl MemberRow {
    fn member(self) -> Result<KnownMember, Error> {
        let list = |text: &str, column| serde_json::from_str(text).map_err(|_| Error::Malformed { column });
        Ok(KnownMember {
            names: list(&self.names, "host_member.names")?,
            fingerprints: list(&self.fingerprints, "host_member.fingerprints")?,
            address: self.address,
        })
    }
}

impl Store {
    /// The members that a pool told, by address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_members(&self, host: HostId) -> Result<Vec<KnownMember>, Error> {
        let rows: Vec<MemberRow> = sqlx::query_as(
            "select address, names, fingerprints from host_member where host = ? order by address",
        )
        .bind(host.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(MemberRow::member).collect()
    }

    /// Keeps the members that a pool tells now, and forgets those that it does not tell any more. Nothing is kept for a host
    /// that is gone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_members_put(
        &self,
        host: HostId,
        members: &[KnownMember],
        at: UnixMillis,
    ) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from host_member where host = ?")
            .bind(host.to_string())
            .execute(&mut *tx)
            .await?;
        for member in members {
            let list = |texts: &[String]| serde_json::Value::from(texts.to_vec()).to_string();
            sqlx::query(
                "insert into host_member (host, address, names, fingerprints, learnt_at) \
                 select id, ?, ?, ?, ? from host where id = ?",
            )
            .bind(&member.address)
            .bind(list(&member.names))
            .bind(list(&member.fingerprints))
            .bind(row::to_sql(at))
            .bind(host.to_string())
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }
}
