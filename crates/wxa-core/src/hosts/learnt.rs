//! What a driver has learnt of its host that cannot be asked of the host itself: it is kept for the next start.
use wxa_driver::Driver;
use wxa_model::{Arrival, HostId, KnownMember, UnixMillis};
use wxa_store::{Error, Store};

/// Guests of one host that are remembered as having come from others: more than any runs.
const ARRIVALS: usize = 4096;

/// What was learnt of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Learnt {
    /// Of a pool: the members by which it is found when its coordinator is down.
    pub(super) members: Vec<KnownMember>,
    /// Of a plain host: its guests that came from others.
    pub(super) arrivals: Vec<Arrival>,
}

impl Learnt {
    /// What a driver tells now; none before it has learnt anything.
    pub(super) fn by(driver: &dyn Driver) -> Option<Self> {
        match (driver.members(), driver.arrivals()) {
            (None, None) => None,
            (members, arrivals) => Some(Self {
                members: members.unwrap_or_default(),
                // A host that tells of ever more is not believed, and does not fill the file.
                arrivals: arrivals.into_iter().flatten().take(ARRIVALS).collect(),
            }),
        }
    }

    /// What is kept of a host.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn of(store: &Store, host: HostId) -> Result<Self, Error> {
        Ok(Self {
            members: store.host_members(host).await?,
            arrivals: store.host_arrivals(host).await?,
        })
    }

    /// Keeps it in place of what is kept of the host.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn keep(&self, store: &Store, host: HostId, now: UnixMillis) -> Result<(), Error> {
        store.host_members_put(host, &self.members, now).await?;
        store.host_arrivals_put(host, &self.arrivals).await
    }
}
