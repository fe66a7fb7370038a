//! `licenses.txt`: whose works are in the product, under which licence, and the notices that must go with them. It is a file of the
//! site, so the program has it inside; `webxenadmin licenses` and the page `/licenses` show it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};

use super::stamp::Stamp;
use crate::components::{self, Component};
use crate::project::Project;

const RULE: &str = "------------------------------------------------------------------------------";

/// When they have to be collected.
///
/// # Errors
/// When an input can't be read.
pub fn stamp(project: &Project) -> Result<Stamp> {
    let inputs = [
        project.path("Cargo.lock"),
        project.path("LICENSE"),
        project.path("xtask/src/components.rs"),
        project.path("xtask/src/build/notices.rs"),
        project.work("vendor/shipped.json"),
    ];
    Stamp::new(project.work("licenses.txt"), &inputs, "")
}

/// Collects them.
///
/// # Errors
/// When the parts can't be listed or the file can't be written.
pub fn write(project: &Project) -> Result<()> {
    let apache = std::fs::read_to_string(project.path("LICENSE")).context("reading LICENSE")?;
    let text = notices(&components::list(project)?, &apache);
    let path = project.work("licenses.txt");
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

/// A list of the works, then each text with those that it is of. Works that come without a text are given the usual one.
fn notices(all: &[Component], apache: &str) -> String {
    let mut text = String::from(
        "WebXenAdmin is under the Apache License, version 2.0. It is built on the works below, each under its own licence.\n\
         The program also holds the standard library of Rust (MIT OR Apache-2.0) and SQLite, which is in the public domain.\n\n",
    );
    for component in all {
        let _infallible = writeln!(
            text,
            "{} {}  {}",
            component.name, component.version, component.license
        );
    }
    let mut by_text: BTreeMap<String, Vec<&Component>> = BTreeMap::new();
    for component in all {
        let usual = [usual(component, apache)];
        let texts = if component.texts.is_empty() {
            &usual[..]
        } else {
            &component.texts[..]
        };
        for text in texts {
            by_text.entry(text.clone()).or_default().push(component);
        }
    }
    let mut groups: Vec<(String, Vec<&Component>)> = by_text.into_iter().collect();
    groups.sort_by_key(|(_, of)| {
        of.first()
            .map(|component| (component.from, component.name.clone()))
    });
    for (licence, of) in groups {
        let names: Vec<String> = of
            .iter()
            .map(|component| format!("{} {}", component.name, component.version))
            .collect();
        let _infallible = write!(text, "\n{RULE}\n{}\n\n{licence}\n", names.join(", "));
    }
    text
}

/// The text of a licence whose authors left it out of their package.
fn usual(component: &Component, apache: &str) -> String {
    if component.license.contains("MIT") {
        let authors = if component.authors.is_empty() {
            format!("the authors of {}", component.name)
        } else {
            component.authors.join(", ")
        };
        format!("MIT License\n\nCopyright (c) {authors}\n\n{MIT}")
    } else {
        apache.trim().to_owned()
    }
}

const MIT: &str = "\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files \
(the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, \
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, \
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF \
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR \
ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH \
THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::Origin;

    fn component(name: &str, license: &str, texts: &[&str]) -> Component {
        Component {
            from: Origin::Cargo,
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.to_owned(),
            authors: vec!["Ada".to_owned()],
            repository: None,
            digest: None,
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            uses: Vec::new(),
        }
    }

    #[test]
    fn a_text_is_there_once_and_none_is_missing() {
        let all = [
            component("a", "MIT", &["the same"]),
            component("b", "MIT", &["the same"]),
            component("c", "MIT", &[]),
            component("d", "Apache-2.0", &[]),
        ];
        let text = notices(&all, "the Apache text\n");
        assert_eq!(text.matches("the same").count(), 1);
        assert!(text.contains("a 1.0.0, b 1.0.0\n\nthe same\n"), "{text}");
        assert!(text.contains("Copyright (c) Ada"), "{text}");
        assert!(text.contains("d 1.0.0\n\nthe Apache text\n"), "{text}");
    }
}
