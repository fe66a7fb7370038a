//! One act on several VMs, row by row: what waits, what is under way, how each ended. Pure.
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wxa_model::{Action, Task, TaskId, TaskOutcome, VmId};
use wxa_wire::{ErrorBody, ErrorCode};

/// How many acts are under way at a time: enough to be quick, few enough for a host to answer everybody else too.
pub const AT_ONCE: usize = 8;

/// How it stands with one VM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Not begun.
    Waiting,
    /// The server was asked and has not answered.
    Asking,
    /// Its task is under way.
    Running {
        /// The task.
        task: TaskId,
        /// What it is doing, in words; may be empty.
        step: String,
        /// Done so far, where the hypervisor tells.
        percent: Option<u8>,
    },
    /// Done.
    Done,
    /// Not begun: it is not possible or not allowed, as the sentence says.
    Refused(String),
    /// Tried, and it did not work, in the host's words.
    Failed(String),
    /// It may or may not have been done.
    Unknown(String),
    /// The task is not listed any more; the VM's history has it.
    Lost,
    /// Taken back before it began, or cancelled while it went.
    Cancelled,
}

/// One VM of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The VM.
    pub vm: VmId,
    /// Its name when the run began.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// The request's idempotency key until a task came of it: asking again with it does nothing twice.
    key: String,
    /// Whether the live picture had the task: once it had, its absence means something.
    seen: bool,
}

/// One act on several VMs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// What is done.
    pub action: Action,
    /// To which VMs, in order.
    pub rows: Vec<Row>,
}

/// How many rows stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All rows.
    pub all: usize,
    /// Not begun.
    pub waiting: usize,
    /// Asked or under way.
    pub running: usize,
    /// Done.
    pub done: usize,
    /// Refused.
    pub refused: usize,
    /// Failed.
    pub failed: usize,
    /// Not known.
    pub unknown: usize,
    /// Taken back.
    pub cancelled: usize,
}

/// A request to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The row's place.
    pub at: usize,
    /// Its VM.
    pub vm: VmId,
    /// The idempotency key to send.
    pub key: String,
}

impl Run {
    /// With everything waiting.
    pub fn new(action: Action, vms: Vec<(VmId, String)>) -> Self {
        let row = |(vm, name)| Row {
            vm,
            name,
            state: State::Waiting,
            key: String::new(),
            seen: false,
        };
        Self {
            action,
            rows: vms.into_iter().map(row).collect(),
        }
    }

    /// Begins as many as may be under way; the caller sends the requests. `key` makes new idempotency keys.
    pub fn begin(&mut self, key: impl Fn() -> String) -> Vec<Request> {
        let counts = self.counts();
        let room = AT_ONCE.saturating_sub(counts.running);
        let waiting = self.rows.iter_mut().enumerate();
        waiting
            .filter(|(_, row)| row.state == State::Waiting)
            .take(room)
            .map(|(at, row)| {
                row.state = State::Asking;
                if row.key.is_empty() {
                    row.key = key();
                }
                Request {
                    at,
                    vm: row.vm,
                    key: row.key.clone(),
                }
            })
            .collect()
    }

    /// Takes in the server's answer to a request.
    pub fn answered(&mut self, request: &Request, answer: Result<TaskId, &ErrorBody>, words: &str) {
        let row = self.rows.get_mut(request.at);
        let Some(row) = row.filter(|row| row.state == State::Asking && row.key == request.key) else {
            return;
        };
        row.state = match answer {
            Ok(task) => {
                row.key.clear();
                row.seen = false;
                State::Running {
                    task,
                    step: String::new(),
                    percent: None,
                }
            }
            Err(body) => match body.code {
                ErrorCode::Conflict | ErrorCode::Forbidden | ErrorCode::NotFound | ErrorCode::Invalid => {
                    State::Refused(words.to_owned())
                }
                ErrorCode::OutcomeUnknown => State::Unknown(words.to_owned()),
                ErrorCode::Unauthenticated
                | ErrorCode::TooMany
                | ErrorCode::HostUnavailable
                | ErrorCode::Internal
                | ErrorCode::NotRecorded
                | ErrorCode::Offline => State::Failed(words.to_owned()),
            },
        };
    }

    /// Takes in what the live picture says about the tasks.
    pub fn follow(&mut self, tasks: &[Arc<Task>]) {
        for row in &mut self.rows {
            let State::Running { task: id, .. } = &row.state else {
                continue;
            };
            let Some(task) = tasks.iter().find(|task| task.id == *id) else {
                if row.seen {
                    row.state = State::Lost;
                }
                continue;
            };
            row.seen = true;
            row.state = match &task.outcome {
                None => State::Running {
                    task: task.id,
                    step: task.step.clone(),
                    percent: task.percent,
                },
                Some(TaskOutcome::Done) => State::Done,
                Some(TaskOutcome::Failed { why }) => State::Failed(why.clone()),
                Some(TaskOutcome::Cancelled { .. }) => State::Cancelled,
                Some(TaskOutcome::Unknown { why }) => State::Unknown(why.clone()),
            };
        }
    }

    /// After the page was loaded anew: what was being asked is asked again with the same key.
    pub fn resume(&mut self) {
        for row in &mut self.rows {
            match row.state {
                State::Asking => row.state = State::Waiting,
                State::Running { .. } => row.seen = true,
                _ => {}
            }
        }
    }

    /// What failed or was refused waits again. What is not known does not: doing it twice may be worse than not at all.
    pub fn retry(&mut self) {
        for row in &mut self.rows {
            if matches!(row.state, State::Failed(_) | State::Refused(_)) {
                row.state = State::Waiting;
            }
        }
    }

    /// Takes back what has not begun.
    pub fn cancel_waiting(&mut self) {
        for row in &mut self.rows {
            if row.state == State::Waiting {
                row.state = State::Cancelled;
            }
        }
    }

    /// How it stands.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            all: self.rows.len(),
            ..Counts::default()
        };
        for row in &self.rows {
            let count = match row.state {
                State::Waiting => &mut counts.waiting,
                State::Asking | State::Running { .. } => &mut counts.running,
                State::Done => &mut counts.done,
                State::Refused(_) => &mut counts.refused,
                State::Failed(_) => &mut counts.failed,
                State::Unknown(_) | State::Lost => &mut counts.unknown,
                State::Cancelled => &mut counts.cancelled,
            };
            *count += 1;
        }
        counts
    }
}

impl Counts {
    /// Whether nothing will change by itself any more.
    pub fn is_over(self) -> bool {
        self.waiting + self.running == 0
    }

    /// Ended rows in quarters of all: what is read aloud changes with it, not with every row.
    pub fn quarters(self) -> usize {
        let ended = self.all - self.waiting - self.running;
        (ended * 4).checked_div(self.all).unwrap_or(4)
    }
}

#[cfg(test)]
mod tests;
