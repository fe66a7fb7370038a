//! Pure parsers of what a host's tools print. None of them panics, whatever the bytes are.
pub mod cfg;
pub mod cfg_device;
pub mod cfg_lexer;
pub mod clock;
pub mod counters;
pub mod cpus;
pub mod definition;
pub mod df;
pub mod dmesg;
pub mod files;
pub mod image;
pub mod links;
pub mod lvm;
pub mod machine;
pub mod name;
pub mod packages;
pub mod state;
pub mod stderr;
pub mod vbd;
pub mod watch_line;
pub mod xenconsoled;
pub mod xentop;
pub mod xl_info;
pub mod xl_info_long;
pub mod xl_list;
pub mod xl_list_long;
pub mod xl_uptime;
pub mod xl_vm_list;

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

/// Text for people: control characters, invalid bytes and marks that turn the direction of writing are replaced, so that
/// a guest's name can play neither with a terminal nor with the words around it.
pub fn printable(text: &str) -> String {
    let plays = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars()
        .map(|c| if plays(c) { '\u{fffd}' } else { c })
        .collect()
}

/// At most `most` characters of a text, with a sign that it goes on.
pub fn shortened(text: &str, most: usize) -> String {
    let mut chars = text.char_indices().skip(most.saturating_sub(1));
    match (chars.next(), chars.next()) {
        (Some((at, _)), Some(_)) => format!("{}…", text.get(..at).unwrap_or_default()),
        _ => text.to_owned(),
    }
}
