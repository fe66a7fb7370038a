//! Tasks: what an `Async.` call answers with, and what clients follow.

use std::time::Duration;

use super::codec::xml;
use super::failure::Failure;
use super::plan::Plan;
use super::role::Role;
use super::rpc::Caller;
use super::value::{Ref, Value};
use super::world::World;

/// Finished tasks are collected after this long.
const KEPT: Duration = Duration::from_secs(65 * 60);

/// Makes a pending task.
pub(super) fn begin(world: &mut World, label: &str, description: &str, caller: &Caller) -> Ref {
    let (task, uuid) = world.new_object();
    let created = world.date();
    let fields = [
        ("uuid", uuid),
        ("name_label", label.into()),
        ("name_description", description.into()),
        ("created", created),
        ("status", "pending".into()),
        ("resident_on", caller.host.into()),
        ("type", "<none/>".into()),
        ("allowed_operations", Value::texts(["cancel"])),
    ];
    world.db.insert("task", task, fields);
    world.task_owners.insert(task, caller.user.clone());
    task
}

/// Whether a caller may cancel or destroy a task: its own, or any from the role that runs the pool.
///
/// # Errors
/// `RBAC_PERMISSION_DENIED`.
pub(super) fn permit(world: &World, caller: &Caller, task: Ref, method: &str) -> Result<(), Failure> {
    let is_own = world
        .task_owners
        .get(&task)
        .is_some_and(|owner| *owner == caller.user);
    if is_own || caller.role >= Role::PoolOperator {
        return Ok(());
    }
    let permission = format!("task.{method}");
    Err(Failure::new(
        "RBAC_PERMISSION_DENIED",
        [permission.as_str(), "No permission in user session"],
    ))
}

/// Ends a task well.
pub(super) fn succeed(world: &mut World, task: Ref, result: Value) {
    let mut text = String::new();
    if result != Value::Void {
        xml::write(&mut text, &result);
    }
    world.db.set("task", task, "result", text);
    end(world, task, "success", Ok(result));
}

/// Ends a task badly.
pub(super) fn fail(world: &mut World, task: Ref, failure: Failure) {
    let status = match failure.code() {
        "TASK_CANCELLED" => "cancelled",
        _ => "failure",
    };
    let info = Value::texts(failure.0.iter().map(String::as_str));
    world.db.set("task", task, "error_info", info);
    end(world, task, status, Err(failure));
}

fn end(world: &mut World, task: Ref, status: &str, outcome: Result<Value, Failure>) {
    if !world.db.has("task", task) {
        return;
    }
    let finished = world.date();
    world.db.set("task", task, "progress", 1.0);
    world.db.set("task", task, "finished", finished);
    world
        .db
        .set("task", task, "allowed_operations", Value::texts(["destroy"]));
    world.db.set("task", task, "status", status);
    world.outcomes.insert(task, outcome);
    world.plan(KEPT, Plan::Collect(task));
}

/// Whether a task still runs.
pub(super) fn is_pending(world: &World, task: Ref) -> bool {
    matches!(world.db.text("task", task, "status"), "pending" | "cancelling")
}

/// Whether somebody wants a task to stop.
pub(super) fn is_cancelled(world: &World, task: Ref) -> bool {
    world.db.text("task", task, "status") == "cancelling"
}

/// What a cancelled task fails with.
pub(super) fn cancelled(task: Ref) -> Failure {
    Failure::new("TASK_CANCELLED", [task.to_string()])
}
