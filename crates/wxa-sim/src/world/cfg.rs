//! Reads guest definitions in xl's syntax: `key = value` lines, strings in either quotes, numbers, lists, comments.

use std::collections::BTreeMap;

/// One value of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CfgValue {
    Text(String),
    Number(i64),
    List(Vec<String>),
}

/// A parsed definition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cfg(BTreeMap<String, CfgValue>);

impl Cfg {
    /// A string, or a number written as one.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            CfgValue::Text(text) => Some(text.clone()),
            CfgValue::Number(number) => Some(number.to_string()),
            CfgValue::List(_) => None,
        }
    }

    /// A number, or a string that is one.
    pub(crate) fn number(&self, key: &str) -> Option<i64> {
        match self.0.get(key)? {
            CfgValue::Number(number) => Some(*number),
            CfgValue::Text(text) => text.trim().parse().ok(),
            CfgValue::List(_) => None,
        }
    }

    /// A list; empty when absent.
    pub(crate) fn list(&self, key: &str) -> Vec<String> {
        match self.0.get(key) {
            Some(CfgValue::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// Parses a whole file. The error is what xl prints after the path: `LINE: config parsing error near …`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut scan = Scan { rest: text, line: 1 };
        let mut values = BTreeMap::new();
        loop {
            scan.skip(Newlines::Skip);
            if scan.rest.is_empty() {
                return Ok(Self(values));
            }
            let key = scan.word().ok_or_else(|| scan.error("IDENT"))?;
            scan.skip(Newlines::Keep);
            scan.rest = scan
                .rest
                .strip_prefix("+=")
                .or_else(|| scan.rest.strip_prefix('='))
                .ok_or_else(|| scan.error("'=' or +="))?;
            scan.skip(Newlines::Keep);
            let value = scan.value()?;
            scan.skip(Newlines::Keep);
            if !(scan.rest.is_empty() || scan.rest.starts_with('\n') || scan.rest.starts_with(';')) {
                return Err(scan.error("NEWLINE or ';'"));
            }
            scan.rest = scan.rest.strip_prefix(';').unwrap_or(scan.rest);
            values.insert(key, value);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Newlines {
    Skip,
    Keep,
}

struct Scan<'a> {
    rest: &'a str,
    line: usize,
}

impl Scan<'_> {
    fn skip(&mut self, newlines: Newlines) {
        loop {
            if self.rest.starts_with('#') {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = self.rest.get(end..).unwrap_or("");
            } else if newlines == Newlines::Skip && self.rest.starts_with('\n') {
                self.line += 1;
                self.rest = self.rest.get(1..).unwrap_or("");
            } else if self.rest.starts_with([' ', '\t', '\r']) {
                self.rest = self.rest.get(1..).unwrap_or("");
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> Option<String> {
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(self.rest.len());
        let word = self
            .rest
            .get(..end)
            .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))?;
        self.rest = self.rest.get(end..).unwrap_or("");
        Some(word.to_owned())
    }

    fn string(&mut self) -> Result<Option<String>, String> {
        let Some(quote) = self.rest.chars().next().filter(|c| *c == '"' || *c == '\'') else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.rest = self.rest.get(at + c.len_utf8()..).unwrap_or("");
                    return Ok(Some(text));
                }
                '\n' => break,
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, escaped)) => text.push(escaped),
                    None => break,
                },
                c => text.push(c),
            }
        }
        Err(format!(
            "{}: config parsing error: unterminated string",
            self.line
        ))
    }

    fn value(&mut self) -> Result<CfgValue, String> {
        if let Some(text) = self.string()? {
            return Ok(CfgValue::Text(text));
        }
        if let Some(rest) = self.rest.strip_prefix('[') {
            self.rest = rest;
            return self.items();
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .unwrap_or(self.rest.len());
        let raw = self.rest.get(..end).unwrap_or("");
        let number = match raw.strip_prefix("0x") {
            Some(hex) => i64::from_str_radix(hex, 16).ok(),
            None => raw.parse().ok(),
        };
        let number = number.ok_or_else(|| self.error("STRING or NUMBER or '['"))?;
        self.rest = self.rest.get(end..).unwrap_or("");
        Ok(CfgValue::Number(number))
    }

    fn items(&mut self) -> Result<CfgValue, String> {
        let mut items = Vec::new();
        loop {
            self.skip(Newlines::Skip);
            if let Some(rest) = self.rest.strip_prefix(']') {
                self.rest = rest;
                return Ok(CfgValue::List(items));
            }
            match self.string()? {
                Some(item) => items.push(item),
                None => return Err(self.error("STRING or ']'")),
            }
            self.skip(Newlines::Skip);
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
            } else if !self.rest.starts_with(']') {
                return Err(self.error("',' or ']'"));
            }
        }
    }

    fn error(&self, expected: &str) -> String {
        let (near, kind) = match self.rest.chars().next() {
            None => ("<end of file>".to_owned(), "end of file"),
            Some('\n') => ("<newline>".to_owned(), "NEWLINE"),
            Some(_) => {
                let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
                (format!("`{}'", self.rest.get(..end).unwrap_or("")), "IDENT")
            }
        };
        format!(
            "{}: config parsing error near {near}: syntax error, unexpected {kind}, expecting {expected}",
            self.line
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strings_numbers_lists_and_comments() {
        let cfg = Cfg::parse(
            "# c\nname = \"a b\" # tail\nmemory=512\ndisk = [\n 'phy:/x,xvda,w', # one\n \"y\",\n]\n",
        )
        .expect("parses");
        assert_eq!(cfg.text("name").as_deref(), Some("a b"));
        assert_eq!(cfg.number("memory"), Some(512));
        assert_eq!(cfg.list("disk"), ["phy:/x,xvda,w", "y"]);
    }

    #[test]
    fn a_missing_value_reads_as_xl_says_it() {
        let error = Cfg::parse("name = \n").expect_err("fails");
        assert_eq!(
            error,
            "1: config parsing error near <newline>: syntax error, unexpected NEWLINE, expecting STRING or NUMBER or '['"
        );
    }
}
