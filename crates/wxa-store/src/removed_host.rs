//! Hosts that were removed: one that is added anew goes on with its past.
use crate::{Error, Store, row};
use uuid::Uuid;
use wxa_model::{HostId, SiteId, Transport};

/// So many are remembered, the latest ones.
const MOST: i64 = 1000;

/// A host that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedHost {
    /// The id it had.
    pub id: HostId,
    /// The UUID that a pool carries in XAPI.
    pub native_uuid: Option<Uuid>,
    /// Its site; none where a site of that id is there.
    pub site: Option<RemovedSite>,
}

/// The site that a host stood in, which went with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedSite {
    /// The id it had.
    pub id: SiteId,
    /// What it was called.
    pub name: String,
}

impl Store {
    /// The host that was removed last of those with that key at that address and port.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn removed_host(
        &self,
        transport: Transport,
        fingerprint: &str,
        address: &str,
        port: u16,
    ) -> Result<Option<RemovedHost>, Error> {
        let found: Option<(String, Option<String>, String, String, bool)> = sqlx::query_as(
            "select id, native_uuid, site, site_name, exists (select 1 from site where id = removed_host.site) from removed_host \
             where fingerprint = ? and address = ? and port = ? and transport = ? order by rowid desc limit 1",
        )
        .bind(fingerprint)
        .bind(address)
        .bind(i64::from(port))
        .bind(crate::host::word(transport))
        .fetch_optional(&self.pool)
        .await?;
        let Some((id, native_uuid, site, name, site_is_there)) = found else {
            return Ok(None);
        };
        let site = match site_is_there {
            true => None,
            false => Some(RemovedSite {
                id: row::parse(&site, "removed_host.site")?,
                name,
            }),
        };
        Ok(Some(RemovedHost {
            id: row::parse(&id, "removed_host.id")?,
            native_uuid: native_uuid
                .map(|uuid| row::parse(&uuid, "removed_host.native_uuid"))
                .transpose()?,
            site,
        }))
    }
}

/// Remembers a host that is about to be removed.
pub(crate) async fn remember(connection: &mut sqlx::SqliteConnection, id: HostId) -> Result<(), Error> {
    sqlx::query(
        "insert or replace into removed_host (id, site, site_name, transport, address, port, fingerprint, native_uuid) \
         select host.id, site.id, site.name, transport, address, port, fingerprint, native_uuid \
         from host join site on site.id = host.site where host.id = ?",
    )
    .bind(id.to_string())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "delete from removed_host where rowid not in (select rowid from removed_host order by rowid desc limit ?)",
    )
    .bind(MOST)
    .execute(connection)
    .await?;
    Ok(())
}

/// A host of that id is there again.
pub(crate) async fn forget(connection: &mut sqlx::SqliteConnection, id: HostId) -> Result<(), Error> {
    sqlx::query("delete from removed_host where id = ?")
        .bind(id.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
