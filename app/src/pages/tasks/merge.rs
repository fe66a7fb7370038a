//! The live tasks laid over the recorded ones.
use crate::routes::url::Url;
use std::sync::Arc;
use wxa_model::{Task, TaskOutcome};

/// What the page at `url` shows: recorded tasks as they are now, and on the first page those that came since.
pub fn merge(live: &[Arc<Task>], recorded: &[Task], url: &Url) -> Vec<Arc<Task>> {
    let now = |task: &Task| live.iter().find(|live| live.id == task.id);
    let mut rows: Vec<Arc<Task>> = recorded
        .iter()
        .map(|task| now(task).cloned().unwrap_or_else(|| Arc::new(task.clone())))
        .collect();
    if url.get("before").is_none() {
        let oldest = recorded.last().map(|task| task.started_at);
        let is_new = |task: &&Arc<Task>| {
            passes(task, url)
                && oldest.is_none_or(|oldest| task.started_at >= oldest)
                && recorded.iter().all(|known| known.id != task.id)
        };
        rows.extend(live.iter().filter(is_new).cloned());
        rows.sort_by_key(|task| std::cmp::Reverse((task.is_running(), task.started_at)));
    }
    rows
}

fn passes(task: &Task, url: &Url) -> bool {
    let state = match &task.outcome {
        None => "running",
        Some(TaskOutcome::Done) => "done",
        Some(TaskOutcome::Failed { .. }) => "failed",
        Some(TaskOutcome::Unknown { .. }) => "unknown",
    };
    let is = |key: &str, value: &str| {
        url.get(key)
            .is_none_or(|wanted| wanted.to_lowercase() == value.to_lowercase())
    };
    is("state", state)
        && is("action", task.action.name())
        && is("by", &task.by)
        && (is("on", &task.vm_name) || is("on", &task.vm.to_string()))
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
        let rows = merge(&live, &recorded, &Url::parse("/tasks"));
        assert_eq!(rows, [Arc::new(new), Arc::new(old)]);
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
            assert_eq!(merge(&live, &recorded, &Url::parse(url)).len(), wanted, "{url}");
        }
    }
}
