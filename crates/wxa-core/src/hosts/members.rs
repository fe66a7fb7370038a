//! The members of a pool: those of the inventory, or, where it has none (the command line, a pool that was only just added),
//! those that the pool itself names.
use super::registry::{PROBE_BOUND, explain, no_answer};
use crate::{Core, Error};
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;
use wxa_driver::{Driver, DriverEvent};
use wxa_model::{Host, HostId, HostKind};
use wxa_store::HostRecord;

/// More members than a pool can have (XAPI: 64).
const MOST: usize = 256;

/// A member that can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PoolMember {
    pub(super) id: HostId,
    pub(super) uuid: Uuid,
    pub(super) name: String,
    pub(super) address: String,
}

impl Core {
    /// The members of a pool, by name.
    ///
    /// # Errors
    /// Only where the pool has to be asked.
    pub(super) async fn pool_members(&self, pool: &HostRecord) -> Result<Vec<PoolMember>, Error> {
        let published = self.live().inventory.now();
        let is_its = |host: &&Host| host.kind == HostKind::Member { pool: pool.id };
        let mut members: Vec<PoolMember> = published.hosts().filter(is_its).filter_map(listed).collect();
        if members.is_empty() {
            members = self.ask_members(pool).await?;
        }
        members.sort_by(|a, b| (&a.name, a.uuid).cmp(&(&b.name, b.uuid)));
        members.truncate(MOST);
        Ok(members)
    }

    async fn ask_members(&self, pool: &HostRecord) -> Result<Vec<PoolMember>, Error> {
        let spec = self.stored_spec(pool).await?;
        let driver = self.inner.connect.open(spec).map_err(explain)?;
        match timeout(PROBE_BOUND, told(driver.as_ref())).await {
            Ok(told) => told.map_err(explain),
            Err(_) => Err(no_answer()),
        }
    }
}

/// The members that a pool names before anything else is known of it.
async fn told(driver: &dyn Driver) -> Result<Vec<PoolMember>, wxa_driver::Error> {
    let (events, mut reports) = mpsc::channel(16);
    let gather = async {
        let mut members = Vec::new();
        while let Some(event) = reports.recv().await {
            match event {
                DriverEvent::Member(member) if members.len() < MOST => {
                    if let Some(uuid) = member.facts.uuid {
                        members.push(PoolMember {
                            id: member.id,
                            uuid,
                            name: member.name,
                            address: member.address,
                        });
                    }
                }
                DriverEvent::ResyncEnd => break,
                _ => {}
            }
        }
        members
    };
    tokio::select! {
        members = gather => Ok(members),
        error = driver.watch(events) => Err(error),
    }
}

fn listed(host: &Host) -> Option<PoolMember> {
    Some(PoolMember {
        id: host.id,
        uuid: host.facts.as_ref()?.uuid?,
        name: host.name.clone(),
        address: host.address.clone(),
    })
}
