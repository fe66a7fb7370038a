//! From the text of a command line to a tree.

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// Text in quotes: neither split nor matched against files.
    Quoted(String),
    Var(String, Quoting),
    Command(String, Quoting),
}

/// Whether an expansion stands in double quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    Bare,
    Quoted,
}

/// A word before expansion.
pub(crate) type Word = Vec<Piece>;

/// One redirection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Redirect {
    Read(Word),
    Text(Word),
    Write { fd: u8, append: bool, target: Word },
    Copy { fd: u8, from: u8 },
}

/// A command or a combination of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Simple {
        assigns: Vec<(String, Word)>,
        words: Vec<Word>,
        redirects: Vec<Redirect>,
    },
    Sequence(Vec<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Pipeline(Vec<Node>),
    For {
        name: String,
        words: Vec<Word>,
        body: Box<Node>,
    },
    If {
        test: Box<Node>,
        then: Box<Node>,
        otherwise: Box<Node>,
    },
    While {
        test: Box<Node>,
        body: Box<Node>,
    },
    Group {
        body: Box<Node>,
        redirects: Vec<Redirect>,
    },
    Subshell {
        body: Box<Node>,
        redirects: Vec<Redirect>,
    },
}

/// Parses a script; the error is the token that was not expected.
pub(crate) fn parse(script: &str) -> Result<Node, String> {
    let mut parser = Parser {
        chars: script.chars().collect(),
        at: 0,
        depth: 0,
    };
    let node = parser.list(&[])?;
    match parser.peek() {
        None => Ok(node),
        Some(c) => Err(c.to_string()),
    }
}

const KEYWORDS: &[&str] = &["then", "else", "elif", "fi", "do", "done", "}"];
const MAX_DEPTH: usize = 64;

/// Where in the text the parser is. Words are read in `words.rs`.
pub(super) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    depth: usize,
}

