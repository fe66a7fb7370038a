//! Tasks, running and ended.
use crate::{Error, Store, row};
use sqlx::{QueryBuilder, Sqlite};
use wxa_model::{Action, AuditId, Cancel, HostId, Task, TaskId, TaskOutcome, UnixMillis};

/// A task as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRecord {
    /// Counts up; later tasks have greater numbers.
    pub number: u64,
    /// The task.
    pub task: Task,
    /// The audit row of the act; none for tasks of older versions.
    pub audit: Option<AuditId>,
    /// What its hypervisor calls it; none where it has no name for it.
    pub native: Option<String>,
}

/// Which tasks to read. Without anything: all, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Only those in this state.
    pub state: Option<TaskState>,
    /// Only those that this account asked for, whatever the case of its letters.
    pub by: Option<String>,
    /// Only those on the VM with this id or this name.
    pub on: Option<String>,
    /// Only those on this host.
    pub host: Option<HostId>,
    /// Only this action.
    pub action: Option<Action>,
    /// Only tasks older than the one of this number: the cursor.
    pub before: Option<u64>,
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Under way.
    Running,
    /// Done.
    Done,
    /// Not done.
    Failed,
    /// Given up, because somebody cancelled it.
    Cancelled,
    /// It may or may not have been done.
    Unknown,
}

impl TaskState {
    /// As it is kept and asked for: `running`, `done`, `failed`, `cancelled`, `unknown`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "running" => Self::Running,
            "done" => Self::Done,
            "failed" => Self::Failed,
            "cancelled" => Self::Cancelled,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
}

impl TaskFilter {
    fn query(&self, limit: u32) -> QueryBuilder<Sqlite> {
        let mut query = QueryBuilder::new("select * from task where true");
        match self.state {
            Some(TaskState::Running) => query.push(" and outcome is null"),
            Some(TaskState::Done) => query.push(" and outcome = 'done'"),
            Some(TaskState::Failed) => query.push(" and outcome = 'failed'"),
            Some(TaskState::Cancelled) => query.push(" and outcome = 'cancelled'"),
            Some(TaskState::Unknown) => query.push(" and outcome = 'unknown'"),
            None => &mut query,
        };
        if let Some(by) = &self.by {
            query
                .push(" and who = ")
                .push_bind(by.clone())
                .push(" collate nocase");
        }
        if let Some(on) = &self.on {
            query.push(" and (vm = ").push_bind(on.clone());
            query
                .push(" or vm_name = ")
                .push_bind(on.clone())
                .push(" collate nocase)");
        }
        if let Some(host) = self.host {
            query.push(" and host = ").push_bind(host.to_string());
        }
        if let Some(action) = self.action {
            query.push(" and action = ").push_bind(action.name());
        }
        if let Some(before) = self.before {
            query
                .push(" and seq < ")
                .push_bind(i64::try_from(before).unwrap_or(i64::MAX));
        }
        query.push(" order by seq desc limit ").push_bind(limit);
        query
    }
}

#[derive(sqlx::FromRow)]
struct TaskRow {
    seq: i64,
    id: String,
    action: String,
    vm: String,
    vm_name: String,
    host: String,
    on_host: Option<String>,
    who: String,
    started_at: i64,
    ended_at: Option<i64>,
    step: String,
    percent: Option<i64>,
    outcome: Option<String>,
    why: String,
    audit: Option<String>,
    native: Option<String>,
}

impl TaskRow {
    fn record(mut self) -> Result<TaskRecord, Error> {
        let audit = self.audit.as_deref();
        Ok(TaskRecord {
            number: u64::try_from(self.seq).unwrap_or_default(),
            audit: audit.map(|id| row::parse(id, "task.audit")).transpose()?,
            native: self.native.take(),
            task: self.task()?,
        })
    }

    fn task(self) -> Result<Task, Error> {
        let outcome = match self.outcome.as_deref() {
            None => None,
            Some("done") => Some(TaskOutcome::Done),
            Some("failed") => Some(TaskOutcome::Failed { why: self.why }),
            Some("cancelled") => Some(TaskOutcome::Cancelled { why: self.why }),
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
            on: self
                .on_host
                .map(|text| row::parse(&text, "task.on_host"))
                .transpose()?,
            by: self.who,
            started_at: row::from_sql(self.started_at),
            ended_at: self.ended_at.map(row::from_sql),
            step: self.step,
            percent: self.percent.and_then(|percent| u8::try_from(percent).ok()),
            outcome,
            cancel: Cancel::No,
        })
    }
}

