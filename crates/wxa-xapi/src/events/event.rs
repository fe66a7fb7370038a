//! One event.
use super::object::{Class, Object};
use crate::{loose, reference::Ref};
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor},
};
use std::fmt;
use wxa_driver::{Error, ErrorKind};

/// What happened to an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Operation {
    /// It is there, as its snapshot says: new or different.
    #[default]
    Live,
    /// It is gone.
    Gone,
}

/// An event. Unknown classes have no object.
#[derive(Debug, Default)]
pub(crate) struct Event {
    pub(crate) class: Option<Class>,
    pub(crate) operation: Operation,
    pub(crate) reference: Ref,
    pub(crate) object: Option<Object>,
}

impl Event {
    /// An object that is there, from its record.
    ///
    /// # Errors
    /// `Malformed` when it is none.
    pub(crate) fn live(class: Class, reference: Ref, record: serde_json::Value) -> Result<Self, Error> {
        let object = class.deserialize(record).map_err(|error| {
            Error::new(
                ErrorKind::Malformed,
                "The host's answer is not what XAPI answers to such a call.",
            )
            .with_source(error)
        })?;
        Ok(Self {
            class: Some(class),
            operation: Operation::Live,
            reference,
            object,
        })
    }
}

#[derive(Deserialize)]
struct Word(#[serde(deserialize_with = "loose::text")] String);

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Event, A::Error> {
        let mut event = Event::default();
        // XAPI says the class first; where it does not, the snapshot waits for it.
        let mut early = None;
        let mut class_said = false;
        while let Some(Word(member)) = members.next_key()? {
            match member.as_str() {
                "class" => {
                    event.class = Class::named(&members.next_value::<Word>()?.0);
                    class_said = true;
                }
                "operation" => {
                    event.operation = match members.next_value::<Word>()?.0.as_str() {
                        "del" => Operation::Gone,
                        _ => Operation::Live,
                    }
                }
                "ref" => event.reference = Ref::read(&members.next_value::<Word>()?.0),
                "snapshot" => match (class_said, event.class) {
                    (false, _) => early = Some(members.next_value::<serde_json::Value>()?),
                    (true, Some(class)) => event.object = members.next_value_seed(class)?,
                    (true, None) => {
                        members.next_value::<IgnoredAny>()?;
                    }
                },
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        if let (Some(early), Some(class)) = (early, event.class) {
            event.object = class.deserialize(early).map_err(de::Error::custom)?;
        }
        Ok(event)
    }
}
