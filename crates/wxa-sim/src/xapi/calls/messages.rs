//! Reading and writing messages.

use super::{Args, Done};
use crate::xapi::failure::Failure;
use crate::xapi::generated;
use crate::xapi::messages;
use crate::xapi::schema::Schema;
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

pub(super) fn run(world: &mut World, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    let message = args.reference(0);
    let text = |world: &World, message: Ref, field: &str| world.db.text("message", message, field).to_owned();
    let since = |world: &World, message: Ref, date: &Value| match (
        world.db.get("message", message, "timestamp"),
        date,
    ) {
        (Value::Date(at), Value::Date(since)) => at > since,
        _ => true,
    };
    match name {
        "create" => {
            let made = messages::add(
                world,
                args.text(0),
                args.int(1),
                args.text(2),
                args.text(3),
                args.text(4),
            );
            Ok(Done::Value(made.into()))
        }
        "destroy" => {
            world.db.delete("message", message);
            Done::NOTHING
        }
        "get_all" => Ok(Done::Value(Value::of_refs(world.db.all("message")))),
        "get_all_records" => Ok(Done::Value(records(world, |_| true))),
        "get_record" => {
            let class = Schema::get()
                .class("message")
                .ok_or_else(|| Failure::bare("INTERNAL_ERROR"))?;
            generated::record(world, class, message).map(Done::Value)
        }
        "get_by_uuid" => {
            let found = world
                .db
                .all("message")
                .find(|message| text(world, *message, "uuid") == args.text(0));
            let found = found.ok_or_else(|| Failure::new("UUID_INVALID", ["message", args.text(0)]))?;
            Ok(Done::Value(found.into()))
        }
        "get_since" => {
            let wanted = |message: Ref| since(world, message, args.at(0));
            Ok(Done::Value(records(world, wanted)))
        }
        "get" => {
            let wanted = |message: Ref| {
                text(world, message, "cls") == args.text(0)
                    && text(world, message, "obj_uuid") == args.text(1)
                    && since(world, message, args.at(2))
            };
            Ok(Done::Value(records(world, wanted)))
        }
        _ => Err(Failure::unknown_method(&format!("message.{name}"))),
    }
}

fn records(world: &World, wanted: impl Fn(Ref) -> bool) -> Value {
    let class = Schema::get().class("message");
    let wanted = world.db.all("message").filter(|message| wanted(*message));
    Value::map(wanted.filter_map(|message| {
        let record = generated::record(world, class?, message).ok()?;
        Some((message.to_string(), record))
    }))
}
