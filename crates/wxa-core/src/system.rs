//! What the server says about itself: for the system page, the command line's doctor and support bundles.
mod process;

pub use process::ProcessFacts;

use crate::{Core, Ctx, Error, audit::AuditCheck, hosts_worker::HostTraffic, supervisor::WorkerStatus};
use std::{fs, path::Path, sync::Arc};
use wxa_model::{HostId, Link, Permission, UnixMillis};
use wxa_store::DatabaseFacts;

/// Everything about the running core. Holds no secrets: it may go into a support bundle.
#[derive(Clone, Debug)]
pub struct SystemFacts {
    /// By the server's clock.
    pub now: UnixMillis,
    /// When this run began.
    pub started_at: UnixMillis,
    /// The process.
    pub process: ProcessFacts,
    /// What the database says; none when it does not answer.
    pub database: Option<DatabaseFacts>,
    /// Bytes of the database file.
    pub database_bytes: u64,
    /// Bytes of its write-ahead log.
    pub wal_bytes: u64,
    /// Measurements over time; none when their file does not answer.
    pub measurements: Option<KeptFacts>,
    /// What consoles printed; none when their file does not answer.
    pub printed: Option<PrintedFacts>,
    /// The data folder.
    pub folder: String,
    /// Bytes free for us on its disk, and bytes of the disk; none where the system does not tell.
    pub disk: Option<(u64, u64)>,
    /// All workers.
    pub workers: Vec<WorkerStatus>,
    /// All connections by name: hosts, and pools without their members.
    pub hosts: Vec<HostStatus>,
    /// All queues that may hold somebody up or drop something.
    pub queues: Vec<QueueStatus>,
    /// Console sessions that are kept.
    pub consoles: usize,
    /// The last check of the audit log; none before the first has ended.
    pub audit: Option<Arc<AuditCheck>>,
}

/// What is kept of measurements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptFacts {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of its write-ahead log.
    pub wal_bytes: u64,
    /// VMs, hosts and parts of hosts that something is kept of.
    pub objects: u64,
    /// Minutes that could not be written in time since the start.
    pub given_up: u64,
}

/// What is kept of consoles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrintedFacts {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of its write-ahead log.
    pub wal_bytes: u64,
    /// Consoles that something is kept of.
    pub consoles: u64,
    /// Bytes that they printed, of those that are kept.
    pub bytes: u64,
    /// The most that is kept of all together.
    pub most_bytes: u64,
    /// Bytes that could not be written in time since the start.
    pub lost: u64,
}

/// A host as the system page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct HostStatus {
    /// Its id.
    pub id: HostId,
    /// Its name.
    pub name: String,
    /// How the connection stands.
    pub link: Link,
    /// When it was last heard.
    pub last_word: Option<UnixMillis>,
    /// What has come from it.
    pub traffic: HostTraffic,
}

/// A queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueStatus {
    /// Which.
    pub name: &'static str,
    /// What waits in it now.
    pub waiting: usize,
    /// How much may wait.
    pub room: usize,
    /// What was dropped since the start; 0 for queues that make their senders wait.
    pub dropped: u64,
}

impl Core {
    /// What the server says about itself.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation.
    pub async fn system_facts(&self, ctx: &Ctx) -> Result<SystemFacts, Error> {
        ctx.require_installation(Permission::Administer)?;
        let (inner, live) = (&self.inner, self.live());
        let folder = self.folder().unwrap_or_default();
        let database = inner.store.database_facts().await;
        if let Err(error) = &database {
            tracing::warn!(%error, "the database does not say how large it is");
        }
        let queues = vec![
            live.inventory.queue(),
            live.samples.queue(),
            live.consoles.tapes().queue(),
            self.histories_left(),
        ];
        Ok(SystemFacts {
            now: self.now(),
            started_at: inner.started_at,
            process: ProcessFacts::read(),
            database: database.ok(),
            database_bytes: bytes_of(&folder.join("webxenadmin.db")),
            wal_bytes: bytes_of(&folder.join("webxenadmin.db-wal")),
            measurements: self.kept_facts(&folder).await,
            printed: self.printed_facts(&folder).await,
            folder: folder.display().to_string(),
            disk: disk(&folder),
            workers: live.supervisor.status(),
            hosts: self.host_statuses(),
            queues,
            consoles: live.consoles.count(),
            audit: inner.audit_checks.last(),
        })
    }

