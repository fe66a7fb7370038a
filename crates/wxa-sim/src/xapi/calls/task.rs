//! Tasks of clients, and stopping them.

use super::{Args, Done};
use crate::xapi::failure::Failure;
use crate::xapi::rpc::Caller;
use crate::xapi::tasks;
use crate::xapi::value::Value;
use crate::xapi::world::World;

pub(super) fn run(world: &mut World, caller: &Caller, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    let task = args.reference(0);
    let may = |world: &World, operation: &str| {
        let mut allowed = world.db.get("task", task, "allowed_operations").items().iter();
        allowed.any(|item| item.text() == operation)
    };
    match name {
        "create" => {
            let made = tasks::begin(world, args.text(0), args.text(1), caller);
            Ok(Done::Value(made.into()))
        }
        "cancel" => {
            tasks::permit(world, caller, task, name)?;
            if !may(world, "cancel") {
                return Err(Failure::not_allowed("the task cannot be cancelled"));
            }
            world.db.set("task", task, "allowed_operations", Value::texts([]));
            world.db.set("task", task, "status", "cancelling");
            Done::NOTHING
        }
        "destroy" => {
            tasks::permit(world, caller, task, name)?;
            // One that still runs goes when it has ended.
            if !tasks::is_pending(world, task) {
                world.db.delete("task", task);
                world.outcomes.remove(&task);
                world.task_owners.remove(&task);
            }
            Done::NOTHING
        }
        "set_status" => {
            let status = args.text(1).to_owned();
            match status.as_str() {
                "pending" | "cancelling" => world.db.set("task", task, "status", status),
                "success" => {
                    let result = world.db.text("task", task, "result").to_owned();
                    tasks::succeed(world, task, Value::Void);
                    world.db.set("task", task, "result", result);
                }
                "failure" | "cancelled" => {
                    let info = world.db.get("task", task, "error_info").items().to_vec();
                    let info = info.iter().map(|item| item.text().to_owned()).collect();
                    tasks::fail(world, task, Failure(info));
                    world.db.set("task", task, "status", status);
                }
                _ => return Err(Failure::invalid("value", &status)),
            }
            Done::NOTHING
        }
        "set_progress" => {
            world
                .db
                .set("task", task, "progress", args.at(1).float().clamp(0.0, 1.0));
            Done::NOTHING
        }
        "set_result" => {
            world.db.set("task", task, "result", args.text(1));
            Done::NOTHING
        }
        "set_error_info" => {
            world.db.set("task", task, "error_info", args.at(1).clone());
            Done::NOTHING
        }
        _ => Err(Failure::unknown_method(&format!("task.{name}"))),
    }
}
