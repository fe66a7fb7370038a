//! JSON-RPC 1.0 and 2.0, told apart by each request.

use serde_json::Value as Raw;
use std::fmt::Write;

use super::{Malformed, Request};
use crate::xapi::failure::Failure;
use crate::xapi::value::{Value, date_text};

/// Which answer the request wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    Two,
}

/// What belongs into the answer besides the result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Envelope {
    version: Version,
    id: Raw,
}

/// Reads a request.
///
/// # Errors
/// When it is no call, or has no id that could be answered to.
pub(in crate::xapi) fn read(body: &[u8]) -> Result<(Request, Envelope), Malformed> {
    let Ok(Raw::Object(mut whole)) = serde_json::from_slice(body) else {
        return Err(Malformed);
    };
    let version = match whole.get("jsonrpc").and_then(Raw::as_str) {
        Some("2.0") => Version::Two,
        _ => Version::One,
    };
    let id = whole
        .remove("id")
        .filter(|id| id.is_string() || id.is_i64() || id.is_u64());
    let method = whole.get("method").and_then(Raw::as_str).map(str::to_owned);
    let params = match whole.remove("params") {
        Some(Raw::Array(params)) => params,
        Some(named @ Raw::Object(_)) => vec![named],
        None => Vec::new(),
        Some(_) => return Err(Malformed),
    };
    let (Some(id), Some(method)) = (id, method) else {
        return Err(Malformed);
    };
    Ok((Request { method, params }, Envelope { version, id }))
}

/// Writes an answer.
pub(in crate::xapi) fn answer(envelope: &Envelope, outcome: &Result<Value, Failure>) -> String {
    let mut out = String::new();
    match (envelope.version, outcome) {
        (Version::Two, Ok(value)) => {
            out.push_str(r#"{"jsonrpc":"2.0","result":"#);
            write(&mut out, value);
        }
        (Version::Two, Err(failure)) => {
            out.push_str(r#"{"jsonrpc":"2.0","error":{"code":1,"message":"#);
            text(&mut out, failure.code());
            out.push_str(r#","data":"#);
            texts(&mut out, failure.params());
            out.push('}');
        }
        (Version::One, Ok(value)) => {
            out.push_str(r#"{"result":"#);
            write(&mut out, value);
            out.push_str(r#","error":null"#);
        }
        (Version::One, Err(failure)) => {
            out.push_str(r#"{"result":null,"error":"#);
            texts(&mut out, &failure.0);
        }
    }
    let _ = write!(out, r#","id":{}}}"#, envelope.id);
    out
}

/// Writes a value.
pub(in crate::xapi) fn write(out: &mut String, value: &Value) {
    match value {
        Value::Text(string) => text(out, string),
        Value::Int(number) | Value::Count(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Float(number) if number.is_finite() => {
            let _ = write!(out, "{number}");
        }
        Value::Float(_) => out.push('0'),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Date(seconds) => {
            let _ = write!(out, "\"{}\"", date_text(*seconds));
        }
        Value::Ref(reference) => {
            let _ = write!(out, "\"{reference}\"");
        }
        Value::Set(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (n, (key, item)) in entries.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                text(out, key);
                out.push(':');
                write(out, item);
            }
            out.push('}');
        }
        Value::Void => out.push_str("\"\""),
    }
}

fn text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' || c == '\u{7f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn texts(out: &mut String, items: &[String]) {
    out.push('[');
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        text(out, item);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xapi::value::Ref;
    use expect_test::expect;

    fn two() -> Envelope {
        read(br#"{"jsonrpc":"2.0","method":"VM.get_all","params":["s"],"id":7}"#)
            .expect("a call")
            .1
    }

    fn one() -> Envelope {
        read(br#"{"method":"VM.get_all","params":["s"],"id":"a"}"#)
            .expect("a call")
            .1
    }

    #[test]
    fn every_type_has_its_form() {
        let record = Value::map([
            ("text", Value::from("a\"b\\c\n\u{1}é")),
            ("int", Value::Int(i64::MAX)),
            ("float", Value::Float(0.25)),
            ("bool", Value::Bool(true)),
            ("date", Value::Date(1_704_164_645)),
            ("null", Value::Ref(Ref::NULL)),
            ("ref", Value::Ref(Ref([1; 16]))),
            ("set", Value::texts(["x", "y"])),
            ("void", Value::Void),
        ]);
        expect![[r#"{"jsonrpc":"2.0","result":{"bool":true,"date":"20240102T03:04:05Z","float":0.25,"int":9223372036854775807,"null":"OpaqueRef:NULL","ref":"OpaqueRef:01010101-0101-0101-0101-010101010101","set":["x","y"],"text":"a\"b\\c\n\u0001é","void":""},"id":7}"#]]
        .assert_eq(&answer(&two(), &Ok(record)));
    }

    #[test]
    fn failures_have_the_form_of_their_version() {
        let failure = Failure::new("HANDLE_INVALID", ["VM", "x"]);
        expect![[
            r#"{"jsonrpc":"2.0","error":{"code":1,"message":"HANDLE_INVALID","data":["VM","x"]},"id":7}"#
        ]]
        .assert_eq(&answer(&two(), &Err(failure.clone())));
        expect![[r#"{"result":null,"error":["HANDLE_INVALID","VM","x"],"id":"a"}"#]]
            .assert_eq(&answer(&one(), &Err(failure)));
        expect![[r#"{"result":"","error":null,"id":"a"}"#]].assert_eq(&answer(&one(), &Ok(Value::Void)));
    }

    #[test]
    fn a_request_without_an_id_is_refused() {
        for body in [
            &br#"{"method":"a","params":[]}"#[..],
            br#"{"method":"a","params":[],"id":null}"#,
            br#"{"params":[],"id":1}"#,
            b"[]",
            b"",
        ] {
            assert_eq!(read(body), Err(Malformed));
        }
    }
}
