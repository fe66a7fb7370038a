//! XML-RPC as xapi speaks it: integers as untyped text, and failures inside a `Status` struct instead of faults.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value as Raw;
use std::fmt::Write;

use super::{Malformed, Request};
use crate::xapi::failure::Failure;
use crate::xapi::value::{Value, date_text};

/// How deep values may be nested.
const DEPTH: usize = 32;
/// How many elements a call may have.
const NODES: u32 = 200_000;

/// Reads a call.
///
/// # Errors
/// When it is none.
pub(in crate::xapi) fn read(body: &[u8]) -> Result<Request, Malformed> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed)?;
    let options = ParsingOptions {
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|_| Malformed)?;
    let call = Some(document.root_element())
        .filter(|root| root.has_tag_name("methodCall"))
        .ok_or(Malformed)?;
    let method = child(call, "methodName")
        .and_then(|name| name.text())
        .ok_or(Malformed)?;
    let params = child(call, "params")
        .into_iter()
        .flat_map(|params| elements(params, "param"));
    let params: Result<Vec<Raw>, Malformed> = params
        .map(|param| value(child(param, "value").ok_or(Malformed)?, 0))
        .collect();
    Ok(Request {
        method: method.trim().to_owned(),
        params: params?,
    })
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    elements(node, name).next()
}

fn elements<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

fn value(node: Node<'_, '_>, depth: usize) -> Result<Raw, Malformed> {
    if depth > DEPTH {
        return Err(Malformed);
    }
    let Some(typed) = node.children().find(Node::is_element) else {
        return Ok(Raw::String(node.text().unwrap_or_default().to_owned()));
    };
    let text = || typed.text().unwrap_or_default().trim();
    Ok(match typed.tag_name().name() {
        "string" | "base64" => Raw::String(typed.text().unwrap_or_default().to_owned()),
        "dateTime.iso8601" => Raw::String(text().to_owned()),
        "int" | "i4" | "i8" => Raw::from(text().parse::<i64>().map_err(|_| Malformed)?),
        "double" => Raw::from(text().parse::<f64>().map_err(|_| Malformed)?),
        "boolean" => Raw::Bool(matches!(text(), "1" | "true")),
        "nil" => Raw::String(String::new()),
        "array" => {
            let data = child(typed, "data").ok_or(Malformed)?;
            let items: Result<Vec<Raw>, Malformed> = elements(data, "value")
                .map(|item| value(item, depth + 1))
                .collect();
            Raw::Array(items?)
        }
        "struct" => {
            let mut entries = serde_json::Map::new();
            for member in elements(typed, "member") {
                let name = child(member, "name").ok_or(Malformed)?;
                let item = child(member, "value").ok_or(Malformed)?;
                entries.insert(
                    name.text().unwrap_or_default().to_owned(),
                    value(item, depth + 1)?,
                );
            }
            Raw::Object(entries)
        }
        _ => return Err(Malformed),
    })
}

/// Writes an answer.
pub(in crate::xapi) fn answer(outcome: &Result<Value, Failure>) -> String {
    let mut out = head();
    out.push_str("<struct><member><name>Status</name><value>");
    match outcome {
        Ok(result) => {
            out.push_str("Success</value></member><member><name>Value</name>");
            write(&mut out, result);
        }
        Err(failure) => {
            out.push_str("Failure</value></member><member><name>ErrorDescription</name>");
            write(&mut out, &Value::texts(failure.0.iter().map(String::as_str)));
        }
    }
    out.push_str("</member></struct></value></param></params></methodResponse>");
    out
}

/// Writes the one answer that has no `Status`: that of `system.listMethods`.
pub(in crate::xapi) fn bare_answer(result: &Value) -> String {
    let mut out = head();
    // `head` has opened the value that `write` opens too.
    out.truncate(out.len() - "<value>".len());
    write(&mut out, result);
    out.push_str("</param></params></methodResponse>");
    out
}

fn head() -> String {
    r#"<?xml version="1.0"?><methodResponse><params><param><value>"#.to_owned()
}

