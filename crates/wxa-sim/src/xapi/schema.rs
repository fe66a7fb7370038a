//! The table that drives the simulated pool: its classes, their fields and their calls, as data in `schema/*.txt`.
//!
//! One class after another:
//! ```text
//! class VM events stored listed
//!   name_label string rw                     a field: type, access, and its default after `=`
//!   VBDs set:ref:VBD ro <- VBD.VM            a field that follows from another class's field
//!   start(vm:ref:VM, force:bool?) void vm-operator async
//! ```
//! Access is `ro` (the pool's), `new` (may be said when the object is made) or `rw` (settable by generated calls). A call
//! says its parameters after the session (those with `?` may be left out), its result, the lowest role and whether `Async.` exists.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::role::Role;
use super::value::Value;

/// A class by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ClassId(u8);

impl ClassId {
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a value is on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    /// Text; enums are text too.
    Text,
    Int,
    Float,
    Bool,
    Date,
    Ref(&'static str),
    Set(Box<Type>),
    Map(Box<Type>, Box<Type>),
    /// A whole object.
    Record,
    Void,
}

/// Who may say a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Pool,
    AtBirth,
    Anytime,
}

/// A field of a class.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) ty: Type,
    pub(super) access: Access,
    pub(super) default: Value,
    /// Whether `create` may leave it out.
    pub(super) has_default: bool,
}

/// A parameter of a call.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: &'static str,
    pub(super) ty: Type,
    pub(super) optional: bool,
}

/// A call that is not generated from a field.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) name: &'static str,
    pub(super) params: Vec<Param>,
    pub(super) role: Role,
    pub(super) has_async: bool,
    /// Without a session.
    pub(super) public: bool,
}

/// A class.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) id: ClassId,
    pub(super) name: &'static str,
    /// As events call it.
    pub(super) event_name: Arc<str>,
    pub(super) events: bool,
    /// Whether it has rows, and so calls that read and change their fields.
    pub(super) stored: bool,
    /// Whether all of its objects can be had: `get_all`, `get_all_records`.
    pub(super) listed: bool,
    pub(super) fields: Vec<Field>,
    pub(super) calls: Vec<Call>,
    field_places: HashMap<&'static str, usize>,
}

/// A field that lists whoever points here with `source`.
#[derive(Debug, Clone, Copy)]
pub(super) struct BackReference {
    pub(super) owner: ClassId,
    pub(super) list: usize,
    pub(super) source: ClassId,
    pub(super) pointer: usize,
}

/// The whole table.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) classes: Vec<Class>,
    pub(super) back_references: Vec<BackReference>,
    places: HashMap<String, ClassId>,
}

impl Class {
    /// Where a field is in a row.
    pub(super) fn place(&self, field: &str) -> Option<usize> {
        self.field_places.get(field).copied()
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(self.place(name)?)
    }

    pub(super) fn call(&self, name: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.name == name)
    }
}

