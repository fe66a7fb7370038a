//! Pure parsers of what a host's tools print. None of them panics, whatever the bytes are.
pub mod cfg;
pub mod cfg_device;
pub mod cfg_lexer;
pub mod definition;
pub mod files;
pub mod state;
pub mod stderr;
pub mod watch_line;
pub mod xentop;
pub mod xl_info;
pub mod xl_list;
pub mod xl_list_long;
pub mod xl_uptime;

/// Takes `count` words off the end of a line; what is left before them (names may hold spaces) and the words in order.
fn words_from_right(line: &str, count: usize) -> Option<(&str, Vec<&str>)> {
    let mut rest = line.trim_end();
    let mut words = Vec::with_capacity(count);
    for _ in 0..count {
        let start = rest.rfind(char::is_whitespace)? + 1;
        words.push(rest.get(start..)?);
        rest = rest.get(..start)?.trim_end();
    }
    words.reverse();
    Some((rest, words))
}

/// Text for people: control characters and invalid bytes replaced, so that a guest's name cannot play with a terminal.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
