//! Roles and who has them.

use super::{Args, Done};
use crate::xapi::failure::Failure;
use crate::xapi::schema::Class;
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

pub(super) fn run(world: &mut World, class: &Class, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    let (object, role) = (args.reference(0), args.reference(1));
    let label = |world: &World, role: Ref| world.db.text("role", role, "name_label").to_owned();
    match (class.name, name) {
        ("subject", "create" | "destroy") => super::records(world, class, name, args),
        ("subject", "add_to_roles" | "remove_from_roles") => {
            let mut roles: Vec<Ref> = world.db.get("subject", object, "roles").refs().collect();
            roles.retain(|other| *other != role);
            if name == "add_to_roles" {
                roles.push(role);
            }
            world.db.set("subject", object, "roles", Value::of_refs(roles));
            Done::NOTHING
        }
        ("subject", "get_permissions_name_label") => {
            let roles: Vec<Ref> = world.db.get("subject", object, "roles").refs().collect();
            let labels: Vec<String> = roles.into_iter().map(|role| label(world, role)).collect();
            Ok(Done::Value(Value::texts(labels.iter().map(String::as_str))))
        }
        ("role", "get_permissions") => Ok(Done::Value(world.db.get("role", object, "subroles").clone())),
        ("role", "get_permissions_name_label") => {
            let below: Vec<Ref> = world.db.get("role", object, "subroles").refs().collect();
            let labels: Vec<String> = below.into_iter().map(|role| label(world, role)).collect();
            Ok(Done::Value(Value::texts(labels.iter().map(String::as_str))))
        }
        _ => Err(Failure::unknown_method(&format!("{}.{name}", class.name))),
    }
}
