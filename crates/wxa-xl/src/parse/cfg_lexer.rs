//! Words of the `xl.cfg` language.
use super::{printable, shortened};
use std::{iter::Peekable, str::Chars};

/// Characters of a problem's words.
const LONGEST: usize = 200;

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A setting's name.
    Name(String),
    /// A quoted string.
    Text(String),
    /// A number.
    Number(i64),
    /// One of `= [ ] ,` or `+=` as `+`.
    Sign(char),
    /// End of a line, or `;`.
    End,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// What.
    pub what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// Splits a definition into words with their lines.
///
/// # Errors
/// The first thing that is no word.
pub fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Problem> {
    match words(text) {
        (words, None) => Ok(words),
        (_, Some(problem)) => Err(problem),
    }
}

/// The words up to the first thing that is none, and what is wrong with that.
pub(super) fn words(text: &str) -> (Vec<(usize, Token)>, Option<Problem>) {
    let mut chars = text.chars().peekable();
    let mut line = 1;
    let mut out = Vec::new();
    while let Some(&c) = chars.peek() {
        match token(&mut chars, c, line) {
            Ok(Some(token)) => {
                let ends_line = c == '\n';
                out.push((line, token));
                line += usize::from(ends_line);
            }
            Ok(None) => {}
            Err(problem) => return (out, Some(problem)),
        }
    }
    out.push((line, Token::End));
    (out, None)
}

/// The word that begins with `c`; none where it is a blank or a comment.
fn token(chars: &mut Peekable<Chars<'_>>, c: char, line: usize) -> Result<Option<Token>, Problem> {
    Ok(Some(match c {
        '\n' | ';' => {
            chars.next();
            Token::End
        }
        '#' => {
            while chars.next_if(|c| *c != '\n').is_some() {}
            return Ok(None);
        }
        c if c.is_whitespace() => {
            chars.next();
            return Ok(None);
        }
        '\'' | '"' => {
            chars.next();
            Token::Text(string(chars, c, line)?)
        }
        '=' | '[' | ']' | ',' => {
            chars.next();
            Token::Sign(c)
        }
        '+' => {
            chars.next();
            if chars.next_if_eq(&'=').is_none() {
                return Err(problem(line, "a lone +"));
            }
            Token::Sign('+')
        }
        c if c.is_ascii_digit() || c == '-' => number(chars, line)?,
        c if c.is_alphabetic() || c == '_' => {
            let mut name = String::new();
            while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                name.push(c);
            }
            Token::Name(name)
        }
        c => return Err(problem(line, &format!("{c:?} is not expected here"))),
    }))
}

/// A problem on a line. It may quote the file, which may hold anything.
pub(super) fn problem(line: usize, what: &str) -> Problem {
    Problem {
        line,
        what: shortened(&printable(what), LONGEST),
    }
}

fn number(chars: &mut Peekable<Chars<'_>>, line: usize) -> Result<Token, Problem> {
    let mut text = String::new();
    while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '-') {
        text.push(c);
    }
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let value = if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        i64::from_str_radix(hex, 16)
    } else if digits.len() > 1 && digits.starts_with('0') {
        i64::from_str_radix(digits, 8)
    } else {
        digits.parse()
    };
    match value {
        Ok(value) if text.starts_with('-') => Ok(Token::Number(value.wrapping_neg())),
        Ok(value) => Ok(Token::Number(value)),
        Err(_) => Err(problem(line, &format!("{text} is not a number"))),
    }
}

fn string(chars: &mut Peekable<Chars<'_>>, quote: char, line: usize) -> Result<String, Problem> {
    let mut text = String::new();
    loop {
        match chars.next() {
            Some(c) if c == quote => return Ok(text),
            None | Some('\n') => return Err(problem(line, "a string is not closed")),
            Some('\\') => match chars.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('r') => text.push('\r'),
                Some(c @ ('\\' | '\'' | '"')) => text.push(c),
                Some(c) if c != '\n' => {
                    text.push('\\');
                    text.push(c);
                }
                _ => return Err(problem(line, "a string is not closed")),
            },
            Some(c) => text.push(c),
        }
    }
}
