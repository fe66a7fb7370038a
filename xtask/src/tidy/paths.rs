//! Files and folders that the documentation names are there: a guide that lists what to touch stays true.

use super::Source;
use crate::project::Project;

/// Where a path in a code span begins when it means one of the project's files.
const TOPS: [&str; 9] = [
    ".ci/",
    "app/",
    "crates/",
    "docs/",
    "end2end/",
    "frontend/",
    "server/",
    "style/",
    "xtask/",
];

/// A breach for each path that is not there.
pub fn check(project: &Project, source: &Source) -> Vec<String> {
    if !source.ends(&[".md"]) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        for path in paths(line) {
            if !project.path(path).exists() {
                breaches.push(format!("{}:{}: `{path}` is not there", source.path, number + 1));
            }
        }
    }
    breaches
}

/// The code spans of a line that are paths. One with a placeholder is none.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let spans = line.split('`').skip(1).step_by(2);
    let is_path = |span: &&str| {
        TOPS.iter().any(|top| span.starts_with(top))
            && !span.contains([' ', '*', '…', '<', '{', ':', '$'])
            && !span.contains("NAME")
            // Made by a run, not kept.
            && !span.starts_with("end2end/results")
    };
    spans.filter(is_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_spans_that_begin_like_our_files_are_paths() {
        let line = "see `app/src/keys.rs`, app/src/none.rs, `app/src/pages/NAME.rs`, `server`, `docs/decisions/0001-*.md` and `end2end/`";
        assert_eq!(paths(line).collect::<Vec<_>>(), ["app/src/keys.rs", "end2end/"]);
    }
}
