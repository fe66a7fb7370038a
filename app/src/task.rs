//! A task as tables show it: ours, or what others do on a pool.
use crate::{
    cx::Cx,
    routes::Route,
    sorted, state,
    text::{self, T, fill, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use wxa_model::{
    Cancel, HostId, Permission, PoolTask, PoolWork, Refusal, RefusalCode, Task, TaskId, TaskOutcome,
    UnixMillis, VmId, rules,
};
use wxa_wire::operation as op;

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// An act that was asked for here.
    Ours(Arc<Task>),
    /// What others do on a pool.
    Theirs(Arc<PoolTask>),
}

/// Reads what both have.
macro_rules! both {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        $($(#[$doc])* pub fn $field(&self) -> $type {
            match self {
                Self::Ours(task) => task.$field.clone(),
                Self::Theirs(task) => task.$field.clone(),
            }
        })*
    };
}

impl Row {
    both! {
        /// Its id.
        id: TaskId,
        /// Where it is done.
        host: HostId,
        /// When it began.
        started_at: UnixMillis,
        /// When it ended; none while it runs.
        ended_at: Option<UnixMillis>,
        /// Done so far, where that is told.
        percent: Option<u8>,
        /// How it ended; none while it runs.
        outcome: Option<TaskOutcome>,
        /// Whether it can be cancelled.
        cancel: Cancel,
    }

    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        self.outcome().is_none()
    }

    /// The VM it is on.
    pub fn vm(&self) -> Option<VmId> {
        match self {
            Self::Ours(task) => Some(task.vm),
            Self::Theirs(task) => task.vm,
        }
    }

    /// What it is doing, in words; may be empty.
    pub fn step(&self) -> &str {
        match self {
            Self::Ours(task) => &task.step,
            Self::Theirs(_) => "",
        }
    }

    /// What is done to what.
    pub fn name(&self) -> String {
        match self {
            Self::Ours(task) => on_vm(text::action(task.action), &task.vm_name),
            Self::Theirs(task) => match (task.work, task.vm_name.as_str()) {
                (_, "") => task.name.clone(),
                (Some(work), vm) => on_vm(what(work), vm),
                (None, vm) => fill(T::WorkOnVm, &[("name", &task.name), ("vm", &vm)]),
            },
        }
    }

    /// What is being done to what.
    pub fn doing(&self) -> String {
        match self {
            Self::Ours(task) => format!("{} {}", text::doing(task.action), task.vm_name),
            Self::Theirs(_) => self.name(),
        }
    }

    /// Who began it.
    pub fn by(&self) -> String {
        match self {
            Self::Ours(task) => task.by.clone(),
            Self::Theirs(task) if task.by.is_empty() => t(T::ByXapiOnly).into(),
            Self::Theirs(task) => fill(T::ByXapi, &[("who", &task.by)]),
        }
    }

    /// Its icon while it runs.
    pub fn icon(&self) -> &'static str {
        match self {
            Self::Ours(task) => state::action_icon(task.action),
            Self::Theirs(task) => task.work.map_or("tasks", work_icon),
        }
    }

    /// Its own page.
    pub fn path(&self) -> String {
        Route::Task(self.id()).path()
    }
}

/// A task as it is now: while it is listed as the live picture has it, then as it was last.
pub fn followed(cx: Cx, row: Row) -> Memo<Row> {
    Memo::new(move |before: Option<&Row>| {
        let id = row.id();
        let now = match &row {
            Row::Ours(_) => cx.live.tasks.with(|tasks| {
                let found = tasks.iter().find(|task| task.id == id);
                found.cloned().map(Row::Ours)
            }),
            Row::Theirs(_) => cx.live.pool_tasks.with(|tasks| {
                let found = tasks.iter().find(|task| task.id == id);
                found.cloned().map(Row::Theirs)
            }),
        };
        now.or_else(|| before.cloned()).unwrap_or_else(|| row.clone())
    })
}

fn on_vm(what: &str, vm: &str) -> String {
    fill(T::ActOnVm, &[("act", &what), ("name", &vm)])
}

/// What is done, as an order.
pub fn what(work: PoolWork) -> &'static str {
    t(match work {
        PoolWork::Act(action) => return text::action(action),
        PoolWork::Migrate => T::WorkMigrate,
        PoolWork::Snapshot => T::WorkSnapshot,
        PoolWork::Revert => T::WorkRevert,
        PoolWork::Copy => T::WorkCopy,
        PoolWork::Export => T::WorkExport,
        PoolWork::Import => T::WorkImport,
        PoolWork::Destroy => T::WorkDestroy,
    })
}

/// What a VM in the middle of it is doing.
pub fn doing(work: PoolWork) -> &'static str {
    t(match work {
        PoolWork::Act(action) => return text::doing(action),
        PoolWork::Migrate => T::DoingMigrate,
        PoolWork::Snapshot => T::DoingSnapshot,
        PoolWork::Revert => T::DoingRevert,
        PoolWork::Copy => T::DoingCopy,
        PoolWork::Export => T::DoingExport,
        PoolWork::Import => T::DoingImport,
        PoolWork::Destroy => T::DoingDestroy,
    })
}

/// The icon of what a pool does.
pub fn work_icon(work: PoolWork) -> &'static str {
    match work {
        PoolWork::Act(action) => state::action_icon(action),
        _ => "tasks",
    }
}

/// All that the task log shows: ours, and what others do just now.
pub fn current(cx: Cx) -> Vec<Row> {
    let mut rows: Vec<Row> = cx
        .live
        .tasks
        .with(|tasks| tasks.iter().cloned().map(Row::Ours).collect());
    cx.live.pool_tasks.with(|tasks| {
        let running = tasks.iter().filter(|task| task.is_running());
        rows.extend(running.cloned().map(Row::Theirs));
    });
    sorted::sort_by(&mut rows, |a, b| {
        (b.is_running(), b.started_at()).cmp(&(a.is_running(), a.started_at()))
    });
    rows
}

/// Whether it may be cancelled now. Tracks whatever the answer depends on.
///
/// # Errors
/// The refusal to show: a missing right first, then the rules.
pub fn verdict(cx: Cx, row: &Row) -> Result<(), Refusal> {
    let vm = row.vm().and_then(|vm| cx.live.vm(vm).get());
    let may = match &vm {
        Some(vm) => cx.may(Permission::Operate, vm),
        None => cx.may_on_host(Permission::Operate, row.host()),
    };
    if !may {
        return Err(Refusal::new(RefusalCode::NotAllowed, t(T::MayNotCancel)));
    }
    let host = cx.live.host(row.host());
    rules::task_cancel(row.outcome().as_ref(), row.cancel(), host.as_deref())
}

/// Asks for it to be given up. A refusal or fault is said; what comes of it shows on the task.
pub fn cancel(cx: Cx, id: TaskId, name: String) {
    spawn_local(async move {
        if let Err(body) = transport::call::<op::TaskCancel>(id, &()).await {
            let words = words::error(&body);
            let what = words.title.to_lowercase();
            let title = fill(T::CouldNotCancel, &[("name", &name), ("what", &what)]);
            cx.ui.say(Tone::Bad, title, words.detail);
        }
    });
}
