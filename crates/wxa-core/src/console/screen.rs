//! Screens: a connection to the guest's RFB server for each viewer, because RFB cannot be joined midway.
//!
//! Each viewer has a worker. It waits for the guest, opens the screen, shakes hands with both sides (so that neither has to know what
//! the other speaks, and no password of a display ever reaches a browser), and then carries bytes: pictures as they come, and of
//! what the viewer sends only what it may. When the guest reboots or moves, the worker opens the screen anew and begins another session on the
//! same socket. Nothing is kept of what was shown.
mod api;
mod places;
mod relay;
mod viewer;
mod worker;

pub use places::ScreenWatcher;
pub use viewer::{ScreenItem, ScreenViewer, ScreenWord};

use super::rfb::Hand;
use crate::{
    Error,
    hosts_worker::Hosts,
    inventory::Inventory,
    supervisor::{Restart, Supervisor},
};
use places::Places;
use tokio::sync::mpsc;
use worker::Worker;
use wxa_model::{UnixMillis, VmId};

/// Viewers of one screen.
pub const VIEWERS: usize = 64;
/// Viewers of all of them: each costs a connection to a host.
pub const SCREENS: usize = 512;
/// Pieces that may wait in each direction; whoever is slow slows the other end.
const QUEUE: usize = 8;

/// The screens. Cloning gives another handle.
#[derive(Clone)]
pub struct Screens {
    supervisor: Supervisor,
    inventory: Inventory,
    hosts: Hosts,
    places: Places,
}

impl Screens {
    /// Without any viewer yet.
    pub(crate) fn new(supervisor: Supervisor, inventory: Inventory, hosts: Hosts) -> Self {
        Self {
            supervisor,
            inventory,
            hosts,
            places: Places::default(),
        }
    }

    /// A new viewer of a VM's screen. Rights are the caller's to check.
    ///
    /// # Errors
    /// [`Error::TooMany`] when too many look.
    fn open(&self, vm: VmId, name: &str, hand: Hand, since: UnixMillis) -> Result<ScreenViewer, Error> {
        let place = self.places.take(vm, name, hand, since);
        let place = place.ok_or(Error::TooMany { retry_after_s: 5 })?;
        let (items, shown) = mpsc::channel(QUEUE);
        let (words, said) = mpsc::channel(QUEUE);
        let worker = Worker::new(vm, hand, self.inventory.clone(), self.hosts.clone(), items, said);
        let mut once = Some(worker);
        // One that fails ends its viewer's stream, who comes back and gets a new one.
        self.supervisor
            .spawn(format!("screen {vm}"), Restart::Forget, move |stop| {
                let worker = once.take();
                async move {
                    if let Some(worker) = worker {
                        worker.run(stop).await;
                    }
                    Ok(())
                }
            });
        Ok(ScreenViewer::new(place, shown, words))
    }
}

#[cfg(test)]
mod tests;
