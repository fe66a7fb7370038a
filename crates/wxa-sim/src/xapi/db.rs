//! The simulated pool's database: rows of values, kept consistent where one field follows from another, and a journal of
//! generations from which events are told.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::schema::{BackReference, Class, ClassId, Schema};
use super::value::{Ref, Value};

/// An object.
#[derive(Debug)]
pub(super) struct Row {
    values: Box<[Value]>,
    /// The generation at which it was made.
    pub(super) created: u64,
    /// The generation of its last change.
    pub(super) modified: u64,
}

/// What became of an object since some generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Live(ClassId, Ref),
    Deleted {
        class: ClassId,
        object: Ref,
        created: u64,
    },
}

/// How many changes are remembered after the objects are gone.
const DELETIONS: usize = 100_000;

/// All rows.
#[derive(Debug)]
pub(super) struct Db {
    schema: &'static Schema,
    tables: Vec<BTreeMap<Ref, Row>>,
    by_uuid: HashMap<(ClassId, Arc<str>), Ref>,
    generation: u64,
    journal: BTreeMap<u64, Change>,
    deletions: usize,
}

impl Db {
    pub(super) fn new() -> Self {
        let schema = Schema::get();
        Self {
            schema,
            tables: schema.classes.iter().map(|_| BTreeMap::new()).collect(),
            by_uuid: HashMap::new(),
            generation: 1,
            journal: BTreeMap::new(),
            deletions: 0,
        }
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// The class of that name; an unknown one is a fault of the simulator's own sources.
    fn class(&self, name: &str) -> &'static Class {
        let class = self.schema.class(name);
        debug_assert!(class.is_some(), "no class {name}");
        class.unwrap_or(&self.schema.classes[0])
    }

    /// Makes an object; what is not said has its default.
    pub(super) fn insert<'a>(
        &mut self,
        class: &str,
        object: Ref,
        said: impl IntoIterator<Item = (&'a str, Value)>,
    ) {
        let class = self.class(class);
        let mut values: Box<[Value]> = class.fields.iter().map(|field| field.default.clone()).collect();
        for (name, value) in said {
            let place = class.place(name);
            debug_assert!(place.is_some(), "no field {}.{name}", class.name);
            if let Some(slot) = place.and_then(|place| values.get_mut(place)) {
                *slot = value;
            }
        }
        if let Some(uuid) = class
            .place("uuid")
            .and_then(|place| values.get(place))
            .map(Value::text)
            && !uuid.is_empty()
        {
            self.by_uuid.insert((class.id, uuid.into()), object);
        }
        let generation = self.next_generation();
        let pointers: Vec<(usize, Ref)> = pointers(self.schema, class.id)
            .filter_map(|back| Some((back.pointer, values.get(back.pointer)?.reference())))
            .collect();
        let row = Row {
            values,
            created: generation,
            modified: generation,
        };
        if let Some(table) = self.tables.get_mut(class.id.index()) {
            table.insert(object, row);
        }
        self.note(generation, Change::Live(class.id, object));
        for (pointer, to) in pointers {
            self.link(class.id, pointer, object, to);
        }
    }

    /// Whether the object is there.
    pub(super) fn has(&self, class: &str, object: Ref) -> bool {
        self.row(self.class(class).id, object).is_some()
    }

    pub(super) fn row(&self, class: ClassId, object: Ref) -> Option<&Row> {
        self.tables.get(class.index())?.get(&object)
    }

    /// A field's value; that of a missing object is the field's default.
    pub(super) fn get(&self, class: &str, object: Ref, field: &str) -> &Value {
        static NOTHING: Value = Value::Void;
        let class = self.class(class);
        let place = class.place(field);
        debug_assert!(place.is_some(), "no field {}.{field}", class.name);
        let Some(place) = place else { return &NOTHING };
        self.row(class.id, object)
            .and_then(|row| row.values.get(place))
            .or_else(|| class.fields.get(place).map(|field| &field.default))
            .unwrap_or(&NOTHING)
    }

