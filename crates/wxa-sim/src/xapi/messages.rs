//! Messages of the pool: what happened to which object, as alerts.

use super::value::{Ref, Value};
use super::world::World;

/// How many are kept; the oldest go.
const KEPT: usize = 5000;

/// Tells of something that happened to a VM.
pub(super) fn tell(world: &mut World, name: &str, vm: Ref) {
    let priority = if name == "VM_CRASHED" { 2 } else { 5 };
    let uuid = world.db.text("VM", vm, "uuid").to_owned();
    let body = format!("VM '{}' {}", world.db.text("VM", vm, "name_label"), words(name));
    add(world, name, priority, "VM", &uuid, &body);
}

/// Adds a message.
pub(super) fn add(
    world: &mut World,
    name: &str,
    priority: i64,
    class: &str,
    object: &str,
    body: &str,
) -> Ref {
    let (message, uuid) = world.new_object();
    let timestamp = world.date();
    let fields = [
        ("uuid", uuid),
        ("name", name.into()),
        ("priority", Value::Int(priority)),
        ("cls", class.into()),
        ("obj_uuid", object.into()),
        ("timestamp", timestamp),
        ("body", body.into()),
    ];
    world.db.insert("message", message, fields);
    world.message_order.push_back(message);
    if world.message_order.len() > KEPT
        && let Some(oldest) = world.message_order.pop_front()
    {
        world.db.delete("message", oldest);
    }
    message
}

fn words(name: &str) -> String {
    name.trim_start_matches("VM_").to_lowercase()
}
