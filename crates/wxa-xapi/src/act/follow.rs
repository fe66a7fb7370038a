//! Following a task of the pool.
use crate::{
    events::{Events, Object, Operation},
    pool::{Care, Pool, Session},
    raw,
    reference::Ref,
    rpc::{Failed, Failure, Limits},
    world::{CANCELLED, cancel, percent},
};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use wxa_driver::{Error, ErrorKind, Progress, ProgressSink, UNKNOWN_CERTIFICATE};

/// How long the pool waits for news of the task before it says that there are none.
const WAITS: f64 = 15.001;
const NEXT: Limits = Limits {
    bytes: 4 << 20,
    begins: Duration::from_secs(25),
    pauses: Duration::from_secs(10),
    within: Duration::from_secs(40),
};
/// XAPI gives up by itself long before, whatever the act.
const LONGEST: Duration = Duration::from_secs(3600);

/// A task under way.
pub(super) struct Following<'a> {
    pub(super) pool: &'a Pool,
    pub(super) task: Ref,
    /// What is being done, in words.
    pub(super) step: String,
    pub(super) progress: &'a ProgressSink,
    pub(super) since: Since,
}

/// When it was begun: that decides what a lost connection means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// By the call that waits for it: whether it was done is not known.
    Now,
    /// By an earlier one: whoever asks about it asks again.
    Before,
}

impl Following<'_> {
    /// Returns when it has ended.
    ///
    /// # Errors
    /// What XAPI says when it was not done; `TimedOut` when nobody can tell.
    pub(super) async fn to_the_end(&self) -> Result<(), Error> {
        let session = self.pool.session().await;
        let session = session.map_err(|error| self.unheard(error))?;
        if self.since == Since::Before {
            self.is_there(&session).await?;
        }
        let began = Instant::now();
        let mut token = String::new();
        while began.elapsed() < LONGEST {
            let events = match self.news(&session, &token).await {
                Ok(events) => events,
                // A task lives as long as its toolstack: a new session knows nothing of it.
                Err(Failed::Said(failure)) => return Err(unknown(&failure.into_error().message)),
                Err(Failed::Unheard(error)) => return Err(self.unheard(error)),
            };
            if events.events.is_empty() {
                // Nothing new, or there is no such task any more: then this says so.
                self.is_there(&session).await?;
            }
            token = events.token;
            for event in events.events.iter().filter(|event| event.reference == self.task) {
                if event.operation == Operation::Gone {
                    return Err(unknown("The pool has forgotten the task."));
                }
                if let Some(Object::Task(task)) = &event.object
                    && let Some(outcome) = self.look(task)
                {
                    self.destroy(&session).await;
                    return outcome;
                }
            }
        }
        Err(unknown("It took more than an hour."))
    }

    async fn news(&self, session: &Session, token: &str) -> Result<Events, Failed> {
        let params = vec![json!([format!("task/{}", self.task)]), json!(token), json!(WAITS)];
        self.pool
            .call_in(session, "event.from", params, NEXT, Care::Reads)
            .await
    }

    /// How it ended; none while it runs.
    fn look(&self, task: &raw::Task) -> Option<Result<(), Error>> {
        match task.status.as_str() {
            "success" => Some(Ok(())),
            "cancelled" => Some(Err(Error::new(ErrorKind::Cancelled, CANCELLED))),
            "failure" => Some(Err(self.failed(Failure::of_task(&task.error_info)))),
            // `pending`, `cancelling`, and whatever may come.
            _ => {
                self.progress.send_replace(Progress {
                    step: self.step.clone(),
                    percent: Some(percent(task)),
                    native: Some(self.task.to_string()),
                    cancel: cancel(task),
                });
                None
            }
        }
    }

    /// The task has failed. Whoever asks about an earlier one is told so in one way, whatever it failed of: other kinds are
    /// about the asking.
    fn failed(&self, failure: Failure) -> Error {
        let code = failure.code.clone();
        let mut error = failure.into_error();
        if self.since == Since::Before && error.kind != ErrorKind::Cancelled {
            error.kind = ErrorKind::Refused { code };
        }
        error
    }

    async fn is_there(&self, session: &Arc<Session>) -> Result<(), Error> {
        let params = vec![json!(self.task.to_string())];
        let asked: Result<String, Failed> = self
            .pool
            .call_in(session, "task.get_status", params, Limits::QUICK, Care::Reads)
            .await;
        match asked {
            Ok(_) => Ok(()),
            Err(Failed::Said(failure)) => Err(unknown(&failure.into_error().message)),
            Err(Failed::Unheard(error)) => Err(self.unheard(error)),
        }
    }

    /// The pool could not be asked.
    fn unheard(&self, error: Error) -> Error {
        match (self.since, &error.kind) {
            (Since::Now, _) => unknown(&error.message),
            // To sign in was refused: that is not the task's end.
            (Since::Before, ErrorKind::Refused { code }) if code != UNKNOWN_CERTIFICATE => {
                unknown(&error.message)
            }
            (Since::Before, _) => error,
        }
    }

    /// The pool keeps finished tasks for an hour; this one has told all it has to.
    async fn destroy(&self, session: &Session) {
        let params = vec![json!(self.task.to_string())];
        let destroyed: Result<serde_json::Value, Failed> = self
            .pool
            .call_in(session, "task.destroy", params, Limits::QUICK, Care::Reads)
            .await;
        if let Err(Failed::Said(failure)) = destroyed {
            tracing::debug!(code = failure.code, "a finished task stays");
        }
    }
}

/// The act was begun; how it ended shows on the VM.
fn unknown(why: &str) -> Error {
    Error::new(
        ErrorKind::TimedOut { maybe_done: true },
        format!("{why} The pool had begun it: whether it was done shows in a moment."),
    )
}
