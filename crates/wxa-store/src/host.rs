//! Hosts with their sealed credentials.
use crate::{Error, MemberSshRecord, SiteRecord, Store, member_ssh, removed_host, row};
use std::{collections::HashMap, fmt};
use uuid::Uuid;
use wxa_model::{HostId, SiteId, Transport, Trust, UnixMillis};

/// A host as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct HostRecord {
    /// Ours.
    pub id: HostId,
    /// The site it stands in.
    pub site: SiteId,
    /// As the administrator calls it.
    pub name: String,
    /// How it is reached. Of the machine that the server runs on, address, port, user, credential and fingerprint are
    /// empty.
    pub transport: Transport,
    /// DNS name or IP address.
    pub address: String,
    /// SSH's port, or XAPI's.
    pub port: u16,
    /// Account on the host.
    pub user: String,
    /// How to sign in, sealed.
    pub credential: Vec<u8>,
    /// The pinned key, `SHA256:…`; for XAPI the pinned certificate, as hex with colons.
    pub fingerprint: String,
    /// By what a pool's certificate is known; where that is an authority, there is no fingerprint.
    pub trust: Trust,
    /// The UUID that a pool carries in XAPI.
    pub native_uuid: Option<Uuid>,
    /// The SSH host through which it is reached.
    pub jump: Option<JumpRecord>,
    /// How the members of a pool are reached over SSH; none where nobody set that up.
    pub member_ssh: Option<MemberSshRecord>,
    /// Folder with guest definitions.
    pub config_dir: String,
    /// When it was added.
    pub created_at: UnixMillis,
}

/// The SSH host through which another one is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct JumpRecord {
    /// DNS name or IP address.
    pub address: String,
    /// SSH port.
    pub port: u16,
    /// Account there.
    pub user: String,
    /// How to sign in, sealed.
    pub credential: Vec<u8>,
    /// The pinned key, `SHA256:…`.
    pub fingerprint: String,
}

impl fmt::Debug for HostRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostRecord")
            .field("id", &self.id)
            .field("name", &self.name)
            .field(
                "address",
                &format_args!("{}@{}:{}", self.user, self.address, self.port),
            )
            .finish_non_exhaustive()
    }
}

/// What forgetting a host took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostDeleted {
    /// There was no such host.
    NotThere,
    /// The host; its site stays.
    Alone,
    /// The host, and its site, which had nothing else in it.
    WithSite(SiteId),
}

/// What is to be different in a host's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostChange {
    /// What to call it.
    pub name: String,
    /// The site it stands in.
    pub site: SiteId,
    /// Folder with guest definitions.
    pub config_dir: String,
}

#[derive(sqlx::FromRow)]
struct HostRow {
    id: String,
    site: String,
    name: String,
    transport: String,
    address: String,
    port: i64,
    ssh_user: String,
    credential: Vec<u8>,
    fingerprint: String,
    trust: String,
    authority: Option<String>,
    native_uuid: Option<String>,
    jump_address: Option<String>,
    jump_port: Option<i64>,
    jump_user: Option<String>,
    jump_credential: Option<Vec<u8>>,
    jump_fingerprint: Option<String>,
    config_dir: String,
    created_at: i64,
}

impl HostRow {
    fn record(self, member_ssh: &mut HashMap<HostId, MemberSshRecord>) -> Result<HostRecord, Error> {
        let jump = match self.jump_address {
            None => None,
            Some(address) => Some(JumpRecord {
                address,
                port: port(self.jump_port.unwrap_or(22), "host.jump_port")?,
                user: self.jump_user.unwrap_or_default(),
                credential: self.jump_credential.unwrap_or_default(),
                fingerprint: self.jump_fingerprint.unwrap_or_default(),
            }),
        };
        let id = row::parse(&self.id, "host.id")?;
        Ok(HostRecord {
            id,
            member_ssh: member_ssh.remove(&id),
            site: row::parse(&self.site, "host.site")?,
            name: self.name,
            transport: transport(&self.transport)?,
            jump,
            address: self.address,
            port: port(self.port, "host.port")?,
            user: self.ssh_user,
            credential: self.credential,
            fingerprint: self.fingerprint,
            trust: trust(&self.trust, self.authority)?,
            native_uuid: self
                .native_uuid
                .map(|text| row::parse(&text, "host.native_uuid"))
                .transpose()?,
            config_dir: self.config_dir,
            created_at: row::from_sql(self.created_at),
        })
    }
}

pub(crate) fn word(transport: Transport) -> &'static str {
    match transport {
        Transport::Ssh => "ssh",
        Transport::Local => "local",
        Transport::Xapi => "xapi",
    }
}

