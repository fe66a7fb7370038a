//! Text to filter. Errors are sentences for the person who types.
use super::{
    Filter,
    term::{Compare, Field, Term},
};

/// Parses a filter; empty text passes everything.
///
/// # Errors
/// One sentence that says what is wrong and what would be right.
pub fn parse(text: &str) -> Result<Filter, String> {
    let mut parser = Parser { rest: text, depth: 0 };
    let filter = parser.any()?;
    match parser.peek() {
        None => Ok(filter),
        Some(_) => Err("There is a “)” without a “(” before it.".into()),
    }
}

/// The conditions that must all hold, each as it is written and as it is understood; none where they stand between `|`, or are
/// not understood.
pub(super) fn conditions(text: &str) -> Option<Vec<(&str, Filter)>> {
    let mut parser = Parser { rest: text, depth: 0 };
    let mut all = Vec::new();
    while let Some(c) = parser.peek() {
        if matches!(c, '|' | ')') {
            return None;
        }
        let before = parser.rest;
        let filter = parser.one().ok()?;
        let length = before.len().checked_sub(parser.rest.len())?;
        all.push((before.get(..length)?.trim(), filter));
    }
    Some(all)
}

struct Parser<'a> {
    rest: &'a str,
    depth: u8,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn skip(&mut self) {
        let mut chars = self.rest.chars();
        chars.next();
        self.rest = chars.as_str();
    }

    fn any(&mut self) -> Result<Filter, String> {
        let mut parts = vec![self.all()?];
        while self.peek() == Some('|') {
            self.skip();
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            // A `|` that is still being typed has an empty side: it is left out.
            parts.retain(|part| *part != Filter::All(Vec::new()));
            Filter::Any(parts)
        })
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Filter::All(parts)
        })
    }

    fn one(&mut self) -> Result<Filter, String> {
        if self.depth > 20 {
            return Err("That is nested too deeply.".into());
        }
        self.depth += 1;
        let filter = match self.peek() {
            Some('!') => {
                self.skip();
                match self.peek() {
                    None | Some('|' | ')') => Filter::All(Vec::new()),
                    Some(_) => Filter::Not(Box::new(self.one()?)),
                }
            }
            Some('(') => {
                self.skip();
                let inner = self.any()?;
                if self.peek() == Some(')') {
                    self.skip();
                }
                inner
            }
            _ => self.term()?,
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn term(&mut self) -> Result<Filter, String> {
        if self.rest.starts_with('"') {
            return Ok(Filter::Term(Term::Text(Field::Text, self.value().to_lowercase())));
        }
        let end = self
            .rest
            .find(|c: char| c == ':' || c.is_whitespace() || "|()\"".contains(c))
            .unwrap_or(self.rest.len());
        let (word, after) = self.rest.split_at(end);
        if !after.starts_with(':') {
            self.rest = after;
            return Ok(Filter::Term(Term::Text(Field::Text, word.to_lowercase())));
        }
        let key = word.to_lowercase();
        let Some(field) = Field::from_key(&key) else {
            return Err(format!(
                "“{key}:” is not known: use name, state, phase, host, pool, site, ip, tag, type, mem or cpu."
            ));
        };
        self.rest = after.get(1..).unwrap_or_default();
        if field.is_number() {
            return self.number(field, &key);
        }
        let value = self.value().to_lowercase();
        // A key whose value is still being typed filters nothing.
        Ok(if value.is_empty() {
            Filter::All(Vec::new())
        } else {
            Filter::Term(Term::Text(field, value))
        })
    }

    fn number(&mut self, field: Field, key: &str) -> Result<Filter, String> {
        const SIGNS: [(&str, Compare); 5] = [
            (">=", Compare::AtLeast),
            ("<=", Compare::AtMost),
            (">", Compare::More),
            ("<", Compare::Less),
            ("=", Compare::Equal),
        ];
        let raw = self.value();
        let (compare, digits) = SIGNS
            .iter()
            .find_map(|(sign, compare)| raw.strip_prefix(sign).map(|rest| (*compare, rest)))
            .unwrap_or((Compare::Equal, &raw));
        if digits.is_empty() {
            return Ok(Filter::All(Vec::new()));
        }
        match quantity(digits) {
            Some(number) => Ok(Filter::Term(Term::Number(field, compare, number))),
            None => Err(format!(
                "“{digits}” is not a number: write e.g. {key}:>8{}.",
                if field == Field::Memory { "G" } else { "" }
            )),
        }
    }

    /// A bare or quoted value; a quote that is not closed yet reaches to the end.
    fn value(&mut self) -> String {
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let (value, rest) = quoted.split_once('"').unwrap_or((quoted, ""));
            self.rest = rest;
            return value.to_owned();
        }
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || "|()".contains(c))
            .unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        value.to_owned()
    }
}

/// `8G`, `512M`, `1.5T`, `2GiB`, `4`: binary units, as Xen means them.
fn quantity(text: &str) -> Option<f64> {
    let text = text.to_lowercase();
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(unit);
    let factor: f64 = match unit.trim_end_matches("ib").trim_end_matches('b') {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1_048_576.0,
        "g" => 1_073_741_824.0,
        "t" => 1_099_511_627_776.0,
        _ => return None,
    };
    digits
        .parse::<f64>()
        .ok()
        .filter(|n| n.is_finite())
        .map(|n| n * factor)
}