impl Parser {
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn ahead(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(index, c)| self.chars.get(self.at + index) == Some(&c))
    }

    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = self.ahead(text);
        if found {
            self.at += text.chars().count();
        }
        found
    }

    pub(super) fn blanks(&mut self) {
        loop {
            if self.take("\\\n") || self.take(" ") || self.take("\t") || self.take("\r") {
                continue;
            }
            if self.peek() == Some('#') {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
                continue;
            }
            return;
        }
    }

    fn breaks(&mut self) {
        self.blanks();
        while self.take("\n") || self.take(";") {
            self.blanks();
        }
    }

    /// The bare word ahead, if it is one of the given.
    fn keyword(&mut self, words: &[&str]) -> Option<String> {
        self.blanks();
        let end = (self.at..).find(|at| {
            self.chars
                .get(*at)
                .is_none_or(|c| c.is_whitespace() || ";|&()<>".contains(*c))
        })?;
        let word: String = self.chars.get(self.at..end)?.iter().collect();
        words.contains(&word.as_str()).then_some(word)
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        self.breaks();
        match self.keyword(&[word]) {
            Some(_) => {
                self.at += word.len();
                Ok(())
            }
            None => Err(self.peek().map_or("newline".into(), |c| c.to_string())),
        }
    }

    /// Commands up to one of the closing words, a closing parenthesis or the end.
    pub(super) fn list(&mut self, closing: &[&str]) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("too deeply nested".into());
        }
        let mut nodes = Vec::new();
        loop {
            self.breaks();
            if self.peek().is_none_or(|c| c == ')') || self.keyword(closing).is_some() {
                break;
            }
            nodes.push(self.and_or()?);
            self.blanks();
            match self.peek() {
                Some(';' | '\n') | None | Some(')') => {}
                Some(_) if self.keyword(closing).is_some() => {}
                Some(c) => return Err(c.to_string()),
            }
        }
        self.depth -= 1;
        Ok(if nodes.len() == 1 {
            nodes.remove(0)
        } else {
            Node::Sequence(nodes)
        })
    }

    fn and_or(&mut self) -> Result<Node, String> {
        let mut left = self.pipeline()?;
        loop {
            self.blanks();
            if self.take("&&") {
                self.breaks();
                left = Node::And(left.into(), self.pipeline()?.into());
            } else if self.take("||") {
                self.breaks();
                left = Node::Or(left.into(), self.pipeline()?.into());
            } else {
                return Ok(left);
            }
        }
    }

    fn pipeline(&mut self) -> Result<Node, String> {
        if self.keyword(&["!"]).is_some() {
            self.at += 1;
            return Ok(Node::Not(self.pipeline()?.into()));
        }
        let mut parts = vec![self.command()?];
        loop {
            self.blanks();
            if self.peek() == Some('|') && !self.ahead("||") {
                self.at += 1;
                self.breaks();
                parts.push(self.command()?);
            } else {
                break;
            }
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Node::Pipeline(parts)
        })
    }

    fn command(&mut self) -> Result<Node, String> {
        self.blanks();
        if self.take("(") {
            let body = self.list(&[])?.into();
            if !self.take(")") {
                return Err("newline".into());
            }
            return Ok(Node::Subshell {
                body,
                redirects: self.redirects()?,
            });
        }
        let Some(word) = self.keyword(&["{", "for", "if", "while", "until"]) else {
            return self.simple();
        };
        self.at += word.len();
        let node = match word.as_str() {
            "{" => self
                .list(&["}"])
                .and_then(|body| self.expect("}").map(|()| body))?,
            "for" => self.for_loop()?,
            "if" => self.conditional()?,
            other => {
                let mut test = self.list(&["do"])?;
                if other == "until" {
                    test = Node::Not(test.into());
                }
                Node::While {
                    test: test.into(),
                    body: self.body()?.into(),
                }
            }
        };
        Ok(Node::Group {
            body: node.into(),
            redirects: self.redirects()?,
        })
    }

    fn body(&mut self) -> Result<Node, String> {
        self.expect("do")?;
        let body = self.list(&["done"])?;
        self.expect("done")?;
        Ok(body)
    }

    fn for_loop(&mut self) -> Result<Node, String> {
        self.blanks();
        let name = self.name();
        self.blanks();
        let mut words = Vec::new();
        if self.keyword(&["in"]).is_some() {
            self.at += 2;
            while let Some(word) = self.word()? {
                words.push(word);
            }
        }
        Ok(Node::For {
            name,
            words,
            body: self.body()?.into(),
        })
    }

    fn conditional(&mut self) -> Result<Node, String> {
        let test = self.list(&["then"])?.into();
        self.expect("then")?;
        let then = self.list(&["elif", "else", "fi"])?.into();
        let otherwise = match self.keyword(&["elif", "else"]).as_deref() {
            Some("elif") => {
                self.at += 4;
                return Ok(Node::If {
                    test,
                    then,
                    otherwise: self.conditional()?.into(),
                });
            }
            Some(_) => {
                self.at += 4;
                self.list(&["fi"])?
            }
            None => Node::Sequence(Vec::new()),
        };
        self.expect("fi")?;
        Ok(Node::If {
            test,
            then,
            otherwise: otherwise.into(),
        })
    }

    fn simple(&mut self) -> Result<Node, String> {
        let (mut assigns, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            if words.is_empty() {
                let start = self.at;
                let name = self.name();
                if !name.is_empty() && self.take("=") {
                    assigns.push((name, self.word_now()?));
                    continue;
                }
                self.at = start;
            }
            match self.word()? {
                Some(word) => words.push(word),
                None => break,
            }
        }
        let closing = words.first().is_some_and(
            |word| matches!(word.as_slice(), [Piece::Text(text)] if KEYWORDS.contains(&text.as_str())),
        );
        if closing || (words.is_empty() && assigns.is_empty() && redirects.is_empty()) {
            return Err(self.peek().map_or("newline".into(), |c| c.to_string()));
        }
        Ok(Node::Simple {
            assigns,
            words,
            redirects,
        })
    }

    fn redirects(&mut self) -> Result<Vec<Redirect>, String> {
        std::iter::from_fn(|| self.redirect().transpose()).collect()
    }

    fn redirect(&mut self) -> Result<Option<Redirect>, String> {
        self.blanks();
        let start = self.at;
        let digit = self
            .peek()
            .and_then(|c| c.to_digit(10))
            .filter(|_| matches!(self.chars.get(self.at + 1), Some('<' | '>')));
        if digit.is_some() {
            self.at += 1;
        }
        let out = u8::try_from(digit.unwrap_or(1)).unwrap_or(1);
        let target = |parser: &mut Self| {
            parser.blanks();
            parser.word_now().and_then(|word| {
                if word.is_empty() {
                    Err("newline".to_owned())
                } else {
                    Ok(word)
                }
            })
        };
        let redirect = if self.take("<<<") {
            Redirect::Text(target(self)?)
        } else if self.take("<") {
            Redirect::Read(target(self)?)
        } else if self.take(">>") {
            Redirect::Write {
                fd: out,
                append: true,
                target: target(self)?,
            }
        } else if self.take(">&") {
            let from = self
                .peek()
                .and_then(|c| c.to_digit(10))
                .and_then(|digit| u8::try_from(digit).ok())
                .ok_or("&")?;
            self.at += 1;
            Redirect::Copy { fd: out, from }
        } else if self.take(">|") || self.take(">") {
            Redirect::Write {
                fd: out,
                append: false,
                target: target(self)?,
            }
        } else {
            self.at = start;
            return Ok(None);
        };
        Ok(Some(redirect))
    }
}
