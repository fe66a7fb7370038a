//! The calls that do something of their own, by class.

mod events;
mod hosts;
mod messages;
mod networks;
mod pools;
mod roles;
mod sessions;
mod storage;
mod task;
mod vm_config;
mod vm_copies;
mod vm_power;
mod vms;

use super::events::Wait;
use super::failure::Failure;
use super::rpc::Caller;
use super::schema::Class;
use super::value::{Ref, Value};
use super::world::World;

pub(super) use networks::new_mac;
pub(super) use storage::add_disk;

/// What a call came to.
#[derive(Debug)]
pub(super) enum Done {
    Value(Value),
    /// The call's task goes on.
    Later,
    Events(Wait),
    /// Said only after the delay of a failed sign-in.
    Delayed(Failure),
}

impl Done {
    /// Done, with nothing to tell.
    pub(super) const NOTHING: Result<Self, Failure> = Ok(Self::Value(Value::Void));
}

/// Does a call; its session, role and arguments were looked at.
///
/// # Errors
/// What XAPI says when it is not done.
pub(super) fn run(
    world: &mut World,
    caller: &Caller,
    class: &Class,
    name: &'static str,
    params: &[Value],
) -> Result<Done, Failure> {
    let args = Args(params);
    match class.name {
        "session" => sessions::run(world, caller, name, &args),
        "task" => task::run(world, caller, name, &args),
        "event" => events::run(world, caller, name, &args),
        "message" => messages::run(world, name, &args),
        "pool" => pools::run(world, caller, name, &args),
        "host" => hosts::run(world, caller, name, &args),
        "SR" | "PBD" | "VDI" | "VBD" => storage::run(world, class, name, &args),
        "VIF" | "network" | "PIF" => networks::run(world, class, name, &args),
        "role" | "subject" => roles::run(world, class, name, &args),
        "VM" => vms::run(world, caller, class, name, &args),
        "VM_appliance" => vms::appliance(world, caller, name, &args),
        _ => records(world, class, name, &args),
    }
}

/// `create` and `destroy` of classes that are nothing but records.
fn records(world: &mut World, class: &Class, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    match name {
        "create" => create(world, class, args.at(0)).map(|made| Done::Value(made.into())),
        "destroy" => {
            world.db.delete(class.name, args.reference(0));
            Done::NOTHING
        }
        _ => Err(Failure::unknown_method(&format!("{}.{name}", class.name))),
    }
}

/// Makes an object from a record whose members are still raw.
///
/// # Errors
/// `FIELD_TYPE_ERROR` for a member of the wrong type, or when one without a default is missing.
fn create(world: &mut World, class: &Class, record: &Value) -> Result<Ref, Failure> {
    use super::codec::typed;
    use super::schema::{Access, Type};
    let mut fields = Vec::new();
    for field in class.fields.iter().filter(|field| field.access != Access::Pool) {
        let Some(raw) = record.entry(field.name) else {
            if !field.has_default && matches!(field.ty, Type::Ref(_)) && field.access == Access::AtBirth {
                return Err(Failure::field_type(field.name));
            }
            continue;
        };
        let raw = serde_json::from_str(raw.text()).map_err(|_| Failure::field_type(field.name))?;
        let value = typed(&raw, &field.ty, field.name)?;
        if let (Type::Ref(target), Value::Ref(reference)) = (&field.ty, &value)
            && !reference.is_null()
            && super::schema::Schema::get().class(target).is_some()
            && !world.db.has(target, *reference)
        {
            return Err(Failure::handle(target, &reference.to_string()));
        }
        fields.push((field.name, value));
    }
    let (object, uuid) = world.new_object();
    if class.field("uuid").is_some() {
        fields.push(("uuid", uuid));
    }
    world.db.insert(class.name, object, fields);
    Ok(object)
}

/// The arguments after the session, with their types.
pub(super) struct Args<'a>(&'a [Value]);

impl Args<'_> {
    fn at(&self, n: usize) -> &Value {
        static NOTHING: Value = Value::Void;
        self.0.get(n).unwrap_or(&NOTHING)
    }

    fn reference(&self, n: usize) -> Ref {
        self.at(n).reference()
    }

    fn text(&self, n: usize) -> &str {
        self.at(n).text()
    }

    fn int(&self, n: usize) -> i64 {
        self.at(n).int()
    }
}
