//! The head of a request.

use std::collections::HashMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// It is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeadError;

/// Method, path, query and headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) path: String,
    /// In the order they were written; a key may come several times.
    pub(super) query: Vec<(String, String)>,
    headers: HashMap<String, String>,
    pub(super) content_length: Option<usize>,
    pub(super) keep_alive: bool,
}

impl Head {
    /// Reads a head and how long it was; none while it is not whole.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, HeadError> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        let length = match request.parse(bytes).map_err(|_| HeadError)? {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial => return Ok(None),
        };
        let target = request.path.ok_or(HeadError)?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers: HashMap<String, String> = request
            .headers
            .iter()
            .map(|header| {
                let value = String::from_utf8_lossy(header.value).trim().to_owned();
                (header.name.to_ascii_lowercase(), value)
            })
            .collect();
        let said = |name: &str| headers.get(name).map(|value| value.to_ascii_lowercase());
        let content_length = match headers.get("content-length") {
            Some(text) => Some(text.parse().map_err(|_| HeadError)?),
            None => None,
        };
        let keep_alive = match request.version {
            Some(1) => said("connection").is_none_or(|value| value != "close"),
            _ => said("connection").is_some_and(|value| value == "keep-alive"),
        };
        let head = Self {
            method: request.method.unwrap_or_default().to_owned(),
            path: unescape(path),
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (unescape(key), unescape(value))
                })
                .collect(),
            headers,
            content_length,
            keep_alive,
        };
        Ok(Some((head, length)))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The first value of a query key.
    pub(super) fn said(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    /// A console is asked for, which takes the whole connection.
    pub(super) fn is_console(&self) -> bool {
        self.path == "/console" && matches!(self.method.as_str(), "CONNECT" | "GET")
    }

    /// The session that the request carries: cookies win over the query.
    pub(super) fn session(&self) -> Option<&str> {
        let cookies = self.header("cookie").unwrap_or_default();
        let mut cookies = cookies
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='));
        let cookie = cookies
            .find(|(name, _)| *name == "session_id")
            .map(|(_, value)| value);
        cookie.or_else(|| self.said("session_id"))
    }

    /// User and password of HTTP Basic.
    pub(super) fn basic(&self) -> Option<(String, String)> {
        let encoded = self.header("authorization")?.strip_prefix("Basic ")?;
        let text = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (user, password) = text.split_once(':')?;
        Some((user.to_owned(), password.to_owned()))
    }
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let decoded = match byte {
            b'%' => {
                let digits: Vec<u8> = rest.clone().take(2).collect();
                std::str::from_utf8(&digits)
                    .ok()
                    .filter(|digits| digits.len() == 2)
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            }
            b'+' => Some(b' '),
            _ => None,
        };
        match decoded {
            Some(decoded) => {
                if byte == b'%' {
                    rest.nth(1);
                }
                bytes.push(decoded);
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let text = "CONNECT /console?uuid=a%2Db&session_id=q HTTP/1.0\r\nHost: x\r\nCookie: a=b; session_id=OpaqueRef:1\r\n\r\nrest";
        assert_eq!(Head::read(b"GET / HTT"), Ok(None));
        let (head, length) = Head::read(text.as_bytes()).expect("a head").expect("whole");
        assert_eq!(&text[length..], "rest");
        assert!(head.is_console() && !head.keep_alive);
        assert_eq!(head.said("uuid"), Some("a-b"));
        assert_eq!(head.session(), Some("OpaqueRef:1"));
        assert_eq!(Head::read(b"\x16\x03\x01\x00\xff\r\n\r\n"), Err(HeadError));
    }
}
