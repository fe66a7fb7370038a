//! A measured value: text or number, or not known.
use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};
use std::fmt;

/// NaN for what is not known; never infinite.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub(super) f32);

impl Number {
    fn of(value: f64) -> Self {
        let value = value as f32;
        Self(if value.is_finite() { value } else { f32::NAN })
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl Visitor<'_> for Reader {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a measured value")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
        Ok(Number::of(text.trim().parse().unwrap_or(f64::NAN)))
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Number, E> {
        Ok(Number::of(value))
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Number, E> {
        Ok(Number::of(value as f64))
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Number, E> {
        Ok(Number::of(value as f64))
    }
    fn visit_unit<E: de::Error>(self) -> Result<Number, E> {
        Ok(Number::of(f64::NAN))
    }
}