/// Writes a value with its `<value>`.
pub(in crate::xapi) fn write(out: &mut String, value: &Value) {
    out.push_str("<value>");
    match value {
        Value::Text(string) => text(out, string),
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Count(number) => {
            let _ = write!(out, "<i4>{number}</i4>");
        }
        Value::Float(number) => {
            let _ = write!(out, "<double>{number}</double>");
        }
        Value::Bool(truth) => {
            let _ = write!(out, "<boolean>{}</boolean>", u8::from(*truth));
        }
        Value::Date(seconds) => {
            let _ = write!(
                out,
                "<dateTime.iso8601>{}</dateTime.iso8601>",
                date_text(*seconds)
            );
        }
        Value::Ref(reference) => {
            let _ = write!(out, "{reference}");
        }
        Value::Set(items) => {
            out.push_str("<array><data>");
            items.iter().for_each(|item| write(out, item));
            out.push_str("</data></array>");
        }
        Value::Map(entries) => {
            out.push_str("<struct>");
            for (key, item) in entries.iter() {
                out.push_str("<member><name>");
                text(out, key);
                out.push_str("</name>");
                write(out, item);
                out.push_str("</member>");
            }
            out.push_str("</struct>");
        }
        Value::Void => {}
    }
    out.push_str("</value>");
}

/// Control characters that XML cannot hold are dropped, as xapi drops them.
fn text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c < ' ' => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xapi::value::Ref;
    use expect_test::expect;
    use serde_json::json;

    #[test]
    fn every_type_is_read() {
        let body = br#"<?xml version='1.0'?>
<methodCall><methodName>VM.start</methodName><params>
<param><value><string>OpaqueRef:1 &amp; &lt;2</string></value></param>
<param><value>bare</value></param><param><value><i4>-3</i4></value></param>
<param><value><double>60.1</double></value></param><param><value><boolean>1</boolean></value></param>
<param><value><array><data><value><int>1</int></value></data></array></value></param>
<param><value><struct><member><name>live</name><value>true</value></member></struct></value></param>
<param><value/></param></params></methodCall>"#;
        let call = read(body).expect("a call");
        assert_eq!(call.method, "VM.start");
        let wanted = json!(["OpaqueRef:1 & <2", "bare", -3, 60.1, true, [1], {"live": "true"}, ""]);
        assert_eq!(Raw::Array(call.params), wanted);
    }

    #[test]
    fn answers_have_a_status() {
        let value = Value::map([
            ("a", Value::Int(5)),
            ("b", Value::Bool(false)),
            ("c", Value::from("<x>\u{1}")),
            ("d", Value::Date(0)),
            ("e", Value::Ref(Ref::NULL)),
            ("f", Value::Float(0.5)),
        ]);
        expect![[r#"<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Success</value></member><member><name>Value</name><value><struct><member><name>a</name><value>5</value></member><member><name>b</name><value><boolean>0</boolean></value></member><member><name>c</name><value>&lt;x&gt;</value></member><member><name>d</name><value><dateTime.iso8601>19700101T00:00:00Z</dateTime.iso8601></value></member><member><name>e</name><value>OpaqueRef:NULL</value></member><member><name>f</name><value><double>0.5</double></value></member></struct></value></member></struct></value></param></params></methodResponse>"#]]
        .assert_eq(&answer(&Ok(value)));
        expect![[r#"<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Failure</value></member><member><name>ErrorDescription</name><value><array><data><value>SESSION_INVALID</value><value>x</value></data></array></value></member></struct></value></param></params></methodResponse>"#]]
        .assert_eq(&answer(&Err(Failure::session("x"))));
        expect![[r#"<?xml version="1.0"?><methodResponse><params><param><value><array><data><value>VM.start</value></data></array></value></param></params></methodResponse>"#]]
        .assert_eq(&bare_answer(&Value::texts(["VM.start"])));
    }

    #[test]
    fn what_is_no_call_is_malformed() {
        for body in [
            "",
            "<a/>",
            "<methodCall/>",
            "<methodCall><methodName>a</methodName>",
            "\u{0}",
        ] {
            assert_eq!(read(body.as_bytes()), Err(Malformed), "{body}");
        }
        let deep = "<value><array><data>".repeat(100);
        let body = format!(
            "<methodCall><methodName>a</methodName><params><param>{deep}</param></params></methodCall>"
        );
        assert_eq!(read(body.as_bytes()), Err(Malformed));
    }
}
