//! Every source says in its first line what it is for.

use super::Source;

/// A breach, when the first line is not a comment in the file's own language.
pub fn check(source: &Source) -> Option<String> {
    let marks: &[&str] = match source.path.rsplit_once('.')?.1 {
        "rs" => &["//!"],
        "ts" | "mjs" | "js" | "scss" => &["//", "/*"],
        "sh" | "py" => &["#", "\"\"\""],
        "sql" => &["--"],
        _ => return None,
    };
    let mut lines = source.text.lines();
    let mut first = lines.next().unwrap_or_default();
    if first.starts_with("#!") {
        first = lines.next().unwrap_or_default();
    }
    let says = marks.iter().any(|mark| {
        first
            .strip_prefix(mark)
            .is_some_and(|rest| !rest.trim().is_empty())
    });
    (!says).then(|| {
        format!(
            "{}:1: the first line must say what the file is for ({} …)",
            source.path, marks[0]
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breach(path: &str, text: &str) -> bool {
        check(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
        .is_some()
    }

    #[test]
    fn a_source_without_a_purpose_is_found() {
        assert!(breach("a.rs", "use std::fs;\n"));
        assert!(breach("a.rs", "//!\nuse std::fs;\n"));
        assert!(breach("a.sh", "#!/bin/bash\nset -eu\n"));
        assert!(!breach("a.sh", "#!/bin/bash\n# Says hello.\n"));
        assert!(!breach("a.rs", "//! Says hello.\n"));
        assert!(!breach("a.txt", "anything"));
    }
}
