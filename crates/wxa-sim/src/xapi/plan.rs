//! What happens by itself at a later time.

use super::fleet;
use super::operations::{self, Operation};
use super::tasks;
use super::value::Ref;
use super::vm;
use super::world::World;

/// Something that is due.
#[derive(Debug, Clone)]
pub(super) enum Plan {
    /// An operation on a VM goes on.
    Progress(Operation),
    /// The guest's agent reports for the first time.
    GuestReports(Ref),
    /// Something crashed inside.
    Crash(Ref),
    /// A finished task is forgotten.
    Collect(Ref),
    /// Hosts tell that they live.
    Heartbeat,
    /// Something happens somewhere in the pool.
    Chance,
    /// A host that was shut down or rebooted is back.
    HostBack(Ref),
}

impl World {
    /// Does what is due.
    pub(super) fn happen(&mut self, plan: Plan) {
        match plan {
            Plan::Progress(operation) => operations::go_on(self, operation),
            Plan::GuestReports(vm) => vm::guest_reports(self, vm),
            Plan::Crash(vm) => vm::crash(self, vm),
            Plan::Collect(task) => {
                self.outcomes.remove(&task);
                if !tasks::is_pending(self, task) {
                    self.db.delete("task", task);
                }
            }
            Plan::Heartbeat => fleet::life::heartbeat(self),
            Plan::Chance => fleet::life::chance(self),
            Plan::HostBack(host) => {
                self.offline.remove(&host);
                let metrics = self.db.reference("host", host, "metrics");
                self.db.set("host_metrics", metrics, "live", true);
            }
        }
    }
}