fn transport(word: &str) -> Result<Transport, Error> {
    match word {
        "ssh" => Ok(Transport::Ssh),
        "local" => Ok(Transport::Local),
        "xapi" => Ok(Transport::Xapi),
        _ => Err(Error::Malformed {
            column: "host.transport",
        }),
    }
}

/// Both columns of what a pool is known by.
pub(crate) fn trust_columns(trust: &Trust) -> (&'static str, Option<&str>) {
    match trust {
        Trust::Pin => ("pin", None),
        Trust::System => ("system", None),
        Trust::Authority { certificates } => ("ca", Some(certificates)),
    }
}

fn trust(word: &str, authority: Option<String>) -> Result<Trust, Error> {
    match (word, authority) {
        ("pin", _) => Ok(Trust::Pin),
        ("system", _) => Ok(Trust::System),
        ("ca", Some(certificates)) => Ok(Trust::Authority { certificates }),
        _ => Err(Error::Malformed { column: "host.trust" }),
    }
}

pub(crate) fn port(number: i64, column: &'static str) -> Result<u16, Error> {
    u16::try_from(number).map_err(|_| Error::Malformed { column })
}

impl Store {
    /// All hosts, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_list(&self) -> Result<Vec<HostRecord>, Error> {
        let mut tx = self.pool.begin().await?;
        let rows: Vec<HostRow> = sqlx::query_as("select * from host order by created_at, rowid")
            .fetch_all(&mut *tx)
            .await?;
        let mut ssh = member_ssh::read(&mut tx, None).await?;
        rows.into_iter().map(|row| row.record(&mut ssh)).collect()
    }

    /// The host of that id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_get(&self, id: HostId) -> Result<Option<HostRecord>, Error> {
        let mut tx = self.pool.begin().await?;
        let row: Option<HostRow> = sqlx::query_as("select * from host where id = ?")
            .bind(id.to_string())
            .fetch_optional(&mut *tx)
            .await?;
        let mut ssh = member_ssh::read(&mut tx, Some(id)).await?;
        row.map(|row| row.record(&mut ssh)).transpose()
    }

    /// Whether a host with that key is there at that address and port.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_is_known(&self, fingerprint: &str, address: &str, port: u16) -> Result<bool, Error> {
        Ok(sqlx::query_scalar(
            "select exists (select 1 from host where fingerprint = ? and address = ? and port = ?)",
        )
        .bind(fingerprint)
        .bind(address)
        .bind(i64::from(port))
        .fetch_one(&self.pool)
        .await?)
    }

    /// What the pool that carries `uuid` is called in `site`; none when it was not added there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pool_name(&self, site: SiteId, uuid: Uuid) -> Result<Option<String>, Error> {
        Ok(
            sqlx::query_scalar("select name from host where site = ? and native_uuid = ?")
                .bind(site.to_string())
                .bind(uuid.to_string())
                .fetch_optional(&self.pool)
                .await?,
        )
    }

    /// Keeps a host, and its site when `new_site` is given, or neither.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when the host, its pool in that site, or a site of the new site's name, is there already.
    pub async fn host_insert(&self, host: &HostRecord, new_site: Option<&SiteRecord>) -> Result<(), Error> {
        let (trust, authority) = trust_columns(&host.trust);
        let mut tx = self.begin().await?;
        if let Some(site) = new_site {
            insert_site(&mut tx, site).await?;
        }
        sqlx::query(
            "insert into host (id, site, name, address, port, ssh_user, credential, fingerprint, config_dir, \
             created_at, transport, jump_address, jump_port, jump_user, jump_credential, jump_fingerprint, native_uuid, \
             trust, authority) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(host.id.to_string())
        .bind(host.site.to_string())
        .bind(&host.name)
        .bind(&host.address)
        .bind(i64::from(host.port))
        .bind(&host.user)
        .bind(&host.credential)
        .bind(&host.fingerprint)
        .bind(&host.config_dir)
        .bind(row::to_sql(host.created_at))
        .bind(word(host.transport))
        .bind(host.jump.as_ref().map(|jump| &jump.address))
        .bind(host.jump.as_ref().map(|jump| i64::from(jump.port)))
        .bind(host.jump.as_ref().map(|jump| &jump.user))
        .bind(host.jump.as_ref().map(|jump| &jump.credential))
        .bind(host.jump.as_ref().map(|jump| &jump.fingerprint))
        .bind(host.native_uuid.map(|uuid| uuid.to_string()))
        .bind(trust)
        .bind(authority)
        .execute(&mut *tx)
        .await?;
        removed_host::forget(&mut tx, host.id).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a host, and its site when nothing else is in it and no grant names it; which ones they were is remembered.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_delete(&self, id: HostId) -> Result<HostDeleted, Error> {
        let mut tx = self.begin().await?;
        removed_host::remember(&mut tx, id).await?;
        let site: Option<String> = sqlx::query_scalar("delete from host where id = ? returning site")
            .bind(id.to_string())
            .fetch_optional(&mut *tx)
            .await?;
        let Some(site) = site else {
            return Ok(HostDeleted::NotThere);
        };
        for sql in [
            "delete from object_tag where kind = 'host' and object = ?",
            "delete from object_notes where kind = 'host' and object = ?",
        ] {
            sqlx::query(sql).bind(id.to_string()).execute(&mut *tx).await?;
        }
        let emptied = delete_empty_site(&mut tx, &site).await?;
        tx.commit().await?;
        if emptied {
            Ok(HostDeleted::WithSite(row::parse(&site, "host.site")?))
        } else {
            Ok(HostDeleted::Alone)
        }
    }

    /// Changes a host's record, making `new_site` when it is given; a site that nothing is left in goes, unless a
    /// grant names it. Returns whether the host was there.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when a site of the new site's name, or the same pool in that site, is there already.
    pub async fn host_update(
        &self,
        id: HostId,
        change: &HostChange,
        new_site: Option<&SiteRecord>,
    ) -> Result<bool, Error> {
        let mut tx = self.begin().await?;
        let was: Option<String> = sqlx::query_scalar("select site from host where id = ?")
            .bind(id.to_string())
            .fetch_optional(&mut *tx)
            .await?;
        let Some(was) = was else {
            return Ok(false);
        };
        if let Some(site) = new_site {
            insert_site(&mut tx, site).await?;
        }
        sqlx::query("update host set name = ?, site = ?, config_dir = ? where id = ?")
            .bind(&change.name)
            .bind(change.site.to_string())
            .bind(&change.config_dir)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
        delete_empty_site(&mut tx, &was).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Changes by what a pool's certificate is known, and takes the pool with that UUID for it. Returns whether the host was
    /// there.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when another record has the same key, address and port, or that pool is in the site already.
    pub async fn host_set_trust(
        &self,
        id: HostId,
        trust: &Trust,
        fingerprint: &str,
        pool: Option<Uuid>,
    ) -> Result<bool, Error> {
        let (word, authority) = trust_columns(trust);
        let done = sqlx::query(
            "update host set trust = ?, authority = ?, fingerprint = ?, native_uuid = ? where id = ?",
        )
        .bind(word)
        .bind(authority)
        .bind(fingerprint)
        .bind(pool.map(|uuid| uuid.to_string()))
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Pins another key. Returns whether the host was there.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when another record with that key has the same address and port.
    pub async fn host_set_fingerprint(&self, id: HostId, fingerprint: &str) -> Result<bool, Error> {
        let done = sqlx::query("update host set fingerprint = ? where id = ?")
            .bind(fingerprint)
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Replaces the sealed credential. Returns whether the host was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_set_credential(&self, id: HostId, credential: &[u8]) -> Result<bool, Error> {
        let done = sqlx::query("update host set credential = ? where id = ?")
            .bind(credential)
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Replaces the sealed credential for the jump host. Returns whether there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_set_jump_credential(&self, id: HostId, credential: &[u8]) -> Result<bool, Error> {
        let done =
            sqlx::query("update host set jump_credential = ? where id = ? and jump_address is not null")
                .bind(credential)
                .bind(id.to_string())
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Pins another key of the jump host. Returns whether the host was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_set_jump_fingerprint(&self, id: HostId, fingerprint: &str) -> Result<bool, Error> {
        let done =
            sqlx::query("update host set jump_fingerprint = ? where id = ? and jump_address is not null")
                .bind(fingerprint)
                .bind(id.to_string())
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected() > 0)
    }
}

async fn insert_site(connection: &mut sqlx::SqliteConnection, site: &SiteRecord) -> Result<(), Error> {
    sqlx::query("insert into site (id, name, created_at) values (?, ?, ?)")
        .bind(site.id.to_string())
        .bind(&site.name)
        .bind(row::to_sql(site.created_at))
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes the site when nothing is in it and no grant names it. Returns whether it did.
async fn delete_empty_site(connection: &mut sqlx::SqliteConnection, site: &str) -> Result<bool, Error> {
    let done = sqlx::query(
        "delete from site where id = ?1 and not exists (select 1 from host where site = ?1) \
         and not exists (select 1 from user_grant where scope = 'site' and target = ?1)",
    )
    .bind(site)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}
