//! The live tasks laid over the recorded ones.
use crate::{routes::url::Url, task::Row};
use std::sync::Arc;
use wxa_model::{PoolTask, PoolWork, Task, TaskOutcome};

/// What the page at `url` shows: recorded tasks as they are now, and on the first page those that came since and what others
/// do on pools.
pub fn merge(live: &[Arc<Task>], theirs: &[Arc<PoolTask>], recorded: &[Task], url: &Url) -> Vec<Row> {
    let wanted = |from: &str| url.get("from").is_none_or(|wanted| wanted == from);
    let mut rows = Vec::new();
    if wanted("here") {
        rows.extend(ours(live, recorded, url).into_iter().map(Row::Ours));
    }
    if url.get("before").is_none() {
        if wanted("pool") {
            let passing = theirs
                .iter()
                .filter(|task| passes(&Row::Theirs((*task).clone()), url));
            rows.extend(passing.cloned().map(Row::Theirs));
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.is_running(), row.started_at())));
    }
    rows
}

fn ours(live: &[Arc<Task>], recorded: &[Task], url: &Url) -> Vec<Arc<Task>> {
    let now = |task: &Task| live.iter().find(|live| live.id == task.id);
    let mut rows: Vec<Arc<Task>> = recorded
        .iter()
        .map(|task| now(task).cloned().unwrap_or_else(|| Arc::new(task.clone())))
        .collect();
    if url.get("before").is_none() {
        let oldest = recorded.last().map(|task| task.started_at);
        let is_new = |task: &&Arc<Task>| {
            passes(&Row::Ours((*task).clone()), url)
                && oldest.is_none_or(|oldest| task.started_at >= oldest)
                && recorded.iter().all(|known| known.id != task.id)
        };
        rows.extend(live.iter().filter(is_new).cloned());
    }
    rows
}

fn passes(row: &Row, url: &Url) -> bool {
    let state = match row.outcome() {
        None => "running",
        Some(TaskOutcome::Done) => "done",
        Some(TaskOutcome::Failed { .. }) => "failed",
        Some(TaskOutcome::Cancelled { .. }) => "cancelled",
        Some(TaskOutcome::Unknown { .. }) => "unknown",
    };
    let is = |key: &str, value: &str| {
        url.get(key)
            .is_none_or(|wanted| wanted.to_lowercase() == value.to_lowercase())
    };
    let (action, by, vm_name) = match row {
        Row::Ours(task) => (task.action.name(), &task.by, &task.vm_name),
        Row::Theirs(task) => {
            let action = match task.work {
                Some(PoolWork::Act(action)) => action.name(),
                _ => "",
            };
            (action, &task.by, &task.vm_name)
        }
    };
    let vm = row.vm().map(|vm| vm.to_string()).unwrap_or_default();
    is("state", state) && is("action", action) && is("by", by) && (is("on", vm_name) || is("on", &vm))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOW, task, vm};
    use wxa_model::{PowerState, UnixMillis};

    fn tasks() -> (Task, Task) {
        let web = vm(10, "web-01", PowerState::Running);
        let old = Task {
            started_at: UnixMillis(NOW.0 - 900_000),
            outcome: Some(TaskOutcome::Done),
            ..task(1, &web)
        };
        (old, task(2, &web))
    }

    #[test]
    fn what_is_live_wins_and_what_is_new_comes_first() {
        let (old, new) = tasks();
        let recorded = [Task {
            outcome: None,
            ..old.clone()
        }];
        let live = [Arc::new(old.clone()), Arc::new(new.clone())];
        let rows = merge(&live, &[], &recorded, &Url::parse("/tasks"));
        assert_eq!(rows, [Row::Ours(Arc::new(new)), Row::Ours(Arc::new(old))]);
    }

    #[test]
    fn a_later_page_and_a_filter_leave_live_ones_out() {
        let (old, new) = tasks();
        let live = [Arc::new(new.clone())];
        let recorded = [old.clone()];
        for (url, wanted) in [
            ("/tasks?before=9", 1),
            ("/tasks?state=done", 1),
            ("/tasks?state=running", 2),
            ("/tasks?on=WEB-01&by=ops&action=vm_reboot", 2),
            ("/tasks?on=db-01", 1),
        ] {
            assert_eq!(
                merge(&live, &[], &recorded, &Url::parse(url)).len(),
                wanted,
                "{url}"
            );
        }
    }

    #[test]
    fn what_others_do_is_there_and_can_be_left_out_or_shown_alone() {
        let (old, _) = tasks();
        let theirs = [Arc::new(crate::sample::pool_task(7))];
        let recorded = [old];
        for (url, wanted) in [
            ("/tasks", 2),
            ("/tasks?from=here", 1),
            ("/tasks?from=pool", 1),
            ("/tasks?from=pool&state=done", 0),
            ("/tasks?from=pool&by=xen%20orchestra", 1),
            ("/tasks?before=9", 1),
        ] {
            assert_eq!(
                merge(&[], &theirs, &recorded, &Url::parse(url)).len(),
                wanted,
                "{url}"
            );
        }
    }
}
