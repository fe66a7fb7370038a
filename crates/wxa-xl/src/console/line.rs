//! Connections for consoles, apart from the control connection: a console that prints much slows no one else.
use crate::{config::Reach, transport::Connection};
use std::sync::{Arc, Weak};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use wxa_driver::Error;

/// Consoles per connection; each may need a second session for what is typed, and a moment's third.
const CONSOLES: usize = 4;

/// The connections in use. They close with the last console on them.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    open: Mutex<Vec<Weak<Shared>>>,
}

#[derive(Debug)]
struct Shared {
    connection: Connection,
    places: Arc<Semaphore>,
}

/// A console's place on a connection.
#[derive(Debug)]
pub(crate) struct Line {
    shared: Arc<Shared>,
    _place: OwnedSemaphorePermit,
}

impl Line {
    pub(crate) fn connection(&self) -> &Connection {
        &self.shared.connection
    }
}

impl Lines {
    /// A free place, on a new connection where there is none.
    pub(crate) async fn take(&self, reach: &Reach) -> Result<Line, Error> {
        let mut open = self.open.lock().await;
        open.retain(|shared| {
            shared
                .upgrade()
                .is_some_and(|shared| !shared.connection.is_closed())
        });
        for shared in open.iter().filter_map(Weak::upgrade) {
            if let Ok(place) = shared.places.clone().try_acquire_owned() {
                return Ok(Line {
                    shared,
                    _place: place,
                });
            }
        }
        let shared = Arc::new(Shared {
            connection: Connection::open(reach).await?,
            places: Arc::new(Semaphore::new(CONSOLES)),
        });
        open.push(Arc::downgrade(&shared));
        let place = shared
            .places
            .clone()
            .try_acquire_owned()
            .map_err(|error| Error::new(wxa_driver::ErrorKind::Internal, error.to_string()))?;
        Ok(Line {
            shared,
            _place: place,
        })
    }
}
