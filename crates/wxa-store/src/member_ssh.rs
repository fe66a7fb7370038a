//! How the members of pools are reached over SSH.
use crate::{Error, Store, host::port, row};
use sqlx::SqliteConnection;
use std::{collections::HashMap, fmt};
use uuid::Uuid;
use wxa_model::HostId;

/// How the members of a pool are reached over SSH: all of them alike.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberSshRecord {
    /// Account on the members.
    pub user: String,
    /// SSH port.
    pub port: u16,
    /// How to sign in, sealed.
    pub credential: Vec<u8>,
    /// The pinned keys, `SHA256:…`, by the members' UUIDs, in their order.
    pub keys: Vec<(Uuid, String)>,
}

impl fmt::Debug for MemberSshRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemberSshRecord")
            .field("user", &self.user)
            .field("port", &self.port)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct SshRow {
    host: String,
    ssh_user: String,
    port: i64,
    credential: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    host: String,
    member: String,
    fingerprint: String,
}

/// Those of all pools, or of one.
pub(crate) async fn read(
    connection: &mut SqliteConnection,
    of: Option<HostId>,
) -> Result<HashMap<HostId, MemberSshRecord>, Error> {
    let of = of.map(|id| id.to_string());
    let rows: Vec<SshRow> = sqlx::query_as("select * from member_ssh where ?1 is null or host = ?1")
        .bind(&of)
        .fetch_all(&mut *connection)
        .await?;
    let keys: Vec<KeyRow> =
        sqlx::query_as("select * from member_ssh_key where ?1 is null or host = ?1 order by member")
            .bind(&of)
            .fetch_all(connection)
            .await?;
    let mut found = HashMap::new();
    for row in rows {
        let id: HostId = row::parse(&row.host, "member_ssh.host")?;
        let record = MemberSshRecord {
            user: row.ssh_user,
            port: port(row.port, "member_ssh.port")?,
            credential: row.credential,
            keys: Vec::new(),
        };
        found.insert(id, record);
    }
    for key in keys {
        let id: HostId = row::parse(&key.host, "member_ssh_key.host")?;
        let member = row::parse(&key.member, "member_ssh_key.member")?;
        if let Some(record) = found.get_mut(&id) {
            record.keys.push((member, key.fingerprint));
        }
    }
    Ok(found)
}

impl Store {
    /// Keeps how a pool's members are reached, in place of what was kept. Returns whether the pool was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_set_member_ssh(&self, id: HostId, ssh: &MemberSshRecord) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let there: bool = sqlx::query_scalar("select exists (select 1 from host where id = ?)")
            .bind(id.to_string())
            .fetch_one(&mut *tx)
            .await?;
        if !there {
            return Ok(false);
        }
        forget(&mut tx, id).await?;
        sqlx::query("insert into member_ssh (host, ssh_user, port, credential) values (?, ?, ?, ?)")
            .bind(id.to_string())
            .bind(&ssh.user)
            .bind(i64::from(ssh.port))
            .bind(&ssh.credential)
            .execute(&mut *tx)
            .await?;
        for (member, fingerprint) in &ssh.keys {
            sqlx::query("insert or replace into member_ssh_key (host, member, fingerprint) values (?, ?, ?)")
                .bind(id.to_string())
                .bind(member.to_string())
                .bind(fingerprint)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets how a pool's members are reached. Returns whether that was known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_delete_member_ssh(&self, id: HostId) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let was = forget(&mut tx, id).await?;
        tx.commit().await?;
        Ok(was)
    }
}

async fn forget(connection: &mut SqliteConnection, id: HostId) -> Result<bool, Error> {
    sqlx::query("delete from member_ssh_key where host = ?")
        .bind(id.to_string())
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query("delete from member_ssh where host = ?")
        .bind(id.to_string())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}
