//! Who opened which link: counted in memory by the hour, written in batches, so that readers cause no writing.
use super::kept::lock;
use crate::{Core, Error};
use std::{collections::HashMap, sync::Mutex};
use wxa_model::{StatusLinkId, UnixMillis, agent};
use wxa_store::StatusOpenRecord;

/// The most rows that wait to be written; what comes beyond is counted without saying from where.
const WAITING_MOST: usize = 5000;
/// The most rows of a link within an hour.
pub(super) const HOUR_MOST: u32 = 200;
const HOUR_MS: u64 = 60 * 60 * 1000;

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Opens(Mutex<HashMap<Who, Counted>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Who {
    link: StatusLinkId,
    hour: u64,
    address: String,
    agent: String,
}

#[derive(Clone, Copy, Debug)]
struct Counted {
    first_at: UnixMillis,
    last_at: UnixMillis,
    opens: u64,
}

impl Opens {
    /// A link was opened.
    pub(super) fn count(&self, link: StatusLinkId, address: &str, program: &str, at: UnixMillis) {
        let who = Who {
            link,
            hour: at.0 / HOUR_MS,
            address: address.to_owned(),
            agent: match program.trim() {
                "" => String::new(),
                program => agent::words(program),
            },
        };
        self.add(
            who,
            Counted {
                first_at: at,
                last_at: at,
                opens: 1,
            },
        );
    }

    /// All that waits.
    fn take(&self) -> Vec<StatusOpenRecord> {
        let waiting = std::mem::take(&mut *lock(&self.0));
        let records = waiting.into_iter().map(|(who, counted)| StatusOpenRecord {
            link: who.link,
            address: who.address,
            agent: who.agent,
            first_at: counted.first_at,
            last_at: counted.last_at,
            opens: counted.opens,
        });
        records.collect()
    }

    /// It could not be written: it waits on.
    fn put_back(&self, records: Vec<StatusOpenRecord>) {
        for record in records {
            let who = Who {
                link: record.link,
                hour: record.first_at.0 / HOUR_MS,
                address: record.address,
                agent: record.agent,
            };
            self.add(
                who,
                Counted {
                    first_at: record.first_at,
                    last_at: record.last_at,
                    opens: record.opens,
                },
            );
        }
    }

    fn add(&self, who: Who, new: Counted) {
        let mut waiting = lock(&self.0);
        let who = if waiting.len() < WAITING_MOST || waiting.contains_key(&who) {
            who
        } else {
            Who {
                address: String::new(),
                agent: String::new(),
                ..who
            }
        };
        let counted = waiting.entry(who).or_insert(Counted { opens: 0, ..new });
        counted.first_at = counted.first_at.min(new.first_at);
        counted.last_at = counted.last_at.max(new.last_at);
        counted.opens = counted.opens.saturating_add(new.opens);
    }
}

impl Core {
    /// Writes what waits.
    pub(super) async fn status_opens_write(&self) -> Result<(), Error> {
        let opens = &self.inner.status_pages.opens;
        let waiting = opens.take();
        if waiting.is_empty() {
            return Ok(());
        }
        let written = self.inner.store.status_open_add(&waiting, HOUR_MOST).await;
        if written.is_err() {
            opens.put_back(waiting);
        }
        Ok(written?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const LINK: StatusLinkId = StatusLinkId(Uuid::from_u128(1));

    #[test]
    fn openings_are_counted_by_hour_address_and_program() {
        let opens = Opens::default();
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        for at in [1000, 2000, HOUR_MS + 1] {
            opens.count(LINK, "192.0.2.1", firefox, UnixMillis(at));
        }
        opens.count(LINK, "192.0.2.2", "", UnixMillis(5));
        let mut rows = opens.take();
        rows.sort_by_key(|row| row.first_at);
        let told: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.address.as_str(),
                    row.agent.as_str(),
                    row.first_at.0,
                    row.last_at.0,
                    row.opens,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("192.0.2.2", "", 5, 5, 1),
                ("192.0.2.1", "Firefox on Linux", 1000, 2000, 2),
                ("192.0.2.1", "Firefox on Linux", HOUR_MS + 1, HOUR_MS + 1, 1),
            ]
        );
        assert!(opens.take().is_empty());
    }

    #[test]
    fn a_crowd_is_counted_in_bounded_memory_and_none_of_it_is_lost() {
        let opens = Opens::default();
        let crowd = WAITING_MOST + 100;
        for n in 0..crowd {
            opens.count(LINK, &format!("address {n}"), "curl/8", UnixMillis(7));
        }
        let rows = opens.take();
        assert_eq!(rows.len(), WAITING_MOST + 1);
        opens.put_back(rows);
        let sum: u64 = opens.take().iter().map(|row| row.opens).sum();
        assert_eq!(sum, crowd as u64);
    }
}
