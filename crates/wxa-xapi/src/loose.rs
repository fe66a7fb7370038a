//! Fields as XAPI's versions write them: a number may come as text, a field may be missing or be something new. One that is
//! not understood is as if it were not there, so that it never hides the object it belongs to.
mod map;
mod scalar;

pub(crate) use map::Map;
pub(crate) use scalar::Word;

use crate::reference::Ref;
use scalar::Scalar;
use serde::{
    Deserializer,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// How many items of a list or map are kept.
const MOST: usize = 100_000;

struct One<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for One<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok(T::of_text(text))
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        Ok(T::of_int(number))
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        Ok(T::of_int(i64::try_from(number).unwrap_or(i64::MAX)))
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        Ok(T::of_float(number))
    }
    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<T, E> {
        Ok(T::of_flag(flag))
    }
    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<T, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<T, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }
}

struct Seed<T>(PhantomData<T>);

impl<'de, T: Scalar> de::DeserializeSeed<'de> for Seed<T> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        from.deserialize_any(One(PhantomData))
    }
}

/// Lists and maps; anything else is an empty one.
struct Many<T>(PhantomData<T>);

macro_rules! empty_for_scalars {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("anything")
        }
        fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

impl<'de, T: Scalar> Visitor<'de> for Many<Vec<T>> {
    type Value = Vec<T>;
    empty_for_scalars!();
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(item) = items.next_element_seed(Seed(PhantomData))? {
            if kept.len() < MOST {
                kept.push(item);
            }
        }
        Ok(kept)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Vec::new())
    }
}

impl<'de, T: Scalar> Visitor<'de> for Many<Map<T>> {
    type Value = Map<T>;
    empty_for_scalars!();
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Map::default())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            if !T::is_kept(&key) {
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = entries.next_value_seed(Seed(PhantomData))?;
            if kept.len() < MOST {
                kept.push((key.into(), value));
            }
        }
        Ok(Map::new(kept))
    }
}

macro_rules! field {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $visitor:ident;)*) => {
        $($(#[$doc])*
        pub(crate) fn $name<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
            from.deserialize_any($visitor::<$type>(PhantomData))
        })*
    };
}

field! {
    /// Text; enums too.
    text: String = One;
    /// Text that is mostly one of few.
    word: Word = One;
    /// A whole number, also as text.
    int: i64 = One;
    /// A number, also as text.
    float: f64 = One;
    /// A flag.
    flag: bool = One;
    /// A reference.
    reference: Ref = One;
    /// A list of texts.
    texts: Vec<String> = Many;
    /// A map of texts, of which what is used is kept.
    map: Map<String> = Many;
    /// A map of words, of which all are kept.
    words: Map<Box<str>> = Many;
    /// A map of whole numbers.
    counts: Map<i64> = Many;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Record {
        #[serde(deserialize_with = "text")]
        name: String,
        #[serde(deserialize_with = "int")]
        size: i64,
        #[serde(deserialize_with = "flag")]
        on: bool,
        #[serde(deserialize_with = "reference")]
        vm: Ref,
        #[serde(deserialize_with = "texts")]
        tags: Vec<String>,
        #[serde(deserialize_with = "map")]
        config: Map<String>,
    }

    #[test]
    fn numbers_come_as_text_and_new_fields_are_passed_over() -> Result<(), serde_json::Error> {
        let record: Record = serde_json::from_str(
            r#"{"new":[{"x":1}],"name":"web","size":"4294967296","on":true,"vm":"OpaqueRef:NULL","tags":["a",5],
                "config":{"cpu_count":4,"notes":"long"}}"#,
        )?;
        assert_eq!(
            (record.name.as_str(), record.size, record.on),
            ("web", 1 << 32, true)
        );
        assert_eq!(record.tags, ["a", "5"]);
        assert_eq!(record.config.get("cpu_count").map(String::as_str), Some("4"));
        assert_eq!(record.config.iter().count(), 1);
        Ok(())
    }

    proptest! {
        #[test]
        fn a_field_of_any_type_leaves_the_record(value in prop_oneof![
            Just("null"), Just("[]"), Just("{}"), Just("[[1]]"), Just("{\"a\":{}}"), Just("1e300"), Just("-7"), Just("true"), Just("\"x\"")
        ]) {
            let text = format!(r#"{{"name":{value},"size":{value},"on":{value},"vm":{value},"tags":{value},"config":{value}}}"#);
            prop_assert!(serde_json::from_str::<Record>(&text).is_ok());
        }
    }
}
