//! Reads the words of a command line: quotes, escapes, variables and command substitution.

use super::parser::{Parser, Piece, Quoting, Word};

impl Parser {
    pub(super) fn name(&mut self) -> String {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c == '_' || c.is_ascii_alphabetic() || (self.at > start && c.is_ascii_digit()))
        {
            self.at += 1;
        }
        self.chars
            .get(start..self.at)
            .unwrap_or_default()
            .iter()
            .collect()
    }

    pub(super) fn word(&mut self) -> Result<Option<Word>, String> {
        self.blanks();
        let word = self.word_now()?;
        Ok((!word.is_empty()).then_some(word))
    }

    pub(super) fn word_now(&mut self) -> Result<Word, String> {
        let mut word = Vec::new();
        let mut text = String::new();
        while let Some(c) = self.peek() {
            if c.is_whitespace() || ";|&()<>".contains(c) {
                break;
            }
            self.at += 1;
            match c {
                '\'' => {
                    flush(&mut word, &mut text);
                    word.push(Piece::Quoted(self.until('\'')?));
                }
                '"' => {
                    flush(&mut word, &mut text);
                    self.double_quoted(&mut word)?;
                }
                '\\' => {
                    flush(&mut word, &mut text);
                    if let Some(next) = self.peek() {
                        self.at += 1;
                        if next != '\n' {
                            word.push(Piece::Quoted(next.to_string()));
                        }
                    }
                }
                '$' | '`' => {
                    flush(&mut word, &mut text);
                    word.push(self.dollar(c, Quoting::Bare)?);
                }
                c => text.push(c),
            }
        }
        flush(&mut word, &mut text);
        Ok(word)
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), String> {
        let mut text = String::new();
        loop {
            let c = self
                .peek()
                .ok_or("unexpected EOF while looking for matching `\"'")?;
            self.at += 1;
            match c {
                '"' => {
                    word.push(Piece::Quoted(text));
                    return Ok(());
                }
                '\\' if self.peek().is_some_and(|next| "$`\"\\\n".contains(next)) => {
                    text.extend(self.peek().filter(|next| *next != '\n'));
                    self.at += 1;
                }
                '$' | '`' => {
                    word.push(Piece::Quoted(std::mem::take(&mut text)));
                    word.push(self.dollar(c, Quoting::Quoted)?);
                }
                c => text.push(c),
            }
        }
    }

    /// What follows a dollar sign or a backquote.
    fn dollar(&mut self, sign: char, quoting: Quoting) -> Result<Piece, String> {
        if sign == '`' {
            return Ok(Piece::Command(self.until('`')?, quoting));
        }
        if self.take("((") {
            return Err("((".into());
        }
        if self.take("(") {
            let start = self.at;
            // The inner list is parsed only to find its end.
            self.list(&[])?;
            let inner = self
                .chars
                .get(start..self.at)
                .unwrap_or_default()
                .iter()
                .collect();
            if !self.take(")") {
                return Err("unexpected EOF while looking for matching `)'".into());
            }
            return Ok(Piece::Command(inner, quoting));
        }
        if self.take("{") {
            return Ok(Piece::Var(self.until('}')?, quoting));
        }
        if let Some(c) = self.peek().filter(|c| "?$#@*!0123456789".contains(*c)) {
            self.at += 1;
            return Ok(Piece::Var(c.to_string(), quoting));
        }
        let name = self.name();
        Ok(if name.is_empty() {
            Piece::Quoted("$".into())
        } else {
            Piece::Var(name, quoting)
        })
    }

    fn until(&mut self, end: char) -> Result<String, String> {
        let start = self.at;
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == end {
                return Ok(self
                    .chars
                    .get(start..self.at - 1)
                    .unwrap_or_default()
                    .iter()
                    .collect());
            }
        }
        Err(format!("unexpected EOF while looking for matching `{end}'"))
    }
}

fn flush(word: &mut Word, text: &mut String) {
    if !text.is_empty() {
        word.push(Piece::Text(std::mem::take(text)));
    }
}
