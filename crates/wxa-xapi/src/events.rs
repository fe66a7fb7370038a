//! What `event.from` answers: each object that is new, different or gone, read straight into its record.
mod event;
mod object;

pub(crate) use event::{Event, Operation};
pub(crate) use object::{Class, Object};

use crate::loose::{self, Map};
use serde::Deserialize;

/// An answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Events {
    /// What happened.
    pub(crate) events: Vec<Event>,
    /// How many objects there are of each class, by its name in small letters.
    #[serde(default, deserialize_with = "loose::counts")]
    pub(crate) valid_ref_counts: Map<i64>,
    /// Where the next call goes on.
    pub(crate) token: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Ref;

    #[test]
    fn an_answer_is_read_whatever_the_order_of_its_members() -> Result<(), serde_json::Error> {
        let events: Events = serde_json::from_str(
            r#"{"token":"1,1","valid_ref_counts":{"vm":"2","task":0},"events":[
                {"id":"5","class":"vm","operation":"add","ref":"OpaqueRef:a","timestamp":"0.0","snapshot":{"name_label":"web","memory_target":"7"}},
                {"snapshot":{"address":"10.0.0.1"},"ref":"OpaqueRef:b","operation":"mod","class":"host"},
                {"class":"vm","operation":"del","ref":"OpaqueRef:c"},
                {"class":"something_new","operation":"add","ref":"OpaqueRef:d","snapshot":{"x":[1,{"y":2}]}},
                {"class":"vm","operation":"became","ref":"OpaqueRef:e","snapshot":{}}
            ]}"#,
        )?;
        assert_eq!(events.valid_ref_counts.get("vm"), Some(&2));
        let [add, changed, gone, unknown, odd] = events.events.as_slice() else {
            return Err(serde::de::Error::custom("five events"));
        };
        assert!(
            matches!(&add.object, Some(Object::Vm(vm)) if vm.name_label == "web" && vm.memory_target == 7)
        );
        assert!(matches!(&changed.object, Some(Object::Host(host)) if host.address == "10.0.0.1"));
        assert_eq!((gone.operation, gone.class), (Operation::Gone, Some(Class::Vm)));
        assert_eq!(gone.reference, Ref::read("OpaqueRef:c"));
        assert!(unknown.class.is_none() && unknown.object.is_none());
        assert_eq!(odd.operation, Operation::Live);
        Ok(())
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for wrong in [
            "5",
            "[]",
            "{}",
            r#"{"events":{},"token":"x"}"#,
            r#"{"events":[5],"token":"x"}"#,
        ] {
            assert!(serde_json::from_str::<Events>(wrong).is_err(), "{wrong}");
        }
    }
}
