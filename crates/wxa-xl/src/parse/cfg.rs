//! The `xl.cfg` language: `name = "web"`, `vif = [ "bridge=xenbr0" ]`, comments, one setting per line.
use super::cfg_lexer::{self, Problem, Token, problem};
use std::collections::HashMap;

/// A setting's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A number.
    Number(i64),
    /// A list of values.
    List(Vec<Value>),
}

/// A definition's settings; a later one replaces an earlier one, as xl does it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(HashMap<String, (usize, Value)>);

/// Words that begin a line of Python, which definitions were in times of xm, or that other languages have.
const PROGRAM: [&str; 8] = [
    "import", "from", "def", "if", "for", "include", "source", "execfile",
];
/// How deep lists may nest: real ones nest twice.
const DEPTH: usize = 8;

impl Settings {
    /// The value and its line.
    pub fn get(&self, name: &str) -> Option<(usize, &Value)> {
        self.0.get(name).map(|(line, value)| (*line, value))
    }

    /// A string, or a number as text.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.get(name)?.1 {
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::List(_) => None,
        }
    }

    /// A number, or a string that holds one.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)?.1 {
            Value::Text(text) => text.trim().parse().ok(),
            Value::Number(number) => Some(*number),
            Value::List(_) => None,
        }
    }

    /// The strings of a list; a lone string counts as a list of one.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some((_, Value::List(items))) => items
                .iter()
                .filter_map(|item| match item {
                    Value::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            Some((_, Value::Text(text))) => vec![text],
            _ => Vec::new(),
        }
    }
}

/// Parses a definition.
///
/// # Errors
/// The first problem with its line.
pub fn parse(text: &str) -> Result<Settings, Problem> {
    let (tokens, broken) = cfg_lexer::words(text);
    match (settings(Words { tokens, at: 0 }), broken) {
        // Where the words break off, what they make is incomplete at best.
        (Err(first), Some(broken)) if first.line < broken.line => Err(first),
        (_, Some(broken)) => Err(broken),
        (settings, None) => settings,
    }
}

fn settings(mut words: Words) -> Result<Settings, Problem> {
    let mut settings = Settings::default();
    loop {
        match words.next() {
            None => return Ok(settings),
            Some((_, Token::End)) => {}
            Some((line, Token::Name(name))) => {
                let add = match words.next() {
                    Some((_, Token::Sign('='))) => false,
                    Some((_, Token::Sign('+'))) => true,
                    _ if PROGRAM.contains(&name.as_str()) => {
                        return Err(problem(
                            line,
                            &format!(
                                "{name} is no setting: xl reads plain settings, no programs and no other files"
                            ),
                        ));
                    }
                    _ => return Err(problem(line, &format!("= is missing after {name}"))),
                };
                let value = words.value(line, 0)?;
                match words.next() {
                    None | Some((_, Token::End)) => {}
                    Some((line, token)) => return Err(unexpected(line, &token, "after the value")),
                }
                settings.put(name, line, value, add);
            }
            Some((line, token)) => return Err(unexpected(line, &token, "where a setting begins")),
        }
    }
}

impl Settings {
    fn put(&mut self, name: String, line: usize, value: Value, add: bool) {
        if add && let Some((_, old)) = self.0.get_mut(&name) {
            match (old, value) {
                (Value::List(old), Value::List(new)) => old.extend(new),
                (Value::Text(old), Value::Text(new)) => old.push_str(&new),
                (old, new) => *old = new,
            }
            return;
        }
        self.0.insert(name, (line, value));
    }
}

fn unexpected(line: usize, token: &Token, place: &str) -> Problem {
    let what = match token {
        Token::Name(name) => name.clone(),
        Token::Text(text) => format!("\"{text}\""),
        Token::Number(number) => number.to_string(),
        Token::Sign('+') => "+=".to_owned(),
        Token::Sign(sign) => sign.to_string(),
        Token::End => "the line's end".to_owned(),
    };
    problem(
        line,
        &format!("{} is not expected {place}", super::printable(&what)),
    )
}

struct Words {
    tokens: Vec<(usize, Token)>,
    at: usize,
}

impl Words {
    fn next(&mut self) -> Option<(usize, Token)> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    /// The next token inside a list, where line ends mean nothing.
    fn next_in_list(&mut self) -> Option<(usize, Token)> {
        loop {
            match self.next() {
                Some((_, Token::End)) => {}
                other => return other,
            }
        }
    }

