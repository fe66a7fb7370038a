//! The guests that came to a host from others, by which they are known after a start.
use crate::{Error, Store, row};
use wxa_model::{Arrival, HostId};

#[derive(sqlx::FromRow)]
struct ArrivalRow {
    run: String,
    vm: String,
    domid: u32,
    began: Option<i64>,
}

impl ArrivalRow {
    fn arrival(self) -> Result<Arrival, Error> {
        Ok(Arrival {
            run: row::parse(&self.run, "host_arrival.run")?,
            vm: row::parse(&self.vm, "host_arrival.vm")?,
            domid: self.domid,
            began: self.began.map(row::from_sql),
        })
    }
}

impl Store {
    /// The guests that came to a host, by their runs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_arrivals(&self, host: HostId) -> Result<Vec<Arrival>, Error> {
        let rows: Vec<ArrivalRow> =
            sqlx::query_as("select run, vm, domid, began from host_arrival where host = ? order by run")
                .bind(host.to_string())
                .fetch_all(&self.pool)
                .await?;
        rows.into_iter().map(ArrivalRow::arrival).collect()
    }

    /// Keeps the guests that have come to a host and run there now, and forgets all others. Nothing is kept for a host that is gone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_arrivals_put(&self, host: HostId, arrivals: &[Arrival]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from host_arrival where host = ?")
            .bind(host.to_string())
            .execute(&mut *tx)
            .await?;
        for arrival in arrivals {
            sqlx::query(
                "insert into host_arrival (host, run, vm, domid, began) select id, ?, ?, ?, ? from host where id = ?",
            )
            .bind(arrival.run.to_string())
            .bind(arrival.vm.to_string())
            .bind(arrival.domid)
            .bind(arrival.began.map(row::to_sql))
            .bind(host.to_string())
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }
}