    async fn kept_facts(&self, folder: &Path) -> Option<KeptFacts> {
        match self.inner.metrics.store()?.facts().await {
            Ok(facts) => Some(KeptFacts {
                bytes: bytes_of(&folder.join("metrics.db")),
                wal_bytes: bytes_of(&folder.join("metrics.db-wal")),
                objects: facts.objects,
                given_up: self.live().samples.minutes_given_up(),
            }),
            Err(error) => {
                tracing::warn!(%error, "the file of measurements does not say how large it is");
                None
            }
        }
    }

    async fn printed_facts(&self, folder: &Path) -> Option<PrintedFacts> {
        let tapes = self.live().consoles.tapes();
        match tapes.store()?.facts().await {
            Ok(facts) => Some(PrintedFacts {
                file_bytes: bytes_of(&folder.join("consoles.db")),
                wal_bytes: bytes_of(&folder.join("consoles.db-wal")),
                consoles: facts.tapes,
                bytes: facts.bytes,
                most_bytes: tapes.recording().common().total_bytes,
                lost: tapes.queue().dropped,
            }),
            Err(error) => {
                tracing::warn!(%error, "the file of consoles does not say how large it is");
                None
            }
        }
    }

    fn host_statuses(&self) -> Vec<HostStatus> {
        let traffic = self.live().hosts.traffic();
        let published = self.live().inventory.now();
        let status = |host: &wxa_model::Host| HostStatus {
            id: host.id,
            name: host.name.clone(),
            link: host.link.clone(),
            last_word: host.last_word,
            traffic: traffic.get(&host.id).copied().unwrap_or_default(),
        };
        let connected = published.hosts().filter(|host| host.kind.pool().is_none());
        let mut hosts: Vec<_> = connected.map(status).collect();
        hosts.sort_by(|a, b| a.name.cmp(&b.name));
        hosts
    }
}

/// 0 when there is no such file.
fn bytes_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

fn disk(folder: &Path) -> Option<(u64, u64)> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some((
        disk.f_bavail.saturating_mul(disk.f_frsize),
        disk.f_blocks.saturating_mul(disk.f_frsize),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::test_core::{TestCore, stranger};

    #[tokio::test]
    async fn an_administrator_is_told_how_the_server_is_and_nobody_else() {
        let core = TestCore::start().await;
        let facts = core.system_facts(&Ctx::command_line()).await.unwrap();
        let database = facts.database.unwrap();
        assert!(database.schema_version >= 2, "{database:?}");
        assert!(facts.database_bytes > 0);
        assert!(facts.measurements.unwrap().bytes > 0);
        let (free, total) = facts.disk.unwrap();
        assert!(free <= total && total > 0);
        assert!(facts.process.memory_bytes > Some(1 << 20), "{:?}", facts.process);
        assert!(facts.workers.iter().any(|worker| worker.name == "inventory"));
        assert_eq!(
            facts.folder,
            core.folder.path().canonicalize().unwrap().display().to_string()
        );
        assert!(matches!(
            core.system_facts(&stranger()).await,
            Err(Error::Forbidden)
        ));
        core.stop().await;
    }

    #[tokio::test]
    async fn what_can_be_told_is_told_when_the_database_does_not_answer() {
        let core = TestCore::start().await;
        core.inner.store.close().await;
        let facts = core.system_facts(&Ctx::command_line()).await.unwrap();
        assert_eq!(facts.database, None);
        assert!(!facts.queues.is_empty());
        core.stop().await;
    }
}
