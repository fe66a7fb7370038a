//! Tasks, running and ended.
use crate::{Error, Store, row};
use wxa_model::{Action, Task, TaskOutcome, UnixMillis};

#[derive(sqlx::FromRow)]
struct TaskRow {
    id: String,
    action: String,
    vm: String,
    vm_name: String,
    host: String,
    who: String,
    started_at: i64,
    ended_at: Option<i64>,
    step: String,
    percent: Option<i64>,
    outcome: Option<String>,
    why: String,
}

impl TaskRow {
    fn task(self) -> Result<Task, Error> {
        let outcome = match self.outcome.as_deref() {
            None => None,
            Some("done") => Some(TaskOutcome::Done),
            Some("failed") => Some(TaskOutcome::Failed { why: self.why }),
            Some("unknown") => Some(TaskOutcome::Unknown { why: self.why }),
            Some(_) => {
                return Err(Error::Malformed {
                    column: "task.outcome",
                });
            }
        };
        Ok(Task {
            id: row::parse(&self.id, "task.id")?,
            action: Action::from_name(&self.action).ok_or(Error::Malformed {
                column: "task.action",
            })?,
            vm: row::parse(&self.vm, "task.vm")?,
            vm_name: self.vm_name,
            host: row::parse(&self.host, "task.host")?,
            by: self.who,
            started_at: row::from_sql(self.started_at),
            ended_at: self.ended_at.map(row::from_sql),
            step: self.step,
            percent: self.percent.and_then(|percent| u8::try_from(percent).ok()),
            outcome,
        })
    }
}

fn outcome_columns(outcome: Option<&TaskOutcome>) -> (Option<&'static str>, &str) {
    match outcome {
        None => (None, ""),
        Some(TaskOutcome::Done) => (Some("done"), ""),
        Some(TaskOutcome::Failed { why }) => (Some("failed"), why),
        Some(TaskOutcome::Unknown { why }) => (Some("unknown"), why),
    }
}

impl Store {
    /// Keeps the task as it is now, in place of what was kept of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_put(&self, task: &Task) -> Result<(), Error> {
        let (outcome, why) = outcome_columns(task.outcome.as_ref());
        sqlx::query(
            "insert into task (id, action, vm, vm_name, host, who, started_at, ended_at, step, percent, outcome, why) \
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             on conflict (id) do update set ended_at = excluded.ended_at, step = excluded.step, \
             percent = excluded.percent, outcome = excluded.outcome, why = excluded.why",
        )
        .bind(task.id.to_string())
        .bind(task.action.name())
        .bind(task.vm.to_string())
        .bind(&task.vm_name)
        .bind(task.host.to_string())
        .bind(&task.by)
        .bind(row::to_sql(task.started_at))
        .bind(task.ended_at.map(row::to_sql))
        .bind(&task.step)
        .bind(task.percent.map(i64::from))
        .bind(outcome)
        .bind(why)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The newest `limit` tasks, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_list(&self, limit: u32) -> Result<Vec<Task>, Error> {
        let rows: Vec<TaskRow> = sqlx::query_as("select * from task order by seq desc limit ?")
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(TaskRow::task).collect()
    }

    /// Ends the tasks that a stopped server left running, outcome unknown. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_close_open(&self, at: UnixMillis, why: &str) -> Result<u64, Error> {
        let done =
            sqlx::query("update task set ended_at = ?, outcome = 'unknown', why = ? where outcome is null")
                .bind(row::to_sql(at))
                .bind(why)
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected())
    }
}
