//! The same object under a new id: its past comes along.
use super::{MetricStore, SeriesKey};
use crate::Error;
use std::collections::HashMap;
use wxa_model::{HostId, VmId};

/// Old ids and new ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    /// VMs.
    pub vms: HashMap<VmId, VmId>,
    /// Hosts, with their parts.
    pub hosts: HashMap<HostId, HostId>,
}

impl Renamed {
    /// The same, back.
    #[must_use]
    pub fn back(&self) -> Self {
        Self {
            vms: self.vms.iter().map(|(from, to)| (*to, *from)).collect(),
            hosts: self.hosts.iter().map(|(from, to)| (*to, *from)).collect(),
        }
    }

    /// What has that key from now on; none where it stays.
    pub fn of(&self, key: &SeriesKey) -> Option<SeriesKey> {
        Some(match key {
            SeriesKey::Vm(vm) => SeriesKey::Vm(*self.vms.get(vm)?),
            SeriesKey::Host(host) => SeriesKey::Host(*self.hosts.get(host)?),
            SeriesKey::Part(host, part) => SeriesKey::Part(*self.hosts.get(host)?, part.clone()),
        })
    }
}

impl MetricStore {
    /// Gives what is kept of old ids to new ones, in one transaction. What has a past of its own under its new id keeps that one.
    ///
    /// # Errors
    /// When the database cannot be written: nothing is changed then.
    pub async fn rename(&self, renamed: &Renamed) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        let moved: Vec<(SeriesKey, SeriesKey, u32)> = {
            let known = self.numbers();
            let pairs = known
                .iter()
                .filter_map(|(key, number)| Some((key.clone(), renamed.of(key)?, *number)));
            pairs.filter(|(_, to, _)| !known.contains_key(to)).collect()
        };
        for (_, to, number) in &moved {
            sqlx::query("update metric_object set name = ? where number = ?")
                .bind(to.name())
                .bind(i64::from(*number))
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        let mut known = self.numbers();
        for (from, to, number) in moved {
            known.remove(&from);
            known.insert(to, number);
        }
        Ok(())
    }
}
