//! What `-printf` prints of a file.

use crate::world::World;

/// Fills a format of `-printf`.
pub(super) fn formatted(world: &World, format: &str, real: &str, shown: &str, letter: char) -> String {
    let file = world.files.get(real);
    let modified = world.epoch + file.map_or(0.0, |file| file.modified.as_secs_f64());
    let changed = world.epoch + file.map_or(0.0, |file| file.changed.as_secs_f64());
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match (
            c,
            if matches!(c, '%' | '\\') {
                chars.next()
            } else {
                None
            },
        ) {
            ('%', Some('p')) => out.push_str(shown),
            ('%', Some('f')) => out.push_str(shown.rsplit('/').next().unwrap_or("")),
            ('%', Some('s')) => out.push_str(&file.map_or(4096, |file| file.content.len()).to_string()),
            ('%', Some('i')) => out.push_str(&file.map_or(131, |file| file.inode).to_string()),
            ('%', Some('D')) => out.push_str("65024"),
            ('%', Some('y')) => out.push(letter),
            ('%', Some('m')) => out.push_str(&format!("{:o}", file.map_or(0o755, |file| file.mode))),
            ('%', Some('l')) => out.push_str(&if letter == 'l' {
                world.files.resolve(shown)
            } else {
                String::new()
            }),
            ('%', Some('T')) => match chars.next() {
                Some('@') => out.push_str(&format!("{modified:.10}")),
                _ => out.push_str(&crate::clock::iso_line(modified)),
            },
            ('%', Some('C')) => {
                chars.next();
                out.push_str(&format!("{changed:.10}"));
            }
            // As where the file system, or `find` itself, knows nothing of births.
            ('%', Some('B')) => {
                chars.next();
                out.push_str("-1.-000000010");
            }
            ('%', Some(other)) => out.push(other),
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('0')) => out.push('\0'),
            ('\\', Some(other)) => out.push(other),
            (c, _) => out.push(c),
        }
    }
    out
}
