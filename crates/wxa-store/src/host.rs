//! Hosts with their sealed credentials.
use crate::{Error, SiteRecord, Store, row};
use std::fmt;
use wxa_model::{HostId, SiteId, UnixMillis};

/// A host as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct HostRecord {
    /// Ours.
    pub id: HostId,
    /// The site it stands in.
    pub site: SiteId,
    /// As the administrator calls it.
    pub name: String,
    /// DNS name or IP address.
    pub address: String,
    /// SSH port.
    pub port: u16,
    /// Account on the host.
    pub user: String,
    /// How to sign in, sealed.
    pub credential: Vec<u8>,
    /// The pinned key, `SHA256:…`.
    pub fingerprint: String,
    /// Folder with guest definitions.
    pub config_dir: String,
    /// When it was added.
    pub created_at: UnixMillis,
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

#[derive(sqlx::FromRow)]
struct HostRow {
    id: String,
    site: String,
    name: String,
    address: String,
    port: i64,
    ssh_user: String,
    credential: Vec<u8>,
    fingerprint: String,
    config_dir: String,
    created_at: i64,
}

impl HostRow {
    fn record(self) -> Result<HostRecord, Error> {
        Ok(HostRecord {
            id: row::parse(&self.id, "host.id")?,
            site: row::parse(&self.site, "host.site")?,
            name: self.name,
            address: self.address,
            port: u16::try_from(self.port).map_err(|_| Error::Malformed { column: "host.port" })?,
            user: self.ssh_user,
            credential: self.credential,
            fingerprint: self.fingerprint,
            config_dir: self.config_dir,
            created_at: row::from_sql(self.created_at),
        })
    }
}

impl Store {
    /// All hosts, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_list(&self) -> Result<Vec<HostRecord>, Error> {
        let rows: Vec<HostRow> = sqlx::query_as("select * from host order by created_at, rowid")
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(HostRow::record).collect()
    }

    /// The host of that id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_get(&self, id: HostId) -> Result<Option<HostRecord>, Error> {
        let row: Option<HostRow> = sqlx::query_as("select * from host where id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(HostRow::record).transpose()
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

    /// Keeps a host, and its site when `new_site` is given, or neither.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when the host, or a site of the new site's name, is there already.
    pub async fn host_insert(&self, host: &HostRecord, new_site: Option<&SiteRecord>) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        if let Some(site) = new_site {
            sqlx::query("insert into site (id, name, created_at) values (?, ?, ?)")
                .bind(site.id.to_string())
                .bind(&site.name)
                .bind(row::to_sql(site.created_at))
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query(
            "insert into host (id, site, name, address, port, ssh_user, credential, fingerprint, config_dir, \
             created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a host, and its site when nothing else is in it and no grant names it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn host_delete(&self, id: HostId) -> Result<HostDeleted, Error> {
        let mut tx = self.begin().await?;
        let site: Option<String> = sqlx::query_scalar("delete from host where id = ? returning site")
            .bind(id.to_string())
            .fetch_optional(&mut *tx)
            .await?;
        let Some(site) = site else {
            return Ok(HostDeleted::NotThere);
        };
        let emptied = sqlx::query(
            "delete from site where id = ?1 and not exists (select 1 from host where site = ?1) \
             and not exists (select 1 from user_grant where scope = 'site' and target = ?1)",
        )
        .bind(&site)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        if emptied.rows_affected() > 0 {
            Ok(HostDeleted::WithSite(row::parse(&site, "host.site")?))
        } else {
            Ok(HostDeleted::Alone)
        }
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
}
