//! Everything that lives while the server runs: workers, inventory, measurements, hosts, tasks, consoles.
use crate::{
    clock::Clock,
    console::{Consoles, Screens, tapes::Tapes},
    hosts_worker::Hosts,
    inventory::Inventory,
    metrics::Samples,
    supervisor::Supervisor,
    tasks::Tasks,
};
use std::sync::Arc;

/// What live state needs to know.
pub(crate) struct LiveConfig {
    /// Names this run of the server; not 0.
    pub epoch: u64,
    /// Tells the time of day.
    pub clock: Arc<dyn Clock>,
    /// Keeps the workers, and stops them.
    pub supervisor: Supervisor,
    /// What is kept of consoles.
    pub tapes: Tapes,
}

/// The live state; it ends with its supervisor. Cloning gives another handle to the same.
#[derive(Clone)]
pub(crate) struct Live {
    pub supervisor: Supervisor,
    pub inventory: Inventory,
    pub samples: Samples,
    pub hosts: Hosts,
    pub tasks: Tasks,
    pub consoles: Consoles,
    pub screens: Screens,
}

impl Live {
    /// Starts the owners of all live state; must be called within a tokio runtime.
    pub fn start(config: LiveConfig) -> Self {
        let supervisor = config.supervisor;
        let inventory = Inventory::start(config.epoch, &supervisor);
        let samples = Samples::new();
        let hosts = Hosts::new(
            supervisor.clone(),
            inventory.clone(),
            samples.clone(),
            config.clock.clone(),
        );
        let tasks = Tasks::start(supervisor.clone(), inventory.clone(), config.clock);
        let consoles = Consoles::new(supervisor.clone(), inventory.clone(), hosts.clone(), config.tapes);
        let screens = Screens::new(supervisor.clone(), inventory.clone(), hosts.clone());
        Self {
            supervisor,
            inventory,
            samples,
            hosts,
            tasks,
            consoles,
            screens,
        }
    }
}