    /// A field's value, for names that clients say: none for a field that is not there.
    pub(super) fn get_opt(&self, class: &Class, object: Ref, field: &str) -> Option<&Value> {
        self.row(class.id, object)?.values.get(class.place(field)?)
    }

    pub(super) fn text(&self, class: &str, object: Ref, field: &str) -> &str {
        self.get(class, object, field).text()
    }

    pub(super) fn reference(&self, class: &str, object: Ref, field: &str) -> Ref {
        self.get(class, object, field).reference()
    }

    /// Changes a field. What is so already makes no event, as in the real database.
    pub(super) fn set(&mut self, class: &str, object: Ref, field: &str, value: impl Into<Value>) {
        let (class, value) = (self.class(class), value.into());
        let place = class.place(field);
        debug_assert!(place.is_some(), "no field {}.{field}", class.name);
        let Some(place) = place else { return };
        let Some(slot) = self.slot(class.id, object, place) else {
            return;
        };
        if *slot == value {
            return;
        }
        let before = std::mem::replace(slot, value).reference();
        if pointers(self.schema, class.id).any(|back| back.pointer == place) {
            let now = self.get(class.name, object, field).reference();
            self.unlink(class.id, place, object, before);
            self.link(class.id, place, object, now);
        }
        self.touch(class.id, object);
    }

    /// Notes a change of an object although nothing differs, as `event.inject` does.
    pub(super) fn touch(&mut self, class: ClassId, object: Ref) {
        let generation = self.next_generation();
        let row = self
            .tables
            .get_mut(class.index())
            .and_then(|table| table.get_mut(&object));
        if let Some(row) = row {
            let before = std::mem::replace(&mut row.modified, generation);
            self.journal.remove(&before);
            self.note(generation, Change::Live(class, object));
        }
    }

    /// Removes an object; whoever lists it forgets it, whoever points at it keeps a dangling reference until he is changed.
    pub(super) fn delete(&mut self, class: &str, object: Ref) {
        let class = self.class(class);
        let Some(row) = self
            .tables
            .get_mut(class.id.index())
            .and_then(|table| table.remove(&object))
        else {
            return;
        };
        if let Some(uuid) = class.place("uuid").and_then(|place| row.values.get(place)) {
            self.by_uuid.remove(&(class.id, Arc::from(uuid.text())));
        }
        self.journal.remove(&row.modified);
        let generation = self.next_generation();
        let gone = Change::Deleted {
            class: class.id,
            object,
            created: row.created,
        };
        self.note(generation, gone);
        self.deletions += 1;
        if self.deletions > DELETIONS {
            self.forget_deletions();
        }
        let pointed: Vec<(usize, Ref)> = pointers(self.schema, class.id)
            .filter_map(|back| Some((back.pointer, row.values.get(back.pointer)?.reference())))
            .collect();
        for (pointer, to) in pointed {
            self.unlink(class.id, pointer, object, to);
        }
    }

