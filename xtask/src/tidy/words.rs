//! Words that may not be in a source: promises, disabled tests, waiting by the clock, inline styles, paths of one machine.

use super::Source;

// Written in two halves, so that this file keeps its own rules.
const ANYWHERE: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "do it, or open an issue"),
    (concat!("FIX", "ME"), "mend it, or open an issue"),
    (concat!("todo", "!("), "do it, or open an issue"),
    (concat!("#[ig", "nore"), "a test runs or it is not there"),
    (
        concat!("thread::", "sleep"),
        "wait for a condition with a deadline",
    ),
    (concat!("waitFor", "Timeout"), "wait for what the page shows"),
    (concat!("test.", "only"), "a leftover of debugging"),
    (concat!("test.", "skip"), "a test runs or it is not there"),
    (concat!("test.", "fixme"), "a test runs or it is not there"),
];
const IN_THE_PAGES: &[(&str, &str)] = &[
    (
        concat!("style", "=\""),
        "the style policy refuses style attributes: use a class",
    ),
    (
        concat!(" style", "="),
        "the style policy refuses style attributes: use a class",
    ),
    (
        concat!(" style", ":"),
        "the style policy refuses style attributes: use a class, or the CSSOM",
    ),
];
const OF_ONE_MACHINE: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tmp/", "w/"),
    concat!("/root/", ".cargo"),
    concat!("/root/", ".rustup"),
];
/// Where packages come from is the tools' own business.
const REGISTRIES: &[&str] = &[
    concat!("registry.npm", "js"),
    concat!("static.cra", "tes.io"),
    concat!("py", "pi.org"),
];
const CODE: &[&str] = &[".rs", ".ts", ".mjs", ".js", ".scss", ".sh", ".py", ".sql"];

/// A breach for each such word.
pub fn check(source: &Source) -> Vec<String> {
    let mut breaches = Vec::new();
    let code = source.ends(CODE);
    // Tests may name what must not be in a page.
    let pages = source.path.starts_with("app/") && source.ends(&[".rs"]) && !source.ends(&["tests.rs"]);
    // Lock files are as the tools write them.
    let is_lock = source.ends(&["package-lock.json", "Cargo.lock"]);
    for (number, line) in source.text.lines().enumerate() {
        let mut say = |what: &str, why: &str| {
            breaches.push(format!(
                "{}:{}: `{}`: {why}",
                source.path,
                number + 1,
                what.trim()
            ));
        };
        let banned = ANYWHERE
            .iter()
            .filter(|_| code)
            .chain(IN_THE_PAGES.iter().filter(|_| pages));
        if let Some((word, why)) = banned.into_iter().find(|(word, _)| line.contains(word)) {
            say(word, why);
        }
        if let Some(host) = REGISTRIES.iter().find(|host| !is_lock && line.contains(**host)) {
            say(host, "a registry's host");
        }
        if let Some(path) = OF_ONE_MACHINE.iter().find(|path| starts_a_path(line, path)) {
            say(path, "a path of one machine");
        }
    }
    breaches
}

/// Whether `path` is in `line`, and not as the later part of a longer path.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-$})*~".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, text: &str) -> usize {
        check(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
        .len()
    }

    #[test]
    fn banned_words_are_found_where_they_are_banned() {
        assert_eq!(breaches("a.rs", concat!("// TO", "DO later")), 1);
        assert_eq!(breaches("a.md", concat!("no TO", "DO stays")), 0);
        assert_eq!(
            breaches("app/src/a.rs", concat!("<div style", "=\"width:1px\">")),
            1
        );
        assert_eq!(
            breaches("server/src/a.rs", concat!("<div style", "=\"width:1px\">")),
            0
        );
        let registry = concat!("https://registry.npm", "js.org/x");
        assert_eq!(breaches("a.mjs", registry), 1);
        assert_eq!(breaches("package-lock.json", registry), 0);
        assert_eq!(breaches("a.md", concat!("see /wo", "rk/x")), 1);
        assert_eq!(breaches("a.sh", concat!("cp $dir/wo", "rk/x y")), 0);
    }
}
