//! Reading tasks.
use wxa_core::{Error, TaskFilter, TaskState};
use wxa_wire::{TaskDetailsView, TaskPageView, TaskStepView, operation as op};

use super::{Call, audit};

/// How many tasks a page holds when nothing is said.
const TASKS: u32 = 50;

pub(super) async fn task_list(call: Call<op::TaskList>) -> Result<TaskPageView, Error> {
    let query = call.params;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let state = given(query.state).map(|name| {
        TaskState::from_name(&name).ok_or_else(|| Error::Invalid {
            field: "state",
            why: "it is one of running, done, failed, cancelled, unknown".into(),
        })
    });
    let filter = TaskFilter {
        state: state.transpose()?,
        by: given(query.by),
        on: given(query.on),
        host: query.host,
        action: query.action,
        before: query.before,
    };
    let limit = query.limit.unwrap_or(TASKS);
    let page = call.app.core.task_page(&call.ctx, &filter, limit).await?;
    Ok(TaskPageView {
        tasks: page.tasks,
        next: page.next,
    })
}

pub(super) async fn task_get(call: Call<op::TaskGet>) -> Result<TaskDetailsView, Error> {
    let details = call.app.core.task_get(&call.ctx, call.id).await?;
    let steps = details.steps.into_iter();
    Ok(TaskDetailsView {
        task: details.task,
        steps: steps.map(|(at, step)| TaskStepView { at, step }).collect(),
        audit: details.audit.map(audit::view),
    })
}

pub(super) async fn task_cancel(call: Call<op::TaskCancel>) -> Result<(), Error> {
    call.app.core.task_cancel(&call.ctx, call.id).await
}
