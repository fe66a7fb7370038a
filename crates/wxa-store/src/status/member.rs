//! What services consisted of when that was last known.
use crate::{Error, Store, row};
use sqlx::{Sqlite, Transaction};
use std::collections::HashMap;
use wxa_model::{HostId, ServiceId, status::Watched};

/// A VM or a host that belongs to a service, as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusMemberRecord {
    /// The service.
    pub service: ServiceId,
    /// The VM or host.
    pub member: Watched,
    /// Where it was; of a host, itself.
    pub host: HostId,
    /// The pool that the host is a member of.
    pub pool: Option<HostId>,
    /// What it was called.
    pub name: String,
    /// Its own tags.
    pub tags: Vec<String>,
}

#[derive(PartialEq, Eq, sqlx::FromRow)]
struct MemberRow {
    service: String,
    member: String,
    host: String,
    pool: Option<String>,
    name: String,
    tags: String,
}

impl MemberRow {
    /// None for what is no VM and no host.
    fn of(service: ServiceId, record: &StatusMemberRecord) -> Option<Self> {
        Some(Self {
            service: service.to_string(),
            member: match record.member {
                Watched::Vm(id) => format!("vm:{id}"),
                Watched::Host(id) => format!("host:{id}"),
                Watched::Check(_) | Watched::Service(_) => return None,
            },
            host: record.host.to_string(),
            pool: record.pool.map(|id| id.to_string()),
            name: record.name.clone(),
            // Text only: it is always written.
            tags: serde_json::to_string(&record.tags).unwrap_or_default(),
        })
    }

    fn record(self) -> Result<StatusMemberRecord, Error> {
        let column = "status_member.member";
        let member = match self.member.split_once(':') {
            Some(("vm", id)) => Watched::Vm(row::parse(id, column)?),
            Some(("host", id)) => Watched::Host(row::parse(id, column)?),
            _ => return Err(Error::Malformed { column }),
        };
        let pool = |id: String| row::parse(&id, "status_member.pool");
        Ok(StatusMemberRecord {
            service: row::parse(&self.service, "status_member.service")?,
            member,
            host: row::parse(&self.host, "status_member.host")?,
            pool: self.pool.map(pool).transpose()?,
            name: self.name,
            tags: serde_json::from_str(&self.tags).map_err(|_| Error::Malformed {
                column: "status_member.tags",
            })?,
        })
    }
}

impl Store {
    /// All that make sense.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn status_member_list(&self) -> Result<Vec<StatusMemberRecord>, Error> {
        let rows: Vec<MemberRow> = sqlx::query_as("select * from status_member")
            .fetch_all(&self.pool)
            .await?;
        Ok(row::readable(rows, MemberRow::record))
    }

    /// Puts these in the place of what these services consisted of; other services stay as they are. Only rows that differ are
    /// written. VMs and hosts only; others are left out.
    ///
    /// # Errors
    /// When the database does not answer; nothing is changed then.
    pub async fn status_member_set(
        &self,
        services: &[(ServiceId, Vec<StatusMemberRecord>)],
    ) -> Result<(), Error> {
        if services.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        for (service, members) in services {
            let rows: Vec<MemberRow> = sqlx::query_as("select * from status_member where service = ?")
                .bind(service.to_string())
                .fetch_all(&mut *tx)
                .await?;
            let mut kept: HashMap<String, MemberRow> =
                rows.into_iter().map(|row| (row.member.clone(), row)).collect();
            for row in members
                .iter()
                .filter_map(|member| MemberRow::of(*service, member))
            {
                if kept.remove(&row.member).as_ref() != Some(&row) {
                    put(&mut tx, row).await?;
                }
            }
            for member in kept.into_keys() {
                sqlx::query("delete from status_member where service = ? and member = ?")
                    .bind(service.to_string())
                    .bind(member)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

async fn put(tx: &mut Transaction<'static, Sqlite>, row: MemberRow) -> Result<(), Error> {
    sqlx::query(
        "insert or replace into status_member (service, member, host, pool, name, tags) values (?, ?, ?, ?, ?, ?)",
    )
    .bind(row.service)
    .bind(row.member)
    .bind(row.host)
    .bind(row.pool)
    .bind(row.name)
    .bind(row.tags)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
