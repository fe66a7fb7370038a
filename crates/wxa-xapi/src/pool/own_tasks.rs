//! Which of the pool's tasks are ours: they are told by the acts that wait for them, and not as what others do.
use crate::{reference::Ref, world::World};
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// More than are ever under way: those beyond that have ended are forgotten.
const MOST: usize = 4096;

/// Our tasks, by reference.
#[derive(Debug, Default)]
pub(crate) struct OwnTasks(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    begun: HashSet<Ref>,
    /// Calls on the way: the pool may tell of their tasks before it answers with them.
    beginning: usize,
}

/// A call on the way that will make a task.
#[derive(Debug)]
pub(crate) struct Beginning<'a>(&'a OwnTasks);

impl OwnTasks {
    /// A call is on the way.
    pub(crate) fn beginning(&self) -> Beginning<'_> {
        self.lock().beginning += 1;
        Beginning(self)
    }

    /// That task is ours.
    pub(crate) fn begun(&self, task: Ref) {
        self.lock().begun.insert(task);
    }

    /// All of them; none while a new task may be ours without our knowing.
    pub(crate) fn known(&self, world: &World) -> Option<HashSet<Ref>> {
        let mut state = self.lock();
        if state.begun.len() > MOST {
            state.begun.retain(|task| world.has_task(task));
        }
        (state.beginning == 0).then(|| state.begun.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Beginning<'_> {
    /// The call was answered.
    pub(crate) fn begun(self, task: Ref) {
        self.0.begun(task);
    }
}

impl Drop for Beginning<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.beginning = state.beginning.saturating_sub(1);
    }
}