impl Schema {
    /// The one table.
    pub(super) fn get() -> &'static Self {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
            Schema::read(&[
                include_str!("schema/pool.txt"),
                include_str!("schema/vm.txt"),
                include_str!("schema/storage.txt"),
                include_str!("schema/network.txt"),
                include_str!("schema/records.txt"),
            ])
        });
        &SCHEMA
    }

    /// A class by its name, whatever the case: events and subscriptions write it in small letters.
    pub(super) fn class(&self, name: &str) -> Option<&Class> {
        let id = self.places.get(&name.to_ascii_lowercase())?;
        self.classes.get(id.index())
    }

    fn read(texts: &[&'static str]) -> Self {
        let mut schema = Self {
            classes: Vec::new(),
            back_references: Vec::new(),
            places: HashMap::new(),
        };
        let mut follows: Vec<(ClassId, usize, &'static str)> = Vec::new();
        for line in texts.iter().flat_map(|text| text.lines()) {
            let line = line.trim_end();
            if let Some(rest) = line.strip_prefix("class ") {
                schema.begin_class(rest);
            } else if let (Some(rest), Some(class)) = (line.strip_prefix("  "), schema.classes.last_mut()) {
                // A default may have brackets of its own, but never before a space.
                if let Some((name, signature)) = rest.split_once('(').filter(|(name, _)| !name.contains(' '))
                {
                    class.calls.extend(call(name, signature));
                } else if let Some((field, source)) = field(rest) {
                    let place = class.fields.len();
                    follows.extend(source.map(|source| (class.id, place, source)));
                    class.field_places.insert(field.name, place);
                    class.fields.push(field);
                }
            }
        }
        for (owner, list, source) in follows {
            if let Some((class, pointer)) = source.split_once('.')
                && let Some(class) = schema.class(class)
                && let Some(pointer) = class.place(pointer)
            {
                let source = class.id;
                schema.back_references.push(BackReference {
                    owner,
                    list,
                    source,
                    pointer,
                });
            }
        }
        schema
    }

    fn begin_class(&mut self, rest: &'static str) {
        let mut words = rest.split(' ');
        let name = words.next().unwrap_or_default();
        let flags: Vec<&str> = words.collect();
        let id = ClassId(u8::try_from(self.classes.len()).unwrap_or(u8::MAX));
        self.places.insert(name.to_ascii_lowercase(), id);
        self.classes.push(Class {
            id,
            name,
            event_name: name.to_ascii_lowercase().into(),
            events: flags.contains(&"events"),
            stored: flags.contains(&"stored"),
            listed: flags.contains(&"listed"),
            fields: Vec::new(),
            calls: Vec::new(),
            field_places: HashMap::new(),
        });
    }
}

fn field(line: &'static str) -> Option<(Field, Option<&'static str>)> {
    let (line, source) = match line.split_once(" <- ") {
        Some((line, source)) => (line, Some(source)),
        None => (line, None),
    };
    let (line, default) = match line.split_once(" = ") {
        Some((line, default)) => (line, Some(default)),
        None => (line, None),
    };
    let mut words = line.split(' ');
    let (name, ty, access) = (words.next()?, ty(words.next()?), words.next()?);
    let field = Field {
        name,
        default: default.map_or_else(|| Value::zero(&ty), |text| Value::written(&ty, text)),
        has_default: default.is_some() || !matches!(ty, Type::Ref(_)),
        ty,
        access: match access {
            "rw" => Access::Anytime,
            "new" => Access::AtBirth,
            _ => Access::Pool,
        },
    };
    Some((field, source))
}

fn call(name: &'static str, signature: &'static str) -> Option<Call> {
    let (params, rest) = signature.split_once(')')?;
    let mut words = rest.split_whitespace();
    // The result is for who reads the table: values know their own type.
    let (_, role) = (words.next()?, Role::named(words.next()?)?);
    let flags: Vec<&str> = words.collect();
    let params = params.split(", ").filter(|param| !param.is_empty());
    Some(Call {
        name,
        params: params
            .filter_map(|param| {
                let (name, written) = param.split_once(':')?;
                Some(Param {
                    name,
                    ty: ty(written.trim_end_matches('?')),
                    optional: written.ends_with('?'),
                })
            })
            .collect(),
        role,
        has_async: flags.contains(&"async"),
        public: flags.contains(&"public"),
    })
}

fn ty(text: &'static str) -> Type {
    if let Some(class) = text.strip_prefix("ref:") {
        return Type::Ref(class);
    }
    if let Some(item) = text.strip_prefix("set:") {
        return Type::Set(Box::new(ty(item)));
    }
    if let Some(pair) = text.strip_prefix("map:") {
        let split = match pair.strip_prefix("ref:") {
            Some(rest) => rest.find(':').map(|at| at + 4),
            None => pair.find(':'),
        };
        let (key, item) = split
            .and_then(|at| pair.split_at_checked(at))
            .unwrap_or((pair, ":string"));
        return Type::Map(Box::new(ty(key)), Box::new(ty(item.trim_start_matches(':'))));
    }
    match text {
        "map" => Type::Map(Box::new(Type::Text), Box::new(Type::Text)),
        "int" => Type::Int,
        "float" => Type::Float,
        "bool" => Type::Bool,
        "datetime" => Type::Date,
        "record" => Type::Record,
        "void" => Type::Void,
        _ => Type::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        let schema = Schema::get();
        let vm = schema.class("vm").expect("VM");
        assert_eq!((vm.name, vm.fields.len()), ("VM", 92));
        assert_eq!(
            vm.field("HVM_shadow_multiplier").map(|field| &field.default),
            Some(&Value::Float(1.0))
        );
        assert_eq!(
            vm.field("affinity").map(|field| &field.ty),
            Some(&Type::Ref("host"))
        );
        let start = vm.call("start").expect("VM.start");
        assert!(start.has_async && start.params.len() == 3 && start.role == Role::VmOperator);
        let map = Type::Map(Box::new(Type::Text), Box::new(Type::Ref("blob")));
        assert_eq!(vm.field("blobs").map(|field| &field.ty), Some(&map));
        assert!(schema.back_references.len() >= 30);
    }

    #[test]
    fn every_field_and_call_of_the_table_is_understood() {
        let lines = [
            include_str!("schema/pool.txt"),
            include_str!("schema/vm.txt"),
            include_str!("schema/storage.txt"),
            include_str!("schema/network.txt"),
            include_str!("schema/records.txt"),
        ];
        let written = lines
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| line.starts_with("  "))
            .count();
        let read: usize = Schema::get()
            .classes
            .iter()
            .map(|class| class.fields.len() + class.calls.len())
            .sum();
        assert_eq!(read, written);
    }
}
