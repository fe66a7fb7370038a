//! Following what changes.

use super::{Args, Done};
use crate::xapi::events::{Wait, token};
use crate::xapi::failure::Failure;
use crate::xapi::rpc::Caller;
use crate::xapi::schema::Schema;
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

pub(super) fn run(world: &mut World, caller: &Caller, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    match name {
        "from" => Wait::read(caller.session, args.at(0), args.text(1), args.at(2).float()).map(Done::Events),
        "inject" => {
            let invalid = || Failure::handle(args.text(0), args.text(1));
            let class = Schema::get().class(args.text(0)).ok_or_else(invalid)?;
            let object = Ref::read(args.text(1)).filter(|object| world.db.has(class.name, *object));
            let object = object.ok_or_else(invalid)?;
            let before = token(world.db.generation());
            world.db.touch(class.id, object);
            Ok(Done::Value(before.into()))
        }
        "get_current_id" => {
            let generation = i64::try_from(world.db.generation()).unwrap_or(i64::MAX);
            Ok(Done::Value(Value::Int(generation)))
        }
        _ => Err(Failure::unknown_method(&format!("event.{name}"))),
    }
}
