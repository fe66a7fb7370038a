//! Tasks of an earlier run that their hypervisors go on with: they are waited for as if nothing had happened.
use super::{How, record::Kept};
use crate::Core;
use wxa_store::TaskRecord;

impl Core {
    /// Goes on with `records`, which were left running. Their VMs' lanes are taken again.
    pub(crate) async fn resume_tasks(&self, records: Vec<TaskRecord>) {
        let live = self.live();
        for record in records {
            let (task, Some(native)) = (record.task, record.native) else {
                continue;
            };
            // Nothing was asked for in this run yet, and what is under way needs no leave.
            let Ok(slot) = live.tasks.reserve(task.vm, task.action, |_| Ok(())) else {
                continue;
            };
            tracing::info!(task = %task.id, action = task.action.name(), "going on with a task of an earlier run");
            let audit = record
                .audit
                .map(|id| self.inner.audit.resume(id, task.action.name()));
            let kept = Kept {
                store: self.inner.store.clone(),
                audit,
            };
            let how = How::Follow {
                native,
                hosts: live.hosts.clone(),
            };
            live.tasks.begin(task, slot, how, Box::new(kept)).await;
        }
        live.inventory.settled().await;
    }
}

#[cfg(test)]
mod tests;
