//! Calls and replies on their two transports. Both are read into the same untyped arguments, which get their types from the table.

pub(super) mod json;
pub(super) mod xml;

use serde_json::Value as Raw;

use super::failure::Failure;
use super::schema::Type;
use super::value::{Ref, Value, read_date};

/// A call as it was read: the method's name and what was said after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) params: Vec<Raw>,
}

/// The body is not a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// Gives an argument its type. Numbers may be written as text, as some clients do.
///
/// # Errors
/// `FIELD_TYPE_ERROR` with the parameter's name; `HANDLE_INVALID` for a reference that is none.
pub(super) fn typed(raw: &Raw, ty: &Type, name: &str) -> Result<Value, Failure> {
    let wrong = || Failure::field_type(name);
    Ok(match (ty, raw) {
        (Type::Text, Raw::String(text)) => Value::from(text.as_str()),
        (Type::Text, Raw::Number(number)) => Value::from(number.to_string()),
        (Type::Int, Raw::Number(number)) => Value::Int(number.as_i64().ok_or_else(wrong)?),
        (Type::Int, Raw::String(text)) => Value::Int(text.trim().parse().map_err(|_| wrong())?),
        (Type::Float, Raw::Number(number)) => Value::Float(number.as_f64().ok_or_else(wrong)?),
        (Type::Float, Raw::String(text)) => Value::Float(text.trim().parse().map_err(|_| wrong())?),
        (Type::Bool, Raw::Bool(truth)) => Value::Bool(*truth),
        (Type::Date, Raw::String(text)) => Value::Date(read_date(text).ok_or_else(wrong)?),
        (Type::Ref(class), Raw::String(text)) => {
            Value::Ref(Ref::read(text).ok_or_else(|| Failure::handle(class, text))?)
        }
        (Type::Set(item), Raw::Array(items)) => {
            let items: Result<Vec<Value>, Failure> = items.iter().map(|raw| typed(raw, item, name)).collect();
            Value::Set(items?.into())
        }
        (Type::Map(_, item), Raw::Object(entries)) => {
            let entries: Result<Vec<(&str, Value)>, Failure> = entries
                .iter()
                .map(|(key, raw)| Ok((key.as_str(), typed(raw, item, name)?)))
                .collect();
            Value::map(entries?)
        }
        // An empty set and an empty map look alike to some languages.
        (Type::Map(..), Raw::Array(items)) if items.is_empty() => Value::zero(ty),
        (Type::Set(_), Raw::Object(entries)) if entries.is_empty() => Value::zero(ty),
        _ => return Err(wrong()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_may_be_written_as_text() {
        assert_eq!(typed(&json!("12"), &Type::Int, "n"), Ok(Value::Int(12)));
        assert_eq!(typed(&json!("60.1"), &Type::Float, "t"), Ok(Value::Float(60.1)));
        assert_eq!(typed(&json!("x"), &Type::Int, "n"), Err(Failure::field_type("n")));
        assert_eq!(
            typed(&json!("true"), &Type::Bool, "b"),
            Err(Failure::field_type("b"))
        );
    }

    #[test]
    fn what_is_no_reference_is_an_invalid_handle() {
        let failure = Failure::handle("VM", "web-01");
        assert_eq!(typed(&json!("web-01"), &Type::Ref("VM"), "vm"), Err(failure));
        assert_eq!(
            typed(&json!(""), &Type::Ref("SR"), "sr"),
            Ok(Value::Ref(Ref::NULL))
        );
    }
}