fn outcome_columns(outcome: Option<&TaskOutcome>) -> (Option<&'static str>, &str) {
    match outcome {
        None => (None, ""),
        Some(TaskOutcome::Done) => (Some("done"), ""),
        Some(TaskOutcome::Failed { why }) => (Some("failed"), why),
        Some(TaskOutcome::Cancelled { why }) => (Some("cancelled"), why),
        Some(TaskOutcome::Unknown { why }) => (Some("unknown"), why),
    }
}

impl Store {
    /// Keeps a task that is about to begin, with the audit row of its act.
    ///
    /// # Errors
    /// When the database does not answer: the act must not happen.
    pub async fn task_begin(&self, task: &Task, audit: AuditId) -> Result<(), Error> {
        self.put(task, Some(audit)).await
    }

    /// Keeps the task as it is now, in place of what was kept of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_put(&self, task: &Task) -> Result<(), Error> {
        self.put(task, None).await
    }

    async fn put(&self, task: &Task, audit: Option<AuditId>) -> Result<(), Error> {
        let (outcome, why) = outcome_columns(task.outcome.as_ref());
        sqlx::query(
            "insert into task \
             (id, action, vm, vm_name, host, who, started_at, ended_at, step, percent, outcome, why, audit, on_host) \
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
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
        .bind(audit.map(|id| id.to_string()))
        .bind(task.on.map(|on| on.to_string()))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The newest `limit` tasks, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_list(&self, limit: u32) -> Result<Vec<Task>, Error> {
        let records = self.task_page(&TaskFilter::default(), limit).await?;
        Ok(records.into_iter().map(|record| record.task).collect())
    }

    /// At most `limit` tasks that pass `filter`, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_page(&self, filter: &TaskFilter, limit: u32) -> Result<Vec<TaskRecord>, Error> {
        let rows: Vec<TaskRow> = filter.query(limit).build_query_as().fetch_all(&self.pool).await?;
        rows.into_iter().map(TaskRow::record).collect()
    }

    /// The task of that id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_get(&self, id: TaskId) -> Result<Option<TaskRecord>, Error> {
        let row: Option<TaskRow> = sqlx::query_as("select * from task where id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(TaskRow::record).transpose()
    }

    /// Keeps the steps that a task went through, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_steps_put(&self, id: TaskId, steps: &[(UnixMillis, String)]) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        for (at, step) in steps {
            sqlx::query("insert into task_step (task, at, step) values (?, ?, ?)")
                .bind(id.to_string())
                .bind(row::to_sql(*at))
                .bind(step)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The steps of a task, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_steps(&self, id: TaskId) -> Result<Vec<(UnixMillis, String)>, Error> {
        let rows: Vec<(i64, String)> =
            sqlx::query_as("select at, step from task_step where task = ? order by rowid")
                .bind(id.to_string())
                .fetch_all(&self.pool)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(at, step)| (row::from_sql(at), step))
            .collect())
    }

    /// Keeps what the hypervisor calls a task, so that a later run can go on waiting for it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_set_native(&self, id: TaskId, native: &str) -> Result<(), Error> {
        sqlx::query("update task set native = ? where id = ?")
            .bind(native)
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// What a hypervisor calls our tasks on a host that are under way or have ended since `since`, the latest 1,000.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_names(&self, host: HostId, since: UnixMillis) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar(
            "select native from task where host = ? and native is not null \
             and (ended_at is null or ended_at >= ?) order by seq desc limit 1000",
        )
        .bind(host.to_string())
        .bind(row::to_sql(since))
        .fetch_all(&self.pool)
        .await?)
    }

    /// Tasks that a stopped server left running and whose hypervisor knows them by a name, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_open_named(&self) -> Result<Vec<TaskRecord>, Error> {
        let rows: Vec<TaskRow> =
            sqlx::query_as("select * from task where outcome is null and native is not null order by seq")
                .fetch_all(&self.pool)
                .await?;
        rows.into_iter().map(TaskRow::record).collect()
    }

    /// Ends the tasks that a stopped server left running, outcome unknown, but for those whose hypervisor knows them by a
    /// name: they are gone on with. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn task_close_open(&self, at: UnixMillis, why: &str) -> Result<u64, Error> {
        let done = sqlx::query(
            "update task set ended_at = ?, outcome = 'unknown', why = ? where outcome is null and native is null",
        )
        .bind(row::to_sql(at))
        .bind(why)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }
}
