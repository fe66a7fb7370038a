//! The way of measurements without a server around it, to be measured itself.
use super::{Samples, minutes::HOUR_MS};
use std::path::Path;
use wxa_model::{HostId, SampleBatch, UnixMillis};
use wxa_store::{Error, MetricStore, OpenError, SeriesKey};

/// Rings, minutes, ledger and the file.
#[derive(Debug)]
pub struct MetricsBench {
    samples: Samples,
    store: MetricStore,
}

impl MetricsBench {
    /// With a file at `path`.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        Ok(Self {
            samples: Samples::new(),
            store: MetricStore::open(path).await?.0,
        })
    }

    /// Takes a batch, as the worker of a host does.
    pub fn ingest(&self, host: HostId, batch: SampleBatch) {
        self.samples.push(host, batch);
    }

    /// Writes the minutes that are over at `now`, and packs the hours. Tells how many minutes it wrote.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn roll_up(&self, now: UnixMillis) -> Result<u64, Error> {
        let mut count = 0;
        loop {
            let over = self.samples.minutes().over(now.0);
            let Some((minute, rows)) = over else { break };
            self.store.put_minute(minute, &rows).await?;
            count += 1;
        }
        while self.store.pack_some(now.0 / HOUR_MS).await? {}
        Ok(count)
    }

    /// Reads the hours of hosts, as a question for a site's year does. Tells how many values it found.
    ///
    /// # Errors
    /// When the file does not answer.
    pub async fn hours_of(&self, hosts: &[HostId], from: UnixMillis, to: UnixMillis) -> Result<usize, Error> {
        let mut found = 0;
        for host in hosts {
            let key = SeriesKey::Host(*host);
            let slots = self
                .store
                .hours(&key, from.0 / HOUR_MS, to.0.div_ceil(HOUR_MS))
                .await?;
            found += slots.values().map(std::collections::BTreeMap::len).sum::<usize>();
        }
        Ok(found)
    }

    /// The file, e.g. for its size or to fill in a past.
    pub fn store(&self) -> &MetricStore {
        &self.store
    }
}
