//! The expression of `find`: tests and actions, joined by `-a`, `-o`, `!` and parentheses.

use crate::shell::expand::name_matches;

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    Is(bool),
    Name(String),
    Path(String),
    Kind(char),
    Inode(u64),
    /// Changed within so many minutes.
    ChangedWithin(f64),
    Prune,
    Print(String),
    /// Program and arguments.
    Exec(Vec<String>),
}

/// What a test looks at.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    pub(super) shown: &'a str,
    pub(super) kind: char,
    pub(super) inode: u64,
    /// Minutes since it changed.
    pub(super) age: f64,
}

/// What an entry leads to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) acts: Vec<Act>,
    pub(super) pruned: bool,
}

/// Something that `find` does, in order.
#[derive(Debug)]
pub(super) enum Act {
    /// Prints by this format.
    Print(String),
    /// Runs this.
    Run(Vec<String>),
}

impl Expression {
    /// Whether an entry fulfils it; what is to be done with it is noted. A program that is run counts as one that succeeds.
    pub(super) fn holds(&self, entry: &Entry<'_>, outcome: &mut Outcome) -> bool {
        match self {
            Self::And(all) => all.iter().all(|one| one.holds(entry, outcome)),
            Self::Or(any) => any.iter().any(|one| one.holds(entry, outcome)),
            Self::Not(inner) => !inner.holds(entry, outcome),
            Self::Is(constant) => *constant,
            Self::Name(pattern) => name_matches(pattern, entry.name),
            Self::Path(pattern) => name_matches(pattern, entry.shown),
            Self::Kind(kind) => entry.kind == *kind,
            Self::Inode(inode) => entry.inode == *inode,
            Self::ChangedWithin(minutes) => entry.age < *minutes,
            Self::Prune => {
                outcome.pruned = true;
                true
            }
            Self::Print(format) => {
                outcome.acts.push(Act::Print(format.clone()));
                true
            }
            Self::Exec(words) => {
                let words = words.iter().map(|word| word.replace("{}", entry.shown));
                outcome.acts.push(Act::Run(words.collect()));
                true
            }
        }
    }

    /// Whether it does anything itself; otherwise what fulfils it is printed.
    fn acts(&self) -> bool {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().any(Self::acts),
            Self::Not(inner) => inner.acts(),
            Self::Print(_) | Self::Exec(_) => true,
            _ => false,
        }
    }
}

/// Reads it; the error is what `find` complains of.
pub(super) fn parse(words: &[String]) -> Result<Expression, String> {
    let mut rest = words.iter();
    let expression = either(&mut rest)?;
    if rest.next().is_some() {
        return Err("invalid expression; you have too many \u{2018})\u{2019}".into());
    }
    Ok(if expression.acts() {
        expression
    } else {
        Expression::And(vec![expression, Expression::Print("%p\\n".into())])
    })
}

type Words<'a> = std::slice::Iter<'a, String>;

fn either(rest: &mut Words<'_>) -> Result<Expression, String> {
    let mut any = vec![both(rest)?];
    while rest
        .as_slice()
        .first()
        .is_some_and(|word| word == "-o" || word == "-or")
    {
        rest.next();
        any.push(both(rest)?);
    }
    Ok(Expression::Or(any))
}

fn both(rest: &mut Words<'_>) -> Result<Expression, String> {
    let mut all = Vec::new();
    while let Some(word) = rest.as_slice().first() {
        match word.as_str() {
            "-o" | "-or" | ")" => break,
            "-a" | "-and" => {
                rest.next();
            }
            _ => all.push(one(rest)?),
        }
    }
    Ok(Expression::And(all))
}

fn one(rest: &mut Words<'_>) -> Result<Expression, String> {
    let Some(word) = rest.next() else {
        return Err("expected an expression".into());
    };
    let mut value = || {
        let given = rest.next().cloned();
        given.ok_or_else(|| format!("missing argument to `{word}'"))
    };
    Ok(match word.as_str() {
        "(" => {
            let inner = either(rest)?;
            if rest.next().is_none_or(|word| word != ")") {
                return Err(
                    "invalid expression; expected to find a \u{2018})\u{2019} but didn't see one.".into(),
                );
            }
            inner
        }
        "!" | "-not" => Expression::Not(Box::new(one(rest)?)),
        "-true" | "-readable" | "-xdev" | "-noleaf" => Expression::Is(true),
        "-false" => Expression::Is(false),
        "-name" => Expression::Name(value()?),
        "-path" => Expression::Path(value()?),
        "-type" | "-xtype" => Expression::Kind(value()?.chars().next().unwrap_or('f')),
        "-inum" => Expression::Inode(
            value()?
                .parse()
                .map_err(|_| "invalid argument to `-inum'".to_owned())?,
        ),
        "-cmin" => {
            let minutes = value()?
                .strip_prefix('-')
                .and_then(|minutes| minutes.parse().ok());
            Expression::ChangedWithin(
                minutes.ok_or_else(|| "this simulated host knows `-cmin -N` only".to_owned())?,
            )
        }
        "-prune" => Expression::Prune,
        "-print" => Expression::Print("%p\\n".into()),
        "-print0" => Expression::Print("%p\\0".into()),
        "-printf" => Expression::Print(value()?),
        "-exec" => {
            let command: Vec<String> = rest.by_ref().take_while(|word| *word != ";").cloned().collect();
            Expression::Exec(command)
        }
        _ => return Err(format!("unknown predicate `{word}'")),
    })
}
