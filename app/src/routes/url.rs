//! The address bar as data: a path and its query, with percent-encoding.

/// A path and its query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// Begins with a slash.
    pub path: String,
    /// Decoded, in order.
    pub query: Vec<(String, String)>,
}

impl Url {
    /// Reads `path?query`; a fragment is dropped.
    pub fn parse(text: &str) -> Self {
        let text = text.split('#').next().unwrap_or_default();
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let query = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(key), decode(value))
            })
            .collect();
        Self {
            path: path.to_owned(),
            query,
        }
    }

    /// The value of `key`; none when it is absent or empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(name, value)| name == key && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The same address with `key` set, or removed when `value` is empty.
    pub fn with(&self, key: &str, value: &str) -> Self {
        let mut query: Vec<_> = self
            .query
            .iter()
            .filter(|(name, _)| name != key)
            .cloned()
            .collect();
        if !value.is_empty() {
            query.push((key.to_owned(), value.to_owned()));
        }
        Self {
            path: self.path.clone(),
            query,
        }
    }

    /// As text, for the address bar and links.
    pub fn text(&self) -> String {
        let mut text = self.path.clone();
        for (i, (key, value)) in self.query.iter().enumerate() {
            text.push(if i == 0 { '?' } else { '&' });
            encode(key, &mut text);
            text.push('=');
            encode(value, &mut text);
        }
        text
    }
}

/// Percent-encodes what a query value may not hold; `:`, `,` and `>` stay readable where browsers keep them.
pub fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b':'
            | b','
            | b'/'
            | b'!'
            | b'('
            | b')' => into.push(byte as char),
            b' ' => into.push('+'),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                into.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    into.push(HEX.get(nibble as usize).map_or('0', |c| *c as char));
                }
            }
        }
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut ahead = rest.clone();
                let hex = |byte: Option<u8>| byte.and_then(|b| (b as char).to_digit(16));
                match (hex(ahead.next()), hex(ahead.next())) {
                    (Some(high), Some(low)) => {
                        rest = ahead;
                        (high * 16 + low) as u8
                    }
                    _ => b'%',
                }
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_the_address_bar() {
        let q = "state:running mem:>8G \"a & b\" | ü 100%";
        let url = Url::parse("/vms?sort=name").with("q", q);
        let back = Url::parse(&url.text());
        assert_eq!(back.get("q"), Some(q));
        assert_eq!(back.get("sort"), Some("name"));
        assert_eq!(back.with("q", "").text(), "/vms?sort=name");
    }

    #[test]
    fn broken_escapes_are_taken_as_they_are() {
        assert_eq!(Url::parse("/?q=%zz%4").get("q"), Some("%zz%4"));
        assert_eq!(Url::parse("/x#frag").path, "/x");
    }
}
