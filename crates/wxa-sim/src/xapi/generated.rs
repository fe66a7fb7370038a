//! The calls that follow from the table: getters and setters of every field, and records.

use serde_json::Value as Raw;

use super::codec::typed;
use super::condition::Condition;
use super::failure::Failure;
use super::role::Role;
use super::rpc::{Caller, permit};
use super::schema::{Access, Class, Field, Type};
use super::value::{Ref, Value};
use super::world::World;

/// A generated call.
enum Kind<'a> {
    Get(&'a Field),
    Set(&'a Field),
    /// `add_to_…` and `remove_from_…` a map.
    AddTo(&'a Field),
    RemoveFrom(&'a Field),
    /// `add_…` and `remove_…` of a set.
    Add(&'a Field),
    Remove(&'a Field),
    Record,
    ByUuid,
    ByLabel,
    All,
    AllRecords,
    AllWhere,
    AllRecordsWhere,
}

impl<'a> Kind<'a> {
    fn of(class: &'a Class, method: &str) -> Option<Self> {
        let field = |prefix: &str| class.field(method.strip_prefix(prefix)?);
        let settable = |prefix: &str| field(prefix).filter(|field| field.access == Access::Anytime);
        let map = |prefix: &str| settable(prefix).filter(|field| matches!(field.ty, Type::Map(..)));
        let set = |prefix: &str| settable(prefix).filter(|field| matches!(field.ty, Type::Set(_)));
        if !class.stored {
            return None;
        }
        if class.listed {
            match method {
                "get_all" => return Some(Self::All),
                "get_all_records" => return Some(Self::AllRecords),
                "get_all_where" => return Some(Self::AllWhere),
                "get_all_records_where" => return Some(Self::AllRecordsWhere),
                _ => {}
            }
        }
        match method {
            "get_record" => return Some(Self::Record),
            "get_by_uuid" => return class.field("uuid").map(|_| Self::ByUuid),
            "get_by_name_label" => return class.field("name_label").map(|_| Self::ByLabel),
            _ => {}
        }
        field("get_")
            .map(Self::Get)
            .or_else(|| settable("set_").map(Self::Set))
            .or_else(|| map("add_to_").map(Self::AddTo))
            .or_else(|| map("remove_from_").map(Self::RemoveFrom))
            .or_else(|| set("add_").map(Self::Add))
            .or_else(|| set("remove_").map(Self::Remove))
    }

    /// Names and how many parameters follow the session.
    fn params(&self) -> usize {
        match self {
            Self::All | Self::AllRecords => 0,
            Self::Get(_)
            | Self::Record
            | Self::ByUuid
            | Self::ByLabel
            | Self::AllWhere
            | Self::AllRecordsWhere => 1,
            Self::Set(_) | Self::RemoveFrom(_) | Self::Add(_) | Self::Remove(_) => 2,
            Self::AddTo(_) => 3,
        }
    }
}

/// The names of a class's generated calls.
pub(super) fn names(class: &Class) -> Vec<String> {
    if !class.stored {
        return Vec::new();
    }
    let mut names = vec!["get_record".to_owned()];
    if class.listed {
        names.extend(["get_all", "get_all_records"].map(str::to_owned));
    }
    for (field, name) in [("uuid", "get_by_uuid"), ("name_label", "get_by_name_label")] {
        names.extend(class.field(field).map(|_| name.to_owned()));
    }
    for field in &class.fields {
        names.push(format!("get_{}", field.name));
        if field.access == Access::Anytime {
            names.push(format!("set_{}", field.name));
            let (add, remove) = match field.ty {
                Type::Map(..) => ("add_to", "remove_from"),
                Type::Set(_) => ("add", "remove"),
                _ => continue,
            };
            names.extend([
                format!("{add}_{}", field.name),
                format!("{remove}_{}", field.name),
            ]);
        }
    }
    names
}

/// Who may change a field of a class, where the table has no call of its own for it.
fn setter_role(class: &Class) -> Role {
    match class.name {
        "VM" | "VBD" | "VDI" | "VIF" | "VM_guest_metrics" | "VM_metrics" | "console" => Role::VmAdmin,
        "task" | "session" => Role::ReadOnly,
        _ => Role::PoolOperator,
    }
}

/// Does a generated call.
///
/// # Errors
/// `MESSAGE_METHOD_UNKNOWN` when there is none of that name, and what XAPI says of its arguments.
pub(super) fn call(
    world: &mut World,
    caller: &Caller,
    class: &Class,
    method: &str,
    raw: &[Raw],
) -> Result<Value, Failure> {
    let wire_name = format!("{}.{method}", class.name);
    let kind = Kind::of(class, method).ok_or_else(|| Failure::unknown_method(&wire_name))?;
    if raw.len() != kind.params() {
        return Err(Failure::count(&wire_name, kind.params() + 1, raw.len() + 1));
    }
    let arg = |n: usize| raw.get(n).unwrap_or(&Raw::Null);
    let object = |world: &World| object(world, class, arg(0));
    let text = |n: usize, name: &str| typed(arg(n), &Type::Text, name);
    let changed = |caller: &Caller| permit(caller, setter_role(class), class, method);
    match kind {
        Kind::All => Ok(Value::of_refs(world.db.all(class.name))),
        Kind::AllRecords => Ok(records(world, class, |_| true)),
        Kind::AllWhere | Kind::AllRecordsWhere => {
            let condition = text(0, "expr")?;
            let condition = Condition::read(condition.text())
                .ok_or_else(|| Failure::new("INTERNAL_ERROR", ["the expression was not understood"]))?;
            let wanted = |object: Ref| condition.holds(&|field| world.db.get_opt(class, object, field));
            Ok(match kind {
                Kind::AllWhere => Value::of_refs(world.db.all(class.name).filter(|object| wanted(*object))),
                _ => records(world, class, wanted),
            })
        }
        Kind::Record => record(world, class, object(world)?),
        Kind::ByUuid => {
            let uuid = text(0, "uuid")?;
            let found = world.db.by_uuid(class.id, uuid.text());
            found
                .map(Value::Ref)
                .ok_or_else(|| Failure::new("UUID_INVALID", [class.name, uuid.text()]))
        }
        Kind::ByLabel => {
            let label = text(0, "label")?;
            let named = |object: &Ref| world.db.get(class.name, *object, "name_label") == &label;
            Ok(Value::of_refs(world.db.all(class.name).filter(named)))
        }
        Kind::Get(field) => Ok(world.db.get(class.name, object(world)?, field.name).clone()),
        Kind::Set(field) => {
            changed(caller)?;
            let (object, value) = (object(world)?, typed(arg(1), &field.ty, field.name)?);
            world.db.set(class.name, object, field.name, value);
            Ok(Value::Void)
        }
        Kind::AddTo(field) => {
            changed(caller)?;
            let (object, key) = (object(world)?, text(1, "key")?);
            let value = typed(arg(2), entry_type(field), "value")?;
            add_to(world, class, object, field.name, key.text(), value)
        }
        Kind::RemoveFrom(field) => {
            changed(caller)?;
            let (object, key) = (object(world)?, text(1, "key")?);
            remove_from(world, class, object, field.name, key.text())
        }
        Kind::Add(field) | Kind::Remove(field) => {
            let adds = matches!(kind, Kind::Add(_));
            changed(caller)?;
            let object = object(world)?;
            let item_type = match &field.ty {
                Type::Set(item) => item,
                other => other,
            };
            let item = typed(arg(1), item_type, "value")?;
            let mut items = world.db.get(class.name, object, field.name).items().to_vec();
            items.retain(|other| *other != item);
            if adds {
                items.push(item);
            }
            world
                .db
                .set(class.name, object, field.name, Value::Set(items.into()));
            Ok(Value::Void)
        }
    }
}

/// Adds an entry to a map field.
///
/// # Errors
/// `MAP_DUPLICATE_KEY` when the key is there.
pub(super) fn add_to(
    world: &mut World,
    class: &Class,
    object: Ref,
    field: &str,
    key: &str,
    value: Value,
) -> Result<Value, Failure> {
    let map = world.db.get(class.name, object, field);
    if map.entry(key).is_some() {
        let params = [class.name, field, &object.to_string(), key];
        return Err(Failure::new("MAP_DUPLICATE_KEY", params));
    }
    let map = map.with(key, value);
    world.db.set(class.name, object, field, map);
    Ok(Value::Void)
}

/// Removes an entry from a map field; one that is not there is removed already.
///
/// # Errors
/// None.
pub(super) fn remove_from(
    world: &mut World,
    class: &Class,
    object: Ref,
    field: &str,
    key: &str,
) -> Result<Value, Failure> {
    let map = world.db.get(class.name, object, field).without(key);
    world.db.set(class.name, object, field, map);
    Ok(Value::Void)
}

/// An object's record, with its fields in the table's order.
///
/// # Errors
/// `HANDLE_INVALID`.
pub(super) fn record(world: &World, class: &Class, object: Ref) -> Result<Value, Failure> {
    let fields = world
        .db
        .record(class.id, object)
        .ok_or_else(|| Failure::handle(class.name, &object.to_string()))?;
    let fields = fields.map(|(name, value)| (super::names::shared(name), value.clone()));
    Ok(Value::Map(std::sync::Arc::new(fields.collect())))
}

fn records(world: &World, class: &Class, wanted: impl Fn(Ref) -> bool) -> Value {
    let wanted = world.db.all(class.name).filter(|object| wanted(*object));
    let entries =
        wanted.filter_map(|object| Some((object.to_string().into(), record(world, class, object).ok()?)));
    Value::Map(std::sync::Arc::new(entries.collect()))
}

fn object(world: &World, class: &Class, raw: &Raw) -> Result<Ref, Failure> {
    let text = raw.as_str().ok_or_else(|| Failure::field_type("self"))?;
    let object = Ref::read(text).filter(|object| world.db.has(class.name, *object));
    object.ok_or_else(|| Failure::handle(class.name, text))
}

fn entry_type(field: &Field) -> &Type {
    match &field.ty {
        Type::Map(_, item) => item,
        other => other,
    }
}