    /// All objects of a class, in the order of their references.
    pub(super) fn all(&self, class: &str) -> impl Iterator<Item = Ref> + '_ {
        let table = self.tables.get(self.class(class).id.index());
        table.into_iter().flat_map(|table| table.keys().copied())
    }

    /// How many objects a class has.
    pub(super) fn count(&self, class: ClassId) -> usize {
        self.tables.get(class.index()).map_or(0, BTreeMap::len)
    }

    pub(super) fn by_uuid(&self, class: ClassId, uuid: &str) -> Option<Ref> {
        self.by_uuid.get(&(class, Arc::from(uuid))).copied()
    }

    /// The fields of an object with their values, in the table's order.
    pub(super) fn record(
        &self,
        class: ClassId,
        object: Ref,
    ) -> Option<impl Iterator<Item = (&'static str, &Value)> + Clone + '_> {
        let class = self.schema.classes.get(class.index())?;
        let row = self.row(class.id, object)?;
        Some(class.fields.iter().map(|field| field.name).zip(row.values.iter()))
    }

    /// What changed after a generation, the oldest first, each object once.
    pub(super) fn changes_since(&self, generation: u64) -> impl Iterator<Item = Change> + '_ {
        self.journal
            .range(generation.saturating_add(1)..)
            .map(|(_, change)| *change)
    }

    fn slot(&mut self, class: ClassId, object: Ref, place: usize) -> Option<&mut Value> {
        self.tables
            .get_mut(class.index())?
            .get_mut(&object)?
            .values
            .get_mut(place)
    }

    fn next_generation(&mut self) -> u64 {
        self.generation += 1;
        self.generation
    }

    fn note(&mut self, generation: u64, change: Change) {
        self.journal.insert(generation, change);
    }

    fn forget_deletions(&mut self) {
        let mut surplus = self.deletions / 2;
        self.deletions -= surplus;
        self.journal.retain(|_, change| {
            let goes = surplus > 0 && matches!(change, Change::Deleted { .. });
            surplus -= usize::from(goes);
            !goes
        });
    }

    fn link(&mut self, source: ClassId, pointer: usize, object: Ref, owner: Ref) {
        self.edit_list(source, pointer, owner, |list| list.push(Value::Ref(object)));
    }

    fn unlink(&mut self, source: ClassId, pointer: usize, object: Ref, owner: Ref) {
        self.edit_list(source, pointer, owner, |list| {
            list.retain(|item| item.reference() != object)
        });
    }

    fn edit_list(&mut self, source: ClassId, pointer: usize, owner: Ref, edit: impl Fn(&mut Vec<Value>)) {
        if owner.is_null() {
            return;
        }
        let lists: Vec<BackReference> = pointers(self.schema, source)
            .filter(|back| back.pointer == pointer)
            .copied()
            .collect();
        for back in lists {
            if let Some(Value::Set(list)) = self.slot(back.owner, owner, back.list) {
                edit(Arc::make_mut(list));
                self.touch(back.owner, owner);
            }
        }
    }
}

fn pointers(schema: &'static Schema, class: ClassId) -> impl Iterator<Item = &'static BackReference> {
    schema
        .back_references
        .iter()
        .filter(move |back| back.source == class)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(number: u8) -> Ref {
        Ref([number; 16])
    }

    #[test]
    fn lists_follow_from_what_points_at_their_owner() {
        let mut db = Db::new();
        db.insert("VM", object(1), [("uuid", "u1".into())]);
        db.insert("VM", object(2), [("uuid", "u2".into())]);
        db.insert("VBD", object(3), [("VM", object(1).into())]);
        assert_eq!(
            db.get("VM", object(1), "VBDs").refs().collect::<Vec<_>>(),
            [object(3)]
        );
        db.set("VBD", object(3), "VM", object(2));
        assert_eq!(db.get("VM", object(1), "VBDs").items(), []);
        db.delete("VBD", object(3));
        assert_eq!(db.get("VM", object(2), "VBDs").items(), []);
    }

    #[test]
    fn each_object_is_told_once_with_its_last_change() {
        let mut db = Db::new();
        db.insert("VM", object(1), [("uuid", "u1".into())]);
        let before = db.generation();
        let vm = db.class("VM").id;
        db.set("VM", object(1), "name_label", "a");
        db.set("VM", object(1), "name_label", "b");
        db.set("VM", object(1), "name_label", "b");
        db.insert("VM", object(2), []);
        db.delete("VM", object(2));
        let told: Vec<_> = db.changes_since(before).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told.first(), Some(&Change::Live(vm, object(1))));
        assert!(matches!(told.last(), Some(Change::Deleted { created, .. }) if *created > before));
    }

    #[test]
    fn an_object_is_found_by_its_uuid_until_it_is_gone() {
        let mut db = Db::new();
        db.insert("VM", object(1), [("uuid", "u1".into())]);
        let vm = db.class("VM").id;
        assert_eq!(db.by_uuid(vm, "u1"), Some(object(1)));
        db.delete("VM", object(1));
        assert_eq!(db.by_uuid(vm, "u1"), None);
    }
}
