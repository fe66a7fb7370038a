//! Acting on VMs.
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::fmt;
use wxa_model::{Action, HostId, SysrqKey, TaskId};

/// An act was accepted; how it goes is told by its task, on the live socket and in the task list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskAccepted {
    /// The task.
    pub task: TaskId,
}

/// Where a VM is to start or resume. Nothing at all, as an empty body, leaves the choice to the pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlaceParams {
    /// A member of the VM's pool that is heard and not in maintenance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<HostId>,
}

impl PlaceParams {
    /// On that member.
    pub fn on(member: HostId) -> Self {
        Self { on: Some(member) }
    }
}

/// As it may be written: a body or a query, or nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenPlace {
    #[serde(default)]
    on: Option<HostId>,
}

impl<'de> Deserialize<'de> for PlaceParams {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Place;
        impl<'de> Visitor<'de> for Place {
            type Value = PlaceParams;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("where the VM is to be, or nothing")
            }
            fn visit_unit<E: de::Error>(self) -> Result<PlaceParams, E> {
                Ok(PlaceParams::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PlaceParams, A::Error> {
                let given = GivenPlace::deserialize(MapAccessDeserializer::new(map))?;
                Ok(PlaceParams { on: given.on })
            }
        }
        from.deserialize_any(Place)
    }
}

impl From<()> for PlaceParams {
    fn from((): ()) -> Self {
        Self::default()
    }
}

/// Which key a guest's kernel is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SysrqParams {
    /// One character.
    pub key: SysrqKey,
}

/// What an administrator would type on the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandView {
    /// For this action.
    pub action: Action,
    /// The command line.
    pub command: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_place_is_read_from_a_body_or_from_nothing_and_typing_errors_are_told() {
        let read = |text: &str| serde_json::from_str::<PlaceParams>(text);
        let member = HostId(Uuid::from_u128(5));
        let body = serde_json::to_string(&PlaceParams::on(member)).unwrap_or_default();
        assert_eq!(read(&body).ok(), Some(PlaceParams::on(member)));
        for nothing in ["null", "{}", r#"{"on":null}"#] {
            assert_eq!(read(nothing).ok(), Some(PlaceParams::default()), "{nothing}");
        }
        for wrong in [r#"{"onn":null}"#, r#"{"on":"xcp-01"}"#, "[]", "7"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            serde_json::to_string(&PlaceParams::default()).ok().as_deref(),
            Some("{}")
        );
    }
}
