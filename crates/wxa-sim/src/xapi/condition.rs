//! The expressions of `get_all_where`: `field "is_a_template" = "false" and not (field "name_label" = "x")`.

use super::value::{Value, date_text};

/// How deep an expression may be nested.
const DEPTH: usize = 32;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    True,
    False,
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Equal(Term, Term),
}

/// A field or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    Field(String),
    Text(String),
}

impl Condition {
    /// Reads an expression; none when it is not one.
    pub(super) fn read(text: &str) -> Option<Self> {
        let tokens = tokens(text)?;
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
        };
        let condition = parser.any(0)?;
        (parser.at == tokens.len()).then_some(condition)
    }

    /// Whether it holds for an object whose fields `get` tells.
    pub(super) fn holds<'a>(&self, get: &dyn Fn(&str) -> Option<&'a Value>) -> bool {
        match self {
            Self::True => true,
            Self::False => false,
            Self::Not(inner) => !inner.holds(get),
            Self::And(a, b) => a.holds(get) && b.holds(get),
            Self::Or(a, b) => a.holds(get) || b.holds(get),
            Self::Equal(a, b) => a.written(get) == b.written(get),
        }
    }
}

impl Term {
    fn written<'a>(&self, get: &dyn Fn(&str) -> Option<&'a Value>) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            // Namespaced fields are written with their slash.
            Self::Field(name) => Some(match get(&name.replace("__", "_").replace('/', "_"))? {
                Value::Text(text) => text.to_string(),
                Value::Int(number) | Value::Count(number) => number.to_string(),
                Value::Float(number) => number.to_string(),
                Value::Bool(truth) => truth.to_string(),
                Value::Date(seconds) => date_text(*seconds),
                Value::Ref(reference) => reference.to_string(),
                Value::Set(_) | Value::Map(_) | Value::Void => return None,
            }),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '(' | ')' | '=' => tokens.push(Token::Sign(c)),
            '"' | '\'' => {
                let mut quoted = String::new();
                loop {
                    match chars.next()? {
                        end if end == c => break,
                        '\\' => quoted.push(chars.next()?),
                        other => quoted.push(other),
                    }
                }
                tokens.push(Token::Text(quoted));
            }
            c if c.is_ascii_alphabetic() => {
                let mut word = String::from(c);
                while let Some(next) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    word.push(next);
                }
                tokens.push(Token::Word(word.to_lowercase()));
            }
            _ => return None,
        }
    }
    Some(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<&Token> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn word(&mut self, word: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Word(next)) if next == word);
        self.at += usize::from(is);
        is
    }

    fn sign(&mut self, sign: char) -> bool {
        let is = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(is);
        is
    }

    fn any(&mut self, depth: usize) -> Option<Condition> {
        let mut left = self.all(depth)?;
        while self.word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.all(depth)?));
        }
        Some(left)
    }

    fn all(&mut self, depth: usize) -> Option<Condition> {
        let mut left = self.one(depth)?;
        while self.word("and") {
            left = Condition::And(Box::new(left), Box::new(self.one(depth)?));
        }
        Some(left)
    }

    fn one(&mut self, depth: usize) -> Option<Condition> {
        if depth > DEPTH {
            return None;
        }
        if self.word("not") {
            return Some(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.sign('(') {
            let inner = self.any(depth + 1)?;
            return self.sign(')').then_some(inner);
        }
        if self.word("true") {
            return Some(Condition::True);
        }
        if self.word("false") {
            return Some(Condition::False);
        }
        let left = self.term()?;
        self.sign('=').then_some(())?;
        Some(Condition::Equal(left, self.term()?))
    }

    fn term(&mut self) -> Option<Term> {
        let is_field = self.word("field");
        match self.next()? {
            Token::Text(text) if is_field => Some(Term::Field(text.clone())),
            Token::Text(text) => Some(Term::Text(text.clone())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_judged() {
        let (name, template) = (Value::from("web"), Value::Bool(false));
        let get = |field: &str| match field {
            "name_label" => Some(&name),
            "is_a_template" => Some(&template),
            _ => None,
        };
        let holds = |text: &str| Condition::read(text).map(|condition| condition.holds(&get));
        assert_eq!(holds(r#"field "is_a_template" = "false""#), Some(true));
        assert_eq!(
            holds(r#"(field "name_label" = "web") and not (field "is_a_template"="true")"#),
            Some(true)
        );
        assert_eq!(holds(r#"false or field "name_label" = "db""#), Some(false));
        assert_eq!(holds("true"), Some(true));
        for bad in [
            "",
            "field",
            "\"a\"",
            "(true",
            "true true",
            &"not ".repeat(100),
            "\"a",
        ] {
            assert_eq!(holds(bad), None, "{bad}");
        }
    }
}
