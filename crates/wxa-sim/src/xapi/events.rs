//! `event.from`: what changed since a token, coalesced to each object's state now.

use std::time::Duration;

use super::db::Change;
use super::failure::Failure;
use super::generated;
use super::schema::{Class, ClassId, Schema};
use super::value::{Ref, Value};
use super::world::World;

/// What somebody wants to hear of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Subscription {
    Everything,
    Class(ClassId),
    Object(ClassId, Ref),
    /// What is not there: an object of this class, or one of a class that the table does not have.
    Nothing(Option<ClassId>),
}

/// A call that waits for events.
#[derive(Debug, Clone)]
pub(super) struct Wait {
    pub(super) session: Ref,
    subscriptions: Vec<Subscription>,
    since: u64,
    /// How long it waits at most.
    pub(super) patience: Duration,
    /// Nothing but tasks is waited for: then the server does not gather events for a while.
    pub(super) only_tasks: bool,
}

impl Wait {
    /// Reads what `event.from` was given.
    ///
    /// # Errors
    /// `EVENT_SUBSCRIPTION_PARSE_FAILURE` and `EVENT_FROM_TOKEN_PARSE_FAILURE`.
    pub(super) fn read(session: Ref, classes: &Value, token: &str, timeout: f64) -> Result<Self, Failure> {
        let subscriptions: Result<Vec<_>, _> = classes
            .items()
            .iter()
            .map(|item| subscription(item.text()))
            .collect();
        let subscriptions = subscriptions?;
        let task = Schema::get().class("task").map(|class| class.id);
        let only_tasks = !subscriptions.is_empty()
            && subscriptions.iter().all(|one| match one {
                Subscription::Class(class) | Subscription::Object(class, _) => Some(*class) == task,
                Subscription::Nothing(class) => class.is_some() && *class == task,
                Subscription::Everything => false,
            });
        let since = read_token(token)?;
        let seconds = if timeout.is_finite() {
            timeout.clamp(0.0, 3600.0)
        } else {
            0.0
        };
        Ok(Self {
            session,
            subscriptions,
            since,
            patience: Duration::from_secs_f64(seconds),
            only_tasks,
        })
    }

    fn wants(&self, class: &Class, object: Ref) -> bool {
        class.events
            && self.subscriptions.iter().any(|one| match one {
                Subscription::Everything => true,
                Subscription::Class(wanted) => *wanted == class.id,
                Subscription::Object(wanted, which) => (*wanted, *which) == (class.id, object),
                Subscription::Nothing(_) => false,
            })
    }

    /// The answer as of now; none while there is nothing to tell.
    ///
    /// # Errors
    /// `SESSION_INVALID` when the session has ended meanwhile.
    pub(super) fn answer(
        &self,
        world: &mut World,
        last_chance: LastChance,
    ) -> Result<Option<Value>, Failure> {
        world.session(self.session)?;
        let events = self.events(world);
        if events.is_empty() && last_chance == LastChance::No {
            return Ok(None);
        }
        let counts = Schema::get().classes.iter().filter(|class| class.stored);
        let counts = counts.map(|class| {
            let count = i64::try_from(world.db.count(class.id)).unwrap_or(i64::MAX);
            (class.event_name.clone(), Value::Count(count))
        });
        Ok(Some(Value::map([
            ("events", Value::Set(events.into())),
            ("valid_ref_counts", Value::map(counts)),
            ("token", Value::from(token(world.db.generation()))),
        ])))
    }

    /// In xapi's order: messages, then what is new, what has changed, what is gone.
    fn events(&self, world: &World) -> Vec<Value> {
        let classes = &Schema::get().classes;
        let class_of = |id: ClassId| classes.get(id.index());
        let (mut messages, mut added, mut changed, mut gone) = (vec![], vec![], vec![], vec![]);
        let mut live = |class: &Class, object: Ref| {
            if !self.wants(class, object) {
                return;
            }
            let Some(row) = world.db.row(class.id, object) else {
                return;
            };
            let is_new = row.created > self.since;
            let event = event(
                world,
                class,
                object,
                row.modified,
                if is_new { "add" } else { "mod" },
            );
            match (class.name, is_new) {
                ("message", _) => messages.push(event),
                (_, true) => added.push(event),
                (_, false) => changed.push(event),
            }
        };
        if self.since == 0 {
            for class in classes.iter().filter(|class| class.events) {
                world.db.all(class.name).for_each(|object| live(class, object));
            }
        } else {
            for change in world.db.changes_since(self.since) {
                match change {
                    Change::Live(class, object) => {
                        class_of(class).into_iter().for_each(|class| live(class, object));
                    }
                    Change::Deleted {
                        class,
                        object,
                        created,
                    } => {
                        if let Some(class) = class_of(class)
                            && created <= self.since
                            && self.wants(class, object)
                        {
                            gone.push(event(world, class, object, world.db.generation(), "del"));
                        }
                    }
                }
            }
        }
        messages.extend(added);
        messages.extend(changed);
        messages.extend(gone);
        messages
    }
}

/// Whether the caller's patience is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastChance {
    Yes,
    No,
}

/// The token of a generation: the database's and the messages', which are one here.
pub(super) fn token(generation: u64) -> String {
    format!("{generation:020},{generation:020}")
}

fn read_token(token: &str) -> Result<u64, Failure> {
    if token.is_empty() {
        return Ok(0);
    }
    let read = token.split_once(',').and_then(|(database, messages)| {
        messages.parse::<u64>().ok()?;
        database.parse().ok()
    });
    read.ok_or_else(|| Failure::new("EVENT_FROM_TOKEN_PARSE_FAILURE", [token]))
}

fn subscription(text: &str) -> Result<Subscription, Failure> {
    let bad = || Failure::new("EVENT_SUBSCRIPTION_PARSE_FAILURE", [text]);
    if text == "*" {
        return Ok(Subscription::Everything);
    }
    let (class, object) = match text.split_once('/') {
        Some((class, object)) => (class, Some(object)),
        None => (text, None),
    };
    let is_name = |text: &str| {
        let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !text.is_empty() && text.chars().all(of_name)
    };
    if !is_name(class) || object == Some("") {
        return Err(bad());
    }
    // The form is all that is checked: whatever is not there has no events.
    let class = Schema::get().class(class).map(|class| class.id);
    Ok(match (class, object) {
        (Some(class), None) => Subscription::Class(class),
        (Some(known), Some(object)) => match Ref::read(object) {
            Some(object) => Subscription::Object(known, object),
            None => Subscription::Nothing(class),
        },
        (None, _) => Subscription::Nothing(None),
    })
}

fn event(world: &World, class: &Class, object: Ref, generation: u64, operation: &str) -> Value {
    let mut fields = vec![
        ("class", Value::Text(class.event_name.clone())),
        ("id", Value::from(generation.to_string())),
        ("operation", operation.into()),
        ("ref", Value::Ref(object)),
        ("timestamp", "0.0".into()),
    ];
    if operation != "del"
        && let Ok(record) = generated::record(world, class, object)
    {
        fields.push(("snapshot", record));
    }
    Value::map(fields)
}
