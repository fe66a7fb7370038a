//! The tasks under way: what their hypervisors call them, and who asked them to stop.
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use wxa_model::TaskId;

/// Who asked a task to stop; none while nobody has.
pub(super) type Asked = watch::Receiver<Option<String>>;

/// All of them, by id.
#[derive(Debug, Default)]
pub(super) struct RunningTasks(Mutex<HashMap<TaskId, Running>>);

#[derive(Debug)]
struct Running {
    native: Option<String>,
    asked: watch::Sender<Option<String>>,
}

impl RunningTasks {
    /// A task begins.
    pub fn add(&self, id: TaskId) -> Asked {
        let (asked, told) = watch::channel(None);
        self.lock().insert(id, Running { native: None, asked });
        told
    }

    /// Its hypervisor calls it so.
    pub fn name(&self, id: TaskId, native: &str) {
        if let Some(running) = self.lock().get_mut(&id) {
            running.native = Some(native.to_owned());
        }
    }

    /// What its hypervisor calls it.
    pub fn native(&self, id: TaskId) -> Option<String> {
        self.lock().get(&id)?.native.clone()
    }

    /// `who` asks it to stop; none takes that back.
    pub fn ask(&self, id: TaskId, who: Option<String>) {
        if let Some(running) = self.lock().get(&id) {
            running.asked.send_replace(who);
        }
    }

    /// It has ended.
    pub fn remove(&self, id: TaskId) {
        self.lock().remove(&id);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TaskId, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
