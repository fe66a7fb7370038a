//! Where what becomes of a task is kept: the database and the audit log.
use super::Step;
use crate::AuditRow;
use async_trait::async_trait;
use std::time::Duration;
use tokio::time::sleep;
use wxa_model::{Task, TaskId, TaskOutcome};
use wxa_store::{Error as StoreError, Store};

/// Between two tries to keep how an act ended.
const TRY_EVERY: Duration = Duration::from_secs(5);

/// Keeps what becomes of one task.
#[async_trait]
pub(crate) trait Record: Send + 'static {
    /// The hypervisor calls it `native`.
    async fn named(&mut self, task: TaskId, native: &str);

    /// It has ended, having gone through `steps`.
    async fn ended(self: Box<Self>, task: Task, steps: Vec<Step>);

    /// The server is stopped, and the hypervisor goes on: the next run keeps how it ended.
    fn left(self: Box<Self>);
}

/// The record of an act: its task and its audit row.
pub(crate) struct Kept {
    pub(super) store: Store,
    /// None of tasks of older versions.
    pub(super) audit: Option<AuditRow>,
}

#[async_trait]
impl Record for Kept {
    async fn named(&mut self, task: TaskId, native: &str) {
        // Without it the task is as one of a host that has no names: a restart in the middle leaves its outcome open.
        if let Err(error) = self.store.task_set_native(task, native).await {
            tracing::error!(%task, %error, "what the host calls a task could not be recorded");
        }
    }

    /// It is over, so there is nobody left to refuse it to: where there is no room for it now, there may be later; when the
    /// server is stopped before, the next start records that the end is not known.
    async fn ended(self: Box<Self>, task: Task, steps: Vec<Step>) {
        let keep = || async {
            self.store.task_put(&task).await?;
            self.store.task_steps_put(task.id, &steps).await
        };
        while let Err(error) = keep().await {
            tracing::error!(task = %task.id, %error, "the end of a task could not be recorded");
            if !matches!(error, StoreError::NotWritable(_) | StoreError::Busy) {
                break;
            }
            sleep(TRY_EVERY).await;
        }
        let Some(audit) = self.audit else { return };
        match &task.outcome {
            Some(TaskOutcome::Done) => audit.done("").await,
            Some(TaskOutcome::Failed { why } | TaskOutcome::Cancelled { why }) => audit.failed(why).await,
            Some(TaskOutcome::Unknown { why }) => audit.unknown(why).await,
            None => audit.unknown("it was given up").await,
        }
    }

    fn left(self: Box<Self>) {
        if let Some(audit) = self.audit {
            audit.leave();
        }
    }
}
