//! `echo`, `printf`, `seq`, `basename`, `dirname`.

use crate::shell::Outcome;
use crate::shell::io::Io;

/// Runs one of them.
pub(crate) async fn run(name: &str, args: &[String], io: &Io) -> Outcome {
    let first = args.first().map_or("", String::as_str);
    match name {
        "echo" if first == "-n" => io.done(args.get(1..).unwrap_or_default().join(" ")).await,
        "echo" if first == "-e" => {
            io.done(format!(
                "{}\n",
                unescape(&args.get(1..).unwrap_or_default().join(" "))
            ))
            .await
        }
        "echo" => io.done(format!("{}\n", args.join(" "))).await,
        "printf" => io.done(printf(first, args.get(1..).unwrap_or_default())).await,
        "seq" => {
            let to = args.last().and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
            let from = if args.len() > 1 {
                first.parse().unwrap_or(1)
            } else {
                1
            };
            for number in from..=to {
                io.stdout.print(format!("{number}\n")).await?;
            }
            Ok(0)
        }
        "basename" => {
            let name = first.trim_end_matches('/').rsplit('/').next().unwrap_or("");
            let name = args
                .get(1)
                .and_then(|suffix| name.strip_suffix(suffix.as_str()))
                .unwrap_or(name);
            io.done(format!("{name}\n")).await
        }
        _ => {
            let folder = first
                .rsplit_once('/')
                .map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder });
            io.done(format!("{folder}\n")).await
        }
    }
}

/// `printf`: the format is used again while arguments are left.
fn printf(format: &str, args: &[String]) -> String {
    let mut out = String::new();
    let mut args = args.iter();
    loop {
        let left = args.len();
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' => out.push_str(&escape(&mut chars)),
                '%' => {
                    let mut spec = String::new();
                    for c in chars.by_ref() {
                        if c.is_ascii_alphabetic() || c == '%' {
                            spec.push(c);
                            break;
                        }
                        spec.push(c);
                    }
                    out.push_str(&directive(&spec, &mut args));
                }
                c => out.push(c),
            }
        }
        if args.len() == 0 || args.len() == left {
            return out;
        }
    }
}

fn directive(spec: &str, args: &mut std::slice::Iter<'_, String>) -> String {
    let kind = spec.chars().last().unwrap_or('s');
    if kind == '%' {
        return "%".into();
    }
    let value = args.next().map_or("", String::as_str);
    let text = match kind {
        'd' | 'i' | 'u' => value.parse::<i64>().unwrap_or(0).to_string(),
        'x' => format!("{:x}", value.parse::<i64>().unwrap_or(0)),
        'b' => unescape(value),
        'q' => format!("'{}'", value.replace('\'', "'\\''")),
        _ => value.to_owned(),
    };
    let width = spec.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    match width.strip_prefix('-') {
        Some(width) => format!("{text:<width$}", width = width.parse().unwrap_or(0)),
        None => format!(
            "{text:>width$}",
            width = width.trim_start_matches('0').parse().unwrap_or(0)
        ),
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            out.push_str(&escape(&mut chars))
        } else {
            out.push(c)
        }
    }
    out
}

/// What a backslash and the characters after it stand for.
fn escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let c = match chars.next() {
        None => '\\',
        Some('n') => '\n',
        Some('t') => '\t',
        Some('r') => '\r',
        Some('a') => '\x07',
        Some('e') => '\x1b',
        Some('x') => {
            let mut value = 0;
            for _ in 0..2 {
                match chars.peek().and_then(|c| c.to_digit(16)) {
                    Some(digit) => value = value * 16 + digit,
                    None => break,
                }
                chars.next();
            }
            char::from_u32(value).unwrap_or('\0')
        }
        Some(first @ '0'..='7') => {
            let mut value = first.to_digit(8).unwrap_or(0);
            for _ in 0..2 {
                match chars.peek().and_then(|c| c.to_digit(8)) {
                    Some(digit) => value = value * 8 + digit,
                    None => break,
                }
                chars.next();
            }
            char::from_u32(value).unwrap_or('\0')
        }
        Some('\\') => '\\',
        Some(other) => return format!("\\{other}"),
    };
    c.to_string()
}