    fn value(&mut self, setting_line: usize, depth: usize) -> Result<Value, Problem> {
        match self.next() {
            Some((_, Token::Text(text))) => Ok(Value::Text(text)),
            Some((_, Token::Number(number))) => Ok(Value::Number(number)),
            Some((line, Token::Sign('['))) if depth < DEPTH => self.list(line, depth),
            Some((line, token)) => Err(unexpected(line, &token, "where a value should be")),
            None => Err(problem(setting_line, "a value is missing")),
        }
    }

    fn list(&mut self, opened: usize, depth: usize) -> Result<Value, Problem> {
        let mut items = Vec::new();
        let unclosed = || problem(opened, "a list is not closed: ] is missing");
        loop {
            match self.next_in_list().ok_or_else(unclosed)? {
                (_, Token::Sign(']')) => return Ok(Value::List(items)),
                // A setting's name inside a list is the next setting: the bracket was forgotten.
                (_, Token::Name(_)) => return Err(unclosed()),
                _ => {
                    self.at -= 1;
                    items.push(self.value(opened, depth + 1)?);
                }
            }
            match self.next_in_list().ok_or_else(unclosed)? {
                (_, Token::Sign(',')) => {}
                (_, Token::Sign(']')) => return Ok(Value::List(items)),
                (_, Token::Name(_)) => return Err(unclosed()),
                (line, token) => return Err(unexpected(line, &token, "in a list")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn settings_of_every_kind_are_read() {
        let text = "# a guest\nname = \"web 1\" # its name\nmemory=0x80; vcpus = '2'\nvif = [\n  'mac=00:16:3e:00:00:01',\n  \"bridge=xenbr0\", ]\nextra = \"a\\\"b\"\nextra += ' c'\n";
        let settings = parse(text).unwrap();
        assert_eq!(settings.text("name").unwrap(), "web 1");
        assert_eq!(settings.number("memory"), Some(128));
        assert_eq!(settings.number("vcpus"), Some(2));
        assert_eq!(settings.texts("vif"), ["mac=00:16:3e:00:00:01", "bridge=xenbr0"]);
        assert_eq!(settings.text("extra").unwrap(), "a\"b c");
        assert_eq!(settings.get("vif").unwrap().0, 5 - 1);
    }

    #[test]
    fn problems_are_told_with_their_line() {
        let said = |text: &str| parse(text).unwrap_err().to_string();
        let seen = [
            said("name = \n"),
            said("name = \"web\nmemory = 1\n"),
            said("name = \"a\"\ndisk = [ \"x\"\nmemory = 5\n"),
            said("a = [ 1\n"),
            said("a b\n"),
            said("\n\n= 3"),
            said("a = 12q"),
            said("a = 1 2"),
            said("a = §"),
        ];
        expect_test::expect![[r#"
            line 1: the line's end is not expected where a value should be
            line 1: a string is not closed
            line 2: a list is not closed: ] is missing
            line 1: a list is not closed: ] is missing
            line 1: = is missing after a
            line 3: = is not expected where a setting begins
            line 1: 12q is not a number
            line 1: 2 is not expected after the value
            line 1: '§' is not expected here"#]]
        .assert_eq(&seen.join("\n"));
    }

    #[test]
    fn problems_stay_short_and_safe_and_programs_are_told_from_settings() {
        let said = |text: &str| parse(text).unwrap_err().to_string();
        let long = said(&format!("a = {}q", "1".repeat(60_000)));
        assert!(long.chars().count() < 220, "{long}");
        assert_eq!(
            said("import os\nname = 'a'"),
            "line 1: import is no setting: xl reads plain settings, no programs and no other files"
        );
        assert!(said("name = 'a'\ninclude \"common.cfg\"\n").starts_with("line 2: include is no setting"));
        let binary = said("\u{7f}ELF\0\0");
        assert!(
            binary.starts_with("line 1: ") && !binary.contains('\0'),
            "{binary}"
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(parse(&format!("a = {}", "[".repeat(100_000))).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "([a-z]{1,3}|=|\\+=|\\[|\\]|,|'|\"|#|;|\n|\\\\|-|[0-9]{1,25}|.){0,60}") {
            let _ = parse(&text);
        }
    }
}
